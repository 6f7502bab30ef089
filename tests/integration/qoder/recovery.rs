//! The state of a turn, read from a list of events that is long or malformed.

use coral_stand_in::qoder::{Fault, QoderStandIn, RequestFault, Step};
use coral_tools::platform::qoder::{Event, EventKind, NewEvent, Session};
use coral_tools::platform::{RunError, RunLimits, Turn, TurnEnd, UnknownToolPolicy};
use serde_json::json;
use tokio::task::yield_now;

use super::{Runs, order, qoder, session_of, started, tools, turn, with_timeout};

async fn resume(session: &Session) -> Result<Turn, RunError> {
    with_timeout(session.run(&tools(), &Runs::default()).resume()).await
}

/// Counts the requests whose path contains `part`.
fn count(stand_in: &QoderStandIn, part: &str) -> usize {
    stand_in.requests().iter().filter(|request| request.path.contains(part)).count()
}

#[tokio::test]
async fn malformed_events_do_not_break_a_session() {
    let steps = [
        Step::event(json!({"type": "user.custom_tool_result", "content": []})),
        Step::event(json!({"type": "agent.custom_tool_use", "input": {}})),
        Step::event(json!({"type": 7})),
        Step::event(json!({"type": "agent.custom_tool_use", "id": "evt_old", "name": "x", "input": {}})),
        Step::event(json!({"type": "user.custom_tool_result", "tool_use_id": "evt_old"})),
        Step::calls([order("A1")]),
        Step::message("Done."),
    ];
    let stand_in = started(turn(steps).fault(Fault::HiddenCalls)).await;
    let session = session_of(&qoder(&stand_in)).await;
    session.send(&[NewEvent::message("Go.")]).await.expect("accepted");
    assert_eq!(resume(&session).await.expect("a turn").text(), "Done.");
    assert_eq!(resume(&session).await.expect("a turn").text(), "Done.");
    let events = session.events().await.expect("a list");
    let other = |event: &&Event| matches!(&event.kind, EventKind::Other(_));
    assert_eq!(events.iter().filter(other).count(), 3);
    let odd = events.iter().find(|event| event.kind == EventKind::Other("agent.custom_tool_use".to_owned()));
    assert_eq!(odd.expect("the event").extra["input"], json!({}), "all fields are kept");
    let is_old = |event: &Event| matches!(&event.kind, EventKind::ToolResult { call_id, .. } if call_id == "evt_old");
    assert!(events.iter().any(is_old));
}

#[tokio::test]
async fn inconsistent_events_are_the_same_error_after_a_restart() {
    for (step, expected) in [
        (Step::requires_action([]), "the session waits for results, but does not name the calls"),
        (Step::requires_action(["evt_nobody"]), "the session waits for the unknown call evt_nobody"),
    ] {
        let stand_in = started(turn([step.clone()]).turn([step])).await;
        let session = session_of(&qoder(&stand_in)).await;
        let expected = format!("unexpected response from the platform: {expected}");
        let live = with_timeout(session.run(&tools(), &Runs::default()).message("Go."))
            .await
            .expect_err("inconsistent events");
        assert_eq!(live.to_string(), expected);
        for _ in 0..2 {
            assert_eq!(resume(&session).await.expect_err("inconsistent events").to_string(), expected);
        }
    }
}

#[tokio::test]
async fn recovery_reads_events_back_to_the_start_of_the_turn() {
    let first = (0..30).map(|n| Step::message(&n.to_string()));
    let second = [Step::message("One moment."), Step::calls([order("A1")]), Step::message("Done.")];
    for fault in [Fault::MaxPageSize(1), Fault::MaxPageSize(4)] {
        let builder = turn(first.clone()).turn(second.clone()).fault(fault);
        let stand_in = started(builder).await;
        let session = session_of(&qoder(&stand_in)).await;
        for _ in 0..2 {
            session.send(&[NewEvent::message("Go.")]).await.expect("accepted");
        }
        assert_eq!(resume(&session).await.expect("a turn").messages, ["One moment.", "Done."]);
        // The message of the user, running, the message of the agent, the call, waiting; and the end of the turn before.
        let pages = if fault == Fault::MaxPageSize(1) { 6 } else { 2 };
        assert_eq!(count(&stand_in, "order=desc"), pages);
        assert_eq!(resume(&session).await.expect("a turn").messages, ["One moment.", "Done."], "the turn has ended");
    }
}

#[tokio::test]
async fn unknown_calls_are_read_from_a_filtered_list() {
    let steps = [Step::calls([order("A1")]), Step::message("Done.")];
    let stand_in = started(turn(steps).fault(Fault::HiddenCalls)).await;
    let session = session_of(&qoder(&stand_in)).await;
    let turn = with_timeout(session.run(&tools(), &Runs::default()).message("Go.")).await.expect("a turn");
    assert_eq!((turn.text(), count(&stand_in, "/events?")), ("Done.", 1));
    assert_eq!(count(&stand_in, "types%5B%5D=agent.custom_tool_use"), 1);
}

/// Each rejection follows a successful connection, so it is not the same outage.
#[tokio::test]
async fn a_cursor_may_be_forgotten_repeatedly() {
    let forgets = |times| (0..times).map(|_| RequestFault::status(400).on("GET", "/stream").skip(1));
    let builder = turn([Step::calls([("teleport", json!({}))])]).fault(Fault::SilentStreams(9));
    let stand_in = started(forgets(4).fold(builder, coral_stand_in::qoder::QoderStandInBuilder::request_fault)).await;
    let (session, runs, tools) = (session_of(&qoder(&stand_in)).await, Runs::default(), tools());
    let run =
        session.run(&tools, &runs).limits(RunLimits::new().unknown_tools(UnknownToolPolicy::Leave)).message("Go.");
    let stop = async {
        // Accepted and rejected streams alternate.
        while count(&stand_in, "/stream") < 9 {
            yield_now().await;
        }
        session.interrupt().await.expect("interrupted");
    };
    let (turn, ()) = with_timeout(async { tokio::join!(run, stop) }).await;
    assert_eq!(turn.expect("a turn").end, TurnEnd::Cancelled);
}
