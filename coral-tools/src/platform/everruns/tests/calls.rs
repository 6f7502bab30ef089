//! Open calls and the status of batches.

use serde_json::json;

use super::{call, completed, event, history, ids, requested, results, started, tool_completed, turn_events};
use crate::platform::event::{ToolCall, TurnEvent};
use crate::platform::everruns::event::SessionEvent;
use crate::platform::everruns::history::{BatchStatus, SubmissionState};

#[test]
fn continuing_without_a_result_is_detected() {
    let repaired = || event(3, "transcript.repaired", &json!({"action": "synthesize", "tool_call_id": "a"}));
    let start = || [started(1, "t"), requested(2, "a")];
    assert!(history(start().into_iter().chain([repaired()])).continued_without_results());
    assert!(history(start().into_iter().chain([completed(3, "t")])).continued_without_results());
    let cancelled = event(3, "turn.cancelled", &json!({}));
    assert!(
        !history(start().into_iter().chain([cancelled])).continued_without_results(),
        "a cancelled turn needs no results"
    );
    let late = [tool_completed(3, "a", "timeout"), event(4, "transcript.repaired", &json!({"tool_call_id": "a"}))];
    assert!(!history(start().into_iter().chain(late)).continued_without_results());
}

#[test]
fn the_batch_status_follows_the_events() {
    let start = || vec![started(1, "t"), requested(2, "a"), requested(3, "b")];
    let status = |events: Vec<SessionEvent>| {
        history(start().into_iter().chain(events)).batch_status(&results(&["a", "b"]), SubmissionState::MayBeAccepted)
    };
    let settled = |late: &[&str]| BatchStatus::Settled { late: ids(late) };
    assert_eq!(status(vec![]), BatchStatus::Open);
    assert_eq!(status(vec![tool_completed(4, "a", "success")]), BatchStatus::Settling);
    assert_eq!(status(vec![tool_completed(4, "a", "success"), tool_completed(5, "b", "error")]), settled(&[]));
    assert_eq!(status(vec![tool_completed(4, "a", "timeout")]), settled(&["a", "b"]));
    assert_eq!(
        status(vec![tool_completed(4, "a", "success"), requested(5, "c")]),
        settled(&["b"]),
        "the agent has requested another call"
    );
    assert_eq!(status(vec![completed(4, "t")]), settled(&["a", "b"]));
    let accepted = vec![tool_completed(4, "a", "success"), tool_completed(5, "b", "success"), completed(6, "t")];
    assert_eq!(status(accepted), settled(&[]), "also after the end of the turn");
    let late_request = history(start().into_iter().chain([completed(5, "t"), requested(4, "c")]));
    assert_eq!(
        late_request.batch_status(&results(&["c"]), SubmissionState::MayBeAccepted),
        settled(&["c"]),
        "a request that arrives after the end is not open"
    );
}

/// Some model providers use ids again.
#[test]
fn a_reused_id_is_another_call() {
    let events = [started(1, "t"), requested(2, "a"), tool_completed(3, "a", "success"), requested(4, "a")];
    for mut history in [history(events.clone()), history(events.into_iter().rev())] {
        assert_eq!(
            (history.open_calls(), history.batch_status(&results(&["a"]), SubmissionState::MayBeAccepted)),
            (vec![call("a", 4)], BatchStatus::Open)
        );
        history.settle(&results(&["a"]));
        assert!(history.open_calls().is_empty());
    }
}

#[test]
fn a_repeated_request_without_a_result_is_the_same_call() {
    let mut history = history([started(1, "t"), requested(2, "a")]);
    history.settle(&results(&["a"]));
    history.add(requested(4, "a"));
    assert_eq!(history.open_calls(), [call("a", 2)]);
}

/// Before a submission, a different result comes from another client, and an equal one from an earlier run.
#[test]
fn results_of_other_clients_are_detected() {
    let read = |text: &str| {
        let data = json!({"tool_call_id": "a", "success": true, "result": [{"type": "text", "text": text}]});
        history([started(1, "t"), requested(2, "a"), event(3, "tool.completed", &data)])
    };
    let settled = |late: &[&str]| BatchStatus::Settled { late: ids(late) };
    assert_eq!(read(r#"{"result":2}"#).batch_status(&results(&["a"]), SubmissionState::NotSent), settled(&["a"]));
    assert_eq!(
        read(r#"{"result":2}"#).batch_status(&results(&["a"]), SubmissionState::MayBeAccepted),
        settled(&[]),
        "after a submission results are not compared: servers may shorten them"
    );
    assert_eq!(read(r#"{ "result": 1 }"#).batch_status(&results(&["a"]), SubmissionState::NotSent), settled(&[]));
    let silent = history([started(1, "t"), requested(2, "a"), tool_completed(3, "a", "success")]);
    assert_eq!(
        silent.batch_status(&results(&["a"]), SubmissionState::NotSent),
        settled(&[]),
        "the event contains no result to compare"
    );
}

/// The other calls of the batch are read, and every call with an id gets a result.
#[test]
fn a_malformed_call_is_a_call_of_an_unknown_tool() {
    let calls =
        json!([{"id": "a", "name": "who", "arguments": {}}, {"id": "b"}, {"name": "who"}, 7, {"id": "c", "name": 1}]);
    let mut history = history([started(1, "t"), event(2, "tool.call_requested", &json!({"tool_calls": calls}))]);
    history.queue_open_calls();
    let unnamed = |id: &str| ToolCall { tool: String::new(), arguments: b"null".to_vec(), ..call(id, 2) };
    assert_eq!(turn_events(&mut history), [TurnEvent::ToolCalls(vec![call("a", 2), unnamed("b"), unnamed("c")])]);
}

/// Other events also contain the platform's own calls.
#[test]
fn calls_are_read_only_from_requests() {
    let call = json!({"type": "tool_call", "id": "a", "name": "who", "arguments": {}});
    let message = event(2, "output.message.completed", &json!({"message": {"content": [call]}}));
    let tool_started = event(3, "tool.started", &json!({"tool_call": call}));
    assert_eq!(history([started(1, "t"), message, tool_started]).open_calls(), []);
}
