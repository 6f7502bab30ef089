//! Sessions that others are in, too: other clients, people, limits.

use coral_stand_in::qoder::{StandInBuilder, Step, Trap};
use coral_tools::platform::qoder::{NewEvent, Session};
use coral_tools::platform::{RunError, RunLimits, TurnEnd, UnknownToolPolicy};
use coral_tools::{CallContext, FromRef, State, ToolError, coral_tool, toolset};
use serde_json::json;

use super::{Runs, ask, order, qoder, served, session_of, soon, started, tools, turn};

#[tokio::test]
async fn calls_of_other_tools_are_refused() {
    let (turn, stand_in, _) = served(turn([Step::calls([("teleport", json!({})), order("A1")])])).await;
    let outcomes: Vec<_> = turn.expect("a turn").calls.into_iter().map(|call| call.outcome.to_string()).collect();
    assert_eq!(outcomes, ["unknown_tool", "success"]);
    let seen = &stand_in.seen()[0];
    assert_eq!(
        (seen.text.as_str(), seen.is_error),
        (r#"{"success":false,"error":"tool not available in this client"}"#, true)
    );
}

/// Two clients of a session, each with its own tools.
#[tokio::test]
async fn calls_of_other_tools_may_be_left_to_their_client() {
    for trap in [None, Some(Trap::ReidleNamesAnswered)] {
        let builder = turn([Step::calls([order("A1"), ("teleport", json!({}))]), Step::says("Done.")]);
        let stand_in = started(trap.into_iter().fold(builder, StandInBuilder::trap)).await;
        let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
        let tools = tools();
        let run =
            session.run(&tools, &runs).limits(RunLimits::new().unknown_tools(UnknownToolPolicy::Leave)).message("Go.");
        let another = async {
            // Two calls, what waits for them; the answer, what waits for the other.
            stand_in.told(5).await;
            let events = session.events().await.expect("a list");
            let call = events.iter().find(|event| format!("{:?}", event.kind).contains("teleport")).expect("a call");
            let result = NewEvent::other("user.custom_tool_result").with("custom_tool_use_id", call.id.as_str());
            session.send(&[result.with("content", json!([{"type": "text", "text": "there"}]))]).await.expect("taken");
        };
        let (turn, ()) = soon(async { tokio::join!(run, another) }).await;
        let turn = turn.expect("a turn");
        assert_eq!((turn.text(), turn.calls.len(), runs.count()), ("Done.", 1, 1));
        assert_eq!(stand_in.seen().len(), 2);
    }
}

#[tokio::test]
async fn an_answer_that_somebody_else_has_given_is_late() {
    for trap in [None, Some(Trap::ReidleNamesAnswered)] {
        let thievish = turn([Step::calls([("steal", json!({})), order("A1")]), Step::says("Done.")]);
        let stand_in = started(trap.into_iter().fold(thievish, StandInBuilder::trap)).await;
        let session = session_of(&qoder(&stand_in)).await;
        let (thief, tools) = (Thief(session.clone()), toolset![steal, super::lookup_order]);
        let turn = soon(session.run(&tools, &thief).message("Go.")).await.expect("a turn");
        let late: Vec<_> = turn.calls.iter().map(|call| (call.tool.as_str(), call.late)).collect();
        assert_eq!(late, [("steal", true), ("lookup_order", false)]);
        assert_eq!((turn.text(), stand_in.seen().len()), ("Done.", 2));
    }
}

#[derive(Debug, Clone)]
struct Thief(Session);

impl FromRef<Thief> for Runs {
    fn from_ref(_: &Thief) -> Self {
        Self::default()
    }
}

/// Answers its own call by another way.
#[coral_tool]
async fn steal(#[context] call: CallContext, #[context] State(thief): State<Thief>) -> Result<(), ToolError> {
    let id = call.call_id().unwrap_or_default().to_owned();
    let result = NewEvent::other("user.custom_tool_result").with("custom_tool_use_id", id);
    let result = result.with("content", json!([{"type": "text", "text": "mine"}]));
    thief.0.send(&[result]).await.map_err(|error| ToolError::new(error.to_string()))?;
    Ok(())
}

#[tokio::test]
async fn what_is_over_the_limits_is_refused() {
    let calls = || Step::calls([order("A1"), order("B2"), order("C3")]);
    let stand_in = started(turn([calls(), calls(), calls()])).await;
    let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
    let limits = RunLimits::new().rounds(2).calls_per_batch(2);
    let error = soon(session.run(&tools(), &runs).limits(limits).message("Go.")).await.expect_err("too many");
    assert!(matches!(error, RunError::TooManyRounds(2)), "{error}");
    let errors = stand_in.seen().iter().filter(|seen| seen.is_error).count();
    assert_eq!((runs.count(), stand_in.seen().len(), errors), (4, 9, 5));
}

#[tokio::test]
async fn a_turn_can_be_stopped_on_the_platform() {
    for trap in [None, Some(Trap::InterruptsEndTurns)] {
        let builder = turn([Step::calls([("teleport", json!({}))])]);
        let stand_in = started(trap.into_iter().fold(builder, StandInBuilder::trap)).await;
        let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
        let tools = tools();
        let run =
            session.run(&tools, &runs).limits(RunLimits::new().unknown_tools(UnknownToolPolicy::Leave)).message("Go.");
        let stop = async {
            stand_in.told(2).await;
            session.interrupt().await.expect("interrupted");
        };
        let (turn, ()) = soon(async { tokio::join!(run, stop) }).await;
        assert_eq!(turn.expect("a turn").end, TurnEnd::Cancelled);
    }
}

#[tokio::test]
async fn a_turn_can_be_cancelled() {
    let stand_in = started(turn([Step::calls([("teleport", json!({}))])])).await;
    let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
    let tools = tools();
    let run =
        session.run(&tools, &runs).limits(RunLimits::new().unknown_tools(UnknownToolPolicy::Leave)).message("Go.");
    let stop = async {
        stand_in.told(2).await;
        session.cancel().await.expect("cancelled");
    };
    let (turn, ()) = soon(async { tokio::join!(run, stop) }).await;
    assert_eq!(turn.expect("a turn").end, TurnEnd::Cancelled);
    session.cancel().await.expect("it is idle already");
}

#[tokio::test]
async fn a_message_while_the_agent_works_is_refused() {
    let stand_in = started(turn([Step::calls([order("A1")])])).await;
    let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
    session.send(&[NewEvent::message("Go.")]).await.expect("taken");
    let Err(RunError::Client(error)) = ask(&session, &runs).await else { panic!("it is refused") };
    assert_eq!((error.status(), error.code(), runs.count()), (Some(409), Some("conflict_error"), 0));
}
