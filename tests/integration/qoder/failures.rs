//! Turns that do not go well, and what is said of them.

use coral_stand_in::qoder::{Step, Trap};
use coral_tools::platform::qoder::NewEvent;
use coral_tools::platform::{RunError, TurnEnd};
use serde_json::json;

use super::{Runs, ask, order, qoder, said, served, session_of, soon, started, tools, turn};

fn trouble(retry: Option<&str>) -> Step {
    let error = json!({"type": "model_overloaded", "message": "too busy", "retry_status": retry.map(|kind| json!({"type": kind}))});
    Step::tells(json!({"type": "session.error", "error": error}))
}

#[tokio::test]
async fn every_reason_to_stop_is_told() {
    assert_eq!(served(turn([Step::stops("end_turn")])).await.0.expect("a turn").end, TurnEnd::Done);
    for word in ["cancelled", "canceled"] {
        assert_eq!(served(turn([Step::stops(word)])).await.0.expect("a turn").end, TurnEnd::Cancelled);
    }
    for (step, expected) in [
        (Step::stops("retries_exhausted"), "the turn failed: the model gave up (retries_exhausted)"),
        (Step::stops("budget_reached"), "the turn failed: the session's budget is spent (budget_reached)"),
        (Step::stops("moonrise"), "unexpected response from the platform: the agent stopped for the reason `moonrise`"),
        (Step::stops_silently(), "unexpected response from the platform: the agent stopped for no reason"),
        (Step::terminates(), "the turn failed: the session was terminated (terminated)"),
        (Step::terminates_as_of_old(), "the turn failed: the session was terminated (terminated)"),
        (Step::is_deleted(), "the turn failed: the session was deleted (deleted)"),
    ] {
        assert_eq!(said(turn([step.clone()])).await, expected);
        assert_eq!(said(turn([Step::calls([order("A1"), order("lost")]), step])).await, expected, "in the middle");
    }
}

#[tokio::test]
async fn trouble_is_no_end_and_explains_one() {
    for retry in [Some("retrying"), None] {
        let (turn, ..) = served(turn([trouble(retry), Step::says("Done.")])).await;
        assert_eq!(turn.expect("a turn").text(), "Done.");
    }
    let exhausted = said(turn([trouble(Some("exhausted")), Step::stops("retries_exhausted")])).await;
    assert_eq!(exhausted, "the turn failed: too busy [model_overloaded] (retries_exhausted)");
    let terminal = said(turn([trouble(Some("terminal")), Step::terminates()])).await;
    assert_eq!(terminal, "the turn failed: too busy [model_overloaded] (terminated)");
}

#[tokio::test]
async fn trouble_that_has_passed_explains_nothing() {
    let goes_on = [
        Step::says("Better."),
        Step::tells(json!({"type": "session.status_running"})),
        Step::tells(json!({"type": "agent.custom_tool_use", "id": "evt_1", "name": "x", "input": {}})),
    ];
    for step in goes_on {
        let steps = [trouble(Some("retrying")), step, Step::terminates()];
        let stand_in = started(turn(steps).trap(Trap::EchoFirst)).await;
        let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
        let live = ask(&session, &runs).await.expect_err("it is over");
        let later = soon(session.run(&tools(), &runs).resume()).await.expect_err("it is over");
        for error in [live, later] {
            assert_eq!(error.to_string(), "the turn failed: the session was terminated (terminated)");
        }
    }
    let spent = said(turn([trouble(Some("exhausted")), Step::stops("budget_reached")])).await;
    assert_eq!(spent, "the turn failed: the session's budget is spent (budget_reached)");
    let deleted = said(turn([trouble(Some("retrying")), Step::is_deleted()])).await;
    assert_eq!(deleted, "the turn failed: the session was deleted (deleted)");
}

#[tokio::test]
async fn what_makes_no_sense_is_an_error() {
    let call = Step::calls([order("A1")]);
    for (builder, expected) in [
        (turn([Step::waits_for([])]), "it waits for an answer, and does not say to what"),
        (turn([Step::waits_for(["evt_nobody"])]), "it waits for an answer to evt_nobody, which was never asked"),
        (
            turn([Step::tells(json!({"type": "agent.custom_tool_use", "id": "evt_open", "name": "x", "input": {}}))]),
            "it ended the turn without an answer to evt_open",
        ),
        (
            turn([
                Step::tells(json!({"type": "agent.custom_tool_use", "id": "evt_1", "name": "x", "input": {}})),
                Step::tells(json!({"type": "agent.custom_tool_use", "id": "evt_1", "name": "y", "input": {}})),
                call,
            ]),
            "two different calls have the id evt_1",
        ),
    ] {
        assert_eq!(said(builder).await, format!("unexpected response from the platform: {expected}"));
    }
}

#[tokio::test]
async fn other_events_are_passed_over() {
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
        others.map(|kind| Step::tells(json!({"type": kind, "stop_reason": {"type": "end_turn"}}))).into();
    steps.extend([Step::calls([order("A1")]), Step::says("Done.")]);
    let (turn, _, runs) = served(turn(steps)).await;
    assert_eq!((turn.expect("a turn").text(), runs.count()), ("Done.", 1));
}

#[tokio::test]
async fn pieces_of_an_event_do_not_stand_for_it() {
    let piece = |kind: &str| Step::tells(json!({"type": kind, "id": "evt_whole"}));
    let whole = json!({"type": "agent.message", "id": "evt_whole", "content": [{"type": "text", "text": "Done."}]});
    let (turn, ..) = served(turn([piece("event_start"), piece("event_delta"), Step::tells(whole)])).await;
    assert_eq!(turn.expect("a turn").text(), "Done.");
}

#[tokio::test]
async fn the_text_of_a_message_may_be_a_string() {
    let old = Step::tells(json!({"type": "agent.message", "content": "Hello."}));
    assert_eq!(served(turn([old])).await.0.expect("a turn").text(), "Hello.");
}

#[tokio::test]
async fn what_is_waited_for_twice_is_asked_for_once() {
    let own = Step::tells(json!({"type": "agent.tool_use", "id": "evt_own", "name": "Bash"}));
    let said = said(turn([own, Step::waits_for(["evt_own", "evt_own"])])).await;
    assert_eq!(said, "the platform waits for a person to confirm evt_own");
}

#[tokio::test]
async fn a_person_is_asked_for_permission_after_the_calls_are_answered() {
    let stand_in = started(turn([Step::asks_permission("Bash", [order("A1")]), Step::says("Done.")])).await;
    let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
    let Err(RunError::NeedsConfirmation(ids)) = ask(&session, &runs).await else { panic!("it needs a person") };
    assert_eq!((ids.len(), stand_in.seen().len()), (1, 1));
    let Err(RunError::NeedsConfirmation(again)) = soon(session.run(&tools(), &runs).resume()).await else {
        panic!("it still needs a person")
    };
    assert_eq!(again, ids);
    session.send(&[NewEvent::allow(&ids[0])]).await.expect("allowed");
    let turn = soon(session.run(&tools(), &runs).resume()).await.expect("a turn");
    assert_eq!((turn.text(), runs.count()), ("Done.", 1));
}
