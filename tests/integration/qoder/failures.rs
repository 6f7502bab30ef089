//! Turns that do not go well, and what is said of them.

use coral_tools::dev::qoder::{Fault, StandIn, StandInBuilder, Step, Trap};
use coral_tools::platform::qoder::{NewEvent, Session};
use coral_tools::platform::{Foreign, Limits, RunError, Turn, TurnEnd};
use coral_tools::{Stage, ToolError};
use serde_json::{Value, json};

use super::{Runs, ask, order, qoder, session_of, soon, started, tools};

async fn served(builder: StandInBuilder) -> (Result<Turn, RunError>, StandIn, Runs) {
    let stand_in = started(builder).await;
    let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
    let turn = ask(&session, &runs).await;
    (turn, stand_in, runs)
}

async fn said(builder: StandInBuilder) -> String {
    served(builder).await.0.expect_err("a failure").to_string()
}

fn turn(steps: impl IntoIterator<Item = Step>) -> StandInBuilder {
    StandIn::builder().turn(steps)
}

fn trouble(retry: Option<&str>) -> Step {
    let error = json!({"type": "model_overloaded", "message": "too busy", "retry_status": retry.map(|kind| json!({"type": kind}))});
    Step::tells(json!({"type": "session.error", "error": error}))
}

#[tokio::test]
async fn every_reason_to_stop_is_told() {
    assert_eq!(served(turn([Step::stops("end_turn")])).await.0.expect("a turn").end, TurnEnd::Done);
    assert_eq!(served(turn([Step::stops("cancelled")])).await.0.expect("a turn").end, TurnEnd::Cancelled);
    for (step, expected) in [
        (Step::stops("retries_exhausted"), "the turn failed: the model gave up (retries_exhausted)"),
        (Step::stops("budget_reached"), "the turn failed: the session's budget is spent (budget_reached)"),
        (
            Step::stops("moonrise"),
            "the platform said something unexpected: the agent stopped for the reason `moonrise`",
        ),
        (Step::stops_silently(), "the platform said something unexpected: the agent stopped for no reason"),
        (Step::terminates(), "the turn failed: the session was terminated (terminated)"),
        (Step::terminates_as_of_old(), "the turn failed: the session was terminated (terminated)"),
        (Step::is_deleted(), "the turn failed: the session was deleted (deleted)"),
    ] {
        assert_eq!(said(turn([step])).await, expected);
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
        assert_eq!(said(builder).await, format!("the platform said something unexpected: {expected}"));
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

#[tokio::test]
async fn calls_of_other_tools_are_refused() {
    let (turn, stand_in, _) = served(turn([Step::calls([("teleport", json!({})), order("A1")])])).await;
    let outcomes: Vec<_> = turn.expect("a turn").calls.into_iter().map(|call| call.outcome).collect();
    assert_eq!(outcomes, ["foreign", "success"]);
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
        let run = session.run(&tools, &runs).limits(Limits::new().foreign(Foreign::Leave)).message("Go.");
        let another = async {
            // The message, its echo, two calls, what waits for them; the answer, what waits for the other.
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
    let thievish = turn([Step::calls([("steal", json!({})), order("A1")]), Step::says("Done.")]);
    let stand_in = started(thievish).await;
    let session = session_of(&qoder(&stand_in)).await;
    let (thief, tools) = (Thief(session.clone()), coral_tools::toolset![steal, super::lookup_order]);
    let turn = soon(session.run(&tools, &thief).message("Go.")).await.expect("a turn");
    let late: Vec<_> = turn.calls.iter().map(|call| (call.tool.as_str(), call.late)).collect();
    assert_eq!(late, [("steal", true), ("lookup_order", false)]);
    assert_eq!((turn.text(), stand_in.seen().len()), ("Done.", 2));
}

#[derive(Debug, Clone)]
struct Thief(Session);

impl coral_tools::FromRef<Thief> for Runs {
    fn from_ref(_: &Thief) -> Self {
        Self::default()
    }
}

/// Answers its own call by another way.
#[coral_tools::coral_tool]
async fn steal(
    #[context] call: coral_tools::CallContext,
    #[context] coral_tools::State(thief): coral_tools::State<Thief>,
) -> Result<(), ToolError> {
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
    let limits = Limits::new().rounds(2).calls_per_batch(2);
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
        let run = session.run(&tools, &runs).limits(Limits::new().foreign(Foreign::Leave)).message("Go.");
        let stop = async {
            stand_in.told(3).await;
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
    let run = session.run(&tools, &runs).limits(Limits::new().foreign(Foreign::Leave)).message("Go.");
    let stop = async {
        stand_in.told(3).await;
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

#[tokio::test]
async fn streams_that_are_none_are_errors() {
    for (trap, expected) in [
        (Trap::JsonStreams, "expected text/event-stream, not application/json"),
        (Trap::BrokenData, "the event evt_broken is no JSON object"),
        (Trap::ErrorEvents, "is an error: too much to do (overloaded_error)"),
    ] {
        let said = said(turn([Step::says("Done.")]).trap(trap)).await;
        assert!(said.contains(expected) && !said.contains("secret"), "{said}");
    }
}

#[tokio::test]
async fn a_session_without_a_stream_is_served_by_its_list_as_long_as_that_goes_on() {
    let forgetful =
        || turn([Step::calls([order("A1")]), Step::calls([("teleport", json!({}))])]).trap(Trap::ForgottenCursors(99));
    assert_eq!(served(forgetful()).await.0.expect("a turn").calls.len(), 2);

    let stand_in = started(forgetful()).await;
    let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
    let tools = tools();
    let run = soon(session.run(&tools, &runs).limits(Limits::new().foreign(Foreign::Leave)).message("Go.")).await;
    let Err(RunError::Client(error)) = run else { panic!("nobody answers") };
    assert_eq!((error.status(), error.server_message()), (Some(400), Some("Last-Event-ID: unknown")));
}

#[tokio::test]
async fn a_session_that_is_not_there_is_not_found() {
    let stand_in = started(StandIn::builder()).await;
    let error = ask(&qoder(&stand_in).session("sess_nobody"), &Runs::default()).await.expect_err("none");
    let RunError::Client(error) = error else { panic!("{error}") };
    assert!(error.is_not_found() && error.request_id() == Some("req_1"), "{error}");
}

#[tokio::test]
async fn errors_may_be_lines_of_text_or_lack_an_id() {
    let plain = Fault::says(404).text("404 page not found");
    let stand_in = started(StandIn::builder().fault(plain).trap(Trap::NoRequestIds)).await;
    let error = qoder(&stand_in).agents().await.expect_err("a failure");
    assert_eq!(error.to_string(), "listing agents: 404 page not found (404 Not Found)");
    let error = qoder(&stand_in).agent("agent_nobody").await.expect_err("none");
    assert_eq!((error.server_message(), error.request_id()), (Some("agent `agent_nobody` not found"), None));
}

#[tokio::test]
async fn tokens_are_never_shown() {
    let stand_in = started(StandIn::builder().token("pt-the-right-one")).await;
    let stranger = coral_tools::Qoder::at(stand_in.url()).token("pt-a-wrong-one");
    let error = stranger.agents().await.expect_err("refused");
    assert_eq!(error.stage(), Stage::Refused);
    let shown = format!("{error} {error:?} {stranger:?} {:?}", stranger.session("s"));
    assert!(!shown.contains("wrong-one"), "{shown}");
}

#[tokio::test]
async fn ids_that_lead_elsewhere_are_not_sent() {
    let stand_in = started(StandIn::builder()).await;
    for id in ["", ".", ".."] {
        let error = qoder(&stand_in).session(id).state().await.expect_err("no id");
        assert_eq!(error.stage(), Stage::Request);
    }
    let error = qoder(&stand_in).session("a/b?c").state().await.expect_err("none");
    assert_eq!(error.status(), Some(404));
    let paths: Vec<_> = stand_in.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/api/v1/cloud/sessions/a%2Fb%3Fc"]);
}

#[tokio::test]
async fn lists_that_lead_to_themselves_are_errors() {
    let builder = turn([Step::says("Done.")]).trap(Trap::StuckCursors).trap(Trap::PagesOf(1));
    let stand_in = started(builder).await;
    let session = session_of(&qoder(&stand_in)).await;
    session.send(&[NewEvent::message("Go.")]).await.expect("taken");
    let error = session.events().await.expect_err("a circle");
    assert!(error.to_string().contains("one page of it leads to itself"), "{error}");
}

#[tokio::test]
async fn lists_are_read_to_their_end_by_both_cursors() {
    for trap in [None, Some(Trap::LastIdOnly)] {
        let builder = turn([Step::says("1"), Step::says("2"), Step::says("3")]).trap(Trap::PagesOf(2));
        let stand_in = started(trap.into_iter().fold(builder, StandInBuilder::trap)).await;
        let session = session_of(&qoder(&stand_in)).await;
        session.send(&[NewEvent::message("Go.")]).await.expect("taken");
        let cursor = if trap.is_some() { "after_id=" } else { "page=" };
        assert_eq!(session.events().await.expect("a list").len(), 6);
        let pages = stand_in.requests().into_iter().filter(|request| request.path.contains(cursor)).count();
        assert_eq!(pages, 2);
    }
}

#[tokio::test]
async fn no_stream_is_opened_without_a_cursor() {
    let (turn, stand_in, _) = served(turn([Step::calls([order("A1")])]).trap(Trap::ShortStreams)).await;
    drop(turn.expect("a turn"));
    let streams = stand_in.requests().into_iter().filter(|request| request.path.ends_with("/stream"));
    let mut streams = streams.peekable();
    assert!(streams.peek().is_some());
    for stream in streams {
        assert!(stream.headers.contains_key("last-event-id"), "{stream:?}");
        assert_eq!(stream.headers["accept"], "text/event-stream");
        assert_eq!(stream.body, Value::Null);
    }
}
