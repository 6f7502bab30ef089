//! Which calls are open, and what became of them.

use serde_json::json;

use super::super::event::Event;
use super::super::log::Fate;
use super::{answered, answers, asked, began, completed, event, ids, log, requested, told};
use crate::platform::event::{ToolCall, TurnEvent};

#[test]
fn going_on_without_an_answer_is_noticed() {
    let repaired = || event(3, "transcript.repaired", &json!({"action": "synthesize", "tool_call_id": "a"}));
    let start = || [began(1, "t"), requested(2, "a")];
    assert!(log(start().into_iter().chain([repaired()])).went_on());
    assert!(log(start().into_iter().chain([completed(3, "t")])).went_on());
    let cancelled = event(3, "turn.cancelled", &json!({}));
    assert!(!log(start().into_iter().chain([cancelled])).went_on(), "whoever cancels wants no answer");
    let late = [answered(3, "a", "timeout"), event(4, "transcript.repaired", &json!({"tool_call_id": "a"}))];
    assert!(!log(start().into_iter().chain(late)).went_on());
}

#[test]
fn the_fate_of_a_batch() {
    let start = || vec![began(1, "t"), requested(2, "a"), requested(3, "b")];
    let fate = |events: Vec<Event>| log(start().into_iter().chain(events)).fate(&answers(&["a", "b"]), true);
    let over = |late: &[&str]| Fate::Over { late: ids(late) };
    assert_eq!(fate(vec![]), Fate::Open);
    assert_eq!(fate(vec![answered(4, "a", "success")]), Fate::Settling);
    assert_eq!(fate(vec![answered(4, "a", "success"), answered(5, "b", "error")]), over(&[]));
    assert_eq!(fate(vec![answered(4, "a", "timeout")]), over(&["a", "b"]));
    assert_eq!(fate(vec![answered(4, "a", "success"), requested(5, "c")]), over(&["b"]), "it asks for something else");
    assert_eq!(fate(vec![completed(4, "t")]), over(&["a", "b"]));
    let accepted = vec![answered(4, "a", "success"), answered(5, "b", "success"), completed(6, "t")];
    assert_eq!(fate(accepted), over(&[]), "also where all is over by now");
    let told_late = log(start().into_iter().chain([completed(5, "t"), requested(4, "c")]));
    assert_eq!(told_late.fate(&answers(&["c"]), true), over(&["c"]), "what is told after the end is not open");
}

/// Some providers use the same ids again.
#[test]
fn an_id_that_is_used_again_is_another_call() {
    let events = [began(1, "t"), requested(2, "a"), answered(3, "a", "success"), requested(4, "a")];
    for mut log in [log(events.clone()), log(events.into_iter().rev())] {
        assert_eq!((log.open(), log.fate(&answers(&["a"]), true)), (vec![asked("a", 4)], Fate::Open));
        log.settle(&answers(&["a"]));
        assert!(log.open().is_empty());
    }
}

/// It has not got the answer.
#[test]
fn what_is_asked_again_without_an_answer_is_the_same_call() {
    let mut log = log([began(1, "t"), requested(2, "a")]);
    log.settle(&answers(&["a"]));
    log.take(requested(4, "a"));
    assert_eq!(log.open(), [asked("a", 2)]);
}

/// Before anything is handed in, what is there is somebody else's, unless an earlier run of ours said the same.
#[test]
fn answers_of_somebody_else_are_known() {
    let read = |text: &str| {
        let data = json!({"tool_call_id": "a", "success": true, "result": [{"type": "text", "text": text}]});
        log([began(1, "t"), requested(2, "a"), event(3, "tool.completed", &data)])
    };
    let over = |late: &[&str]| Fate::Over { late: ids(late) };
    assert_eq!(read(r#"{"result":2}"#).fate(&answers(&["a"]), false), over(&["a"]));
    assert_eq!(read(r#"{"result":2}"#).fate(&answers(&["a"]), true), over(&[]), "servers may shorten what is ours");
    assert_eq!(read(r#"{ "result": 1 }"#).fate(&answers(&["a"]), false), over(&[]));
    let silent = log([began(1, "t"), requested(2, "a"), answered(3, "a", "success")]);
    assert_eq!(silent.fate(&answers(&["a"]), false), over(&[]), "nothing is known of it");
}

/// The others of the same batch are asked for all the same, and what has an id is answered.
#[test]
fn a_call_that_cannot_be_read_is_the_call_of_no_tool() {
    let calls =
        json!([{"id": "a", "name": "who", "arguments": {}}, {"id": "b"}, {"name": "who"}, 7, {"id": "c", "name": 1}]);
    let mut log = log([began(1, "t"), event(2, "tool.call_requested", &json!({"tool_calls": calls}))]);
    log.wait();
    let nameless = |id: &str| ToolCall { tool: String::new(), arguments: b"null".to_vec(), ..asked(id, 2) };
    assert_eq!(told(&mut log), [TurnEvent::ToolCalls(vec![asked("a", 2), nameless("b"), nameless("c")])]);
}

/// The platform's own calls are spoken of, too.
#[test]
fn calls_that_are_only_spoken_of_are_not_asked() {
    let call = json!({"type": "tool_call", "id": "a", "name": "who", "arguments": {}});
    let said = event(2, "output.message.completed", &json!({"message": {"content": [call]}}));
    let started = event(3, "tool.started", &json!({"tool_call": call}));
    assert_eq!(log([began(1, "t"), said, started]).open(), []);
}
