//! Sessions with several clients, interruptions and limits.

use coral_stand_in::qoder::{Fault, QoderStandInBuilder, Step};
use coral_tools::platform::qoder::{NewEvent, Session};
use coral_tools::platform::{RunError, RunLimits, TurnEnd, UnknownToolPolicy};
use coral_tools::{CallContext, FromRef, State, ToolError, coral_tool, toolset};
use http::StatusCode;
use serde_json::json;

use super::{Runs, ask, order, qoder, served, session_of, started, tools, turn, with_timeout};

#[tokio::test]
async fn calls_of_unknown_tools_get_an_error() {
    let (turn, stand_in, _) = served(turn([Step::calls([("teleport", json!({})), order("A1")])])).await;
    let outcomes: Vec<_> = turn.expect("a turn").calls.into_iter().map(|call| call.outcome.to_string()).collect();
    assert_eq!(outcomes, ["unknown_tool", "success"]);
    let result = &stand_in.tool_results()[0];
    assert_eq!(
        (result.text.as_str(), result.is_error),
        (r#"{"success":false,"error":"tool not available in this client"}"#, true)
    );
}

/// Two clients of one session, each with its own tools.
#[tokio::test]
async fn calls_of_unknown_tools_can_be_left_to_another_client() {
    for fault in [None, Some(Fault::IdleNamesAnsweredCalls)] {
        let builder = turn([Step::calls([order("A1"), ("teleport", json!({}))]), Step::message("Done.")]);
        let stand_in = started(fault.into_iter().fold(builder, QoderStandInBuilder::fault)).await;
        let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
        let tools = tools();
        let run =
            session.run(&tools, &runs).limits(RunLimits::new().unknown_tools(UnknownToolPolicy::Leave)).message("Go.");
        let other_client = async {
            // Two calls, the status that waits for them, a result, the status that waits for the other call.
            stand_in.wait_for_sent_events(5).await;
            let events = session.events().await.expect("a list");
            let call = events.iter().find(|event| format!("{:?}", event.kind).contains("teleport")).expect("a call");
            let result = NewEvent::other("user.custom_tool_result").extra("custom_tool_use_id", call.id.as_str());
            session
                .send(&[result.extra("content", json!([{"type": "text", "text": "there"}]))])
                .await
                .expect("accepted");
        };
        let (turn, ()) = with_timeout(async { tokio::join!(run, other_client) }).await;
        let turn = turn.expect("a turn");
        assert_eq!((turn.text(), turn.calls.len(), runs.count()), ("Done.", 1, 1));
        assert_eq!(stand_in.tool_results().len(), 2);
    }
}

#[tokio::test]
async fn a_result_after_that_of_another_client_is_late() {
    for fault in [None, Some(Fault::IdleNamesAnsweredCalls)] {
        let builder = turn([Step::calls([("submit_elsewhere", json!({})), order("A1")]), Step::message("Done.")]);
        let stand_in = started(fault.into_iter().fold(builder, QoderStandInBuilder::fault)).await;
        let session = session_of(&qoder(&stand_in)).await;
        let (other_client, tools) = (OtherClient(session.clone()), toolset![submit_elsewhere, super::lookup_order]);
        let turn = with_timeout(session.run(&tools, &other_client).message("Go.")).await.expect("a turn");
        let late: Vec<_> = turn.calls.iter().map(|call| (call.tool.as_str(), call.late)).collect();
        assert_eq!(late, [("submit_elsewhere", true), ("lookup_order", false)]);
        assert_eq!((turn.text(), stand_in.tool_results().len()), ("Done.", 2));
    }
}

#[derive(Debug, Clone)]
struct OtherClient(Session);

impl FromRef<OtherClient> for Runs {
    fn from_ref(_: &OtherClient) -> Self {
        Self::default()
    }
}

/// Submits a result of its own call, as another client would.
#[coral_tool]
async fn submit_elsewhere(
    #[context] call: CallContext,
    #[context] State(other_client): State<OtherClient>,
) -> Result<(), ToolError> {
    let id = call.call_id().unwrap_or_default().to_owned();
    let result = NewEvent::other("user.custom_tool_result").extra("custom_tool_use_id", id);
    let result = result.extra("content", json!([{"type": "text", "text": "elsewhere"}]));
    other_client.0.send(&[result]).await.map_err(|error| ToolError::new(error.to_string()))?;
    Ok(())
}

#[tokio::test]
async fn calls_over_the_limits_get_errors() {
    let calls = || Step::calls([order("A1"), order("B2"), order("C3")]);
    let stand_in = started(turn([calls(), calls(), calls()])).await;
    let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
    let limits = RunLimits::new().rounds(2).calls_per_batch(2);
    let error =
        with_timeout(session.run(&tools(), &runs).limits(limits).message("Go.")).await.expect_err("too many rounds");
    assert!(matches!(error, RunError::TooManyRounds(2)), "{error}");
    let errors = stand_in.tool_results().iter().filter(|result| result.is_error).count();
    assert_eq!((runs.count(), stand_in.tool_results().len(), errors), (4, 9, 5));
}

#[tokio::test]
async fn an_interrupted_turn_is_cancelled() {
    for fault in [None, Some(Fault::InterruptsEndTurns)] {
        let builder = turn([Step::calls([("teleport", json!({}))])]);
        let stand_in = started(fault.into_iter().fold(builder, QoderStandInBuilder::fault)).await;
        let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
        let tools = tools();
        let run =
            session.run(&tools, &runs).limits(RunLimits::new().unknown_tools(UnknownToolPolicy::Leave)).message("Go.");
        let stop = async {
            stand_in.wait_for_sent_events(2).await;
            session.interrupt().await.expect("interrupted");
        };
        let (turn, ()) = with_timeout(async { tokio::join!(run, stop) }).await;
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
        stand_in.wait_for_sent_events(2).await;
        session.cancel().await.expect("cancelled");
    };
    let (turn, ()) = with_timeout(async { tokio::join!(run, stop) }).await;
    assert_eq!(turn.expect("a turn").end, TurnEnd::Cancelled);
    session.cancel().await.expect("already idle");
}

#[tokio::test]
async fn a_message_during_a_turn_is_rejected() {
    let stand_in = started(turn([Step::calls([order("A1")])])).await;
    let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
    session.send(&[NewEvent::message("Go.")]).await.expect("accepted");
    let Err(RunError::Client(error)) = ask(&session, &runs).await else { panic!("the message is rejected") };
    assert_eq!((error.status(), error.code(), runs.count()), (Some(StatusCode::CONFLICT), Some("conflict_error"), 0));
}
