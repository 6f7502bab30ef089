//! Turns that fail, and the errors.

use coral_stand_in::qoder::{Fault, Step};
use coral_tools::platform::qoder::NewEvent;
use coral_tools::platform::{RunError, TurnEnd};
use serde_json::json;

use super::{Runs, ask, error_message, order, qoder, served, session_of, started, tools, turn, with_timeout};

fn session_error(retry_status: Option<&str>) -> Step {
    let error = json!({"type": "model_overloaded", "message": "too busy", "retry_status": retry_status.map(|kind| json!({"type": kind}))});
    Step::event(json!({"type": "session.error", "error": error}))
}

#[tokio::test]
async fn every_stop_reason_ends_the_turn() {
    assert_eq!(served(turn([Step::stop("end_turn")])).await.0.expect("a turn").end, TurnEnd::Done);
    for word in ["cancelled", "canceled"] {
        assert_eq!(served(turn([Step::stop(word)])).await.0.expect("a turn").end, TurnEnd::Cancelled);
    }
    for (step, expected) in [
        (Step::stop("retries_exhausted"), "the turn failed: the model failed repeatedly (retries_exhausted)"),
        (Step::stop("budget_reached"), "the turn failed: the session's budget is used up (budget_reached)"),
        (Step::stop("moonrise"), "unexpected response from the platform: unknown `stop_reason` `moonrise`"),
        (Step::stop_without_reason(), "unexpected response from the platform: `stop_reason` is missing"),
        (Step::session_terminated(), "the turn failed: the session was terminated (terminated)"),
        (Step::session_terminated_legacy(), "the turn failed: the session was terminated (terminated)"),
        (Step::session_deleted(), "the turn failed: the session was deleted (deleted)"),
    ] {
        assert_eq!(error_message(turn([step.clone()])).await, expected);
        assert_eq!(
            error_message(turn([Step::calls([order("A1"), order("lost")]), step])).await,
            expected,
            "after a batch"
        );
    }
}

#[tokio::test]
async fn an_error_event_does_not_end_the_turn_but_explains_a_failure() {
    for retry in [Some("retrying"), None] {
        let (turn, ..) = served(turn([session_error(retry), Step::message("Done.")])).await;
        assert_eq!(turn.expect("a turn").text(), "Done.");
    }
    let exhausted = error_message(turn([session_error(Some("exhausted")), Step::stop("retries_exhausted")])).await;
    assert_eq!(exhausted, "the turn failed: too busy [model_overloaded] (retries_exhausted)");
    let terminal = error_message(turn([session_error(Some("terminal")), Step::session_terminated()])).await;
    assert_eq!(terminal, "the turn failed: too busy [model_overloaded] (terminated)");
}

#[tokio::test]
async fn an_error_that_was_overcome_does_not_explain_a_failure() {
    let continues = [
        Step::message("Better."),
        Step::event(json!({"type": "session.status_running"})),
        Step::event(json!({"type": "agent.custom_tool_use", "id": "evt_1", "name": "x", "input": {}})),
    ];
    for step in continues {
        let steps = [session_error(Some("retrying")), step, Step::session_terminated()];
        let stand_in = started(turn(steps).fault(Fault::EchoBeforeRunning)).await;
        let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
        let live = ask(&session, &runs).await.expect_err("the session ended");
        let later = with_timeout(session.run(&tools(), &runs).resume()).await.expect_err("the session ended");
        for error in [live, later] {
            assert_eq!(error.to_string(), "the turn failed: the session was terminated (terminated)");
        }
    }
    let spent = error_message(turn([session_error(Some("exhausted")), Step::stop("budget_reached")])).await;
    assert_eq!(spent, "the turn failed: the session's budget is used up (budget_reached)");
    let deleted = error_message(turn([session_error(Some("retrying")), Step::session_deleted()])).await;
    assert_eq!(deleted, "the turn failed: the session was deleted (deleted)");
}

#[tokio::test]
async fn inconsistent_events_are_errors() {
    let call = Step::calls([order("A1")]);
    for (builder, expected) in [
        (turn([Step::requires_action([])]), "the session waits for results, but does not name the calls"),
        (turn([Step::requires_action(["evt_nobody"])]), "the session waits for the unknown call evt_nobody"),
        (
            turn([Step::event(json!({"type": "agent.custom_tool_use", "id": "evt_open", "name": "x", "input": {}}))]),
            "the turn ended without a result of evt_open",
        ),
        (
            turn([
                Step::event(json!({"type": "agent.custom_tool_use", "id": "evt_1", "name": "x", "input": {}})),
                Step::event(json!({"type": "agent.custom_tool_use", "id": "evt_1", "name": "y", "input": {}})),
                call,
            ]),
            "two different calls have the id evt_1",
        ),
    ] {
        assert_eq!(error_message(builder).await, format!("unexpected response from the platform: {expected}"));
    }
}

#[tokio::test]
async fn other_events_are_ignored() {
    let others = [
        "session.thread_status_idle",
        "session.status_rescheduled",
        "session.usage",
        "session.updated",
        "span.model_request_end",
        "agent.thinking",
        "agent.tool_use",
        "agent.tool_result",
        "agent.mcp_tool_use",
        "agent.mcp_tool_result",
        "agent.artifact_delivered",
        "agent.something_new",
        "event_start",
        "event_delta",
    ];
    let mut steps: Vec<Step> =
        others.map(|kind| Step::event(json!({"type": kind, "stop_reason": {"type": "end_turn"}}))).into();
    steps.extend([Step::calls([order("A1")]), Step::message("Done.")]);
    let (turn, _, runs) = served(turn(steps)).await;
    assert_eq!((turn.expect("a turn").text(), runs.count()), ("Done.", 1));
}

#[tokio::test]
async fn parts_of_an_event_do_not_replace_it() {
    let part = |kind: &str| Step::event(json!({"type": kind, "id": "evt_whole"}));
    let whole = json!({"type": "agent.message", "id": "evt_whole", "content": [{"type": "text", "text": "Done."}]});
    let (turn, ..) = served(turn([part("event_start"), part("event_delta"), Step::event(whole)])).await;
    assert_eq!(turn.expect("a turn").text(), "Done.");
}

#[tokio::test]
async fn a_message_with_a_string_as_content_is_read() {
    let old = Step::event(json!({"type": "agent.message", "content": "Hello."}));
    assert_eq!(served(turn([old])).await.0.expect("a turn").text(), "Hello.");
}

#[tokio::test]
async fn a_call_listed_twice_is_confirmed_once() {
    let own = Step::event(json!({"type": "agent.tool_use", "id": "evt_own", "name": "Bash"}));
    let error = error_message(turn([own, Step::requires_action(["evt_own", "evt_own"])])).await;
    assert_eq!(error, "the platform waits for a person to confirm evt_own");
}

#[tokio::test]
async fn confirmations_are_requested_after_the_results_are_submitted() {
    let stand_in = started(turn([Step::permission_request("Bash", [order("A1")]), Step::message("Done.")])).await;
    let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
    let Err(RunError::NeedsConfirmation(ids)) = ask(&session, &runs).await else { panic!("a confirmation is needed") };
    assert_eq!((ids.len(), stand_in.tool_results().len()), (1, 1));
    let Err(RunError::NeedsConfirmation(again)) = with_timeout(session.run(&tools(), &runs).resume()).await else {
        panic!("a confirmation is still needed")
    };
    assert_eq!(again, ids);
    session.send(&[NewEvent::allow(&ids[0])]).await.expect("allowed");
    let turn = with_timeout(session.run(&tools(), &runs).resume()).await.expect("a turn");
    assert_eq!((turn.text(), runs.count()), ("Done.", 1));
}
