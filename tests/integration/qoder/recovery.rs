//! The state of a turn, read from a list of events that is long or malformed.

use coral_stand_in::qoder::{Fault, StandIn, Step, Trap};
use coral_tools::platform::qoder::{Event, EventKind, NewEvent, Session};
use coral_tools::platform::{RunError, RunLimits, Turn, TurnEnd, UnknownToolPolicy};
use serde_json::json;
use tokio::task::yield_now;

use super::{Runs, order, qoder, session_of, started, tools, turn, with_timeout};

async fn resume(session: &Session) -> Result<Turn, RunError> {
    with_timeout(session.run(&tools(), &Runs::default()).resume()).await
}

/// Counts the requests whose path contains `part`.
fn count(stand_in: &StandIn, part: &str) -> usize {
    stand_in.requests().iter().filter(|request| request.path.contains(part)).count()
}

#[tokio::test]
async fn malformed_events_do_not_break_a_session() {
    let steps = [
        Step::tells(json!({"type": "user.custom_tool_result", "content": []})),
        Step::tells(json!({"type": "agent.custom_tool_use", "input": {}})),
        Step::tells(json!({"type": 7})),
        Step::tells(json!({"type": "agent.custom_tool_use", "id": "evt_old", "name": "x", "input": {}})),
        Step::tells(json!({"type": "user.custom_tool_result", "tool_use_id": "evt_old"})),
        Step::calls([order("A1")]),
        Step::says("Done."),
    ];
    let stand_in = started(turn(steps).trap(Trap::HiddenCalls)).await;
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
        (Step::waits_for([]), "the session waits for results, but does not name the calls"),
        (Step::waits_for(["evt_nobody"]), "the session waits for the unknown call evt_nobody"),
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
    let first = (0..30).map(|n| Step::says(&n.to_string()));
    let second = [Step::says("One moment."), Step::calls([order("A1")]), Step::says("Done.")];
    for trap in [Trap::PagesOf(1), Trap::PagesOf(4)] {
        let builder = turn(first.clone()).turn(second.clone()).trap(trap);
        let stand_in = started(builder).await;
        let session = session_of(&qoder(&stand_in)).await;
        for _ in 0..2 {
            session.send(&[NewEvent::message("Go.")]).await.expect("accepted");
        }
        assert_eq!(resume(&session).await.expect("a turn").messages, ["One moment.", "Done."]);
        // The message of the user, running, the message of the agent, the call, waiting; and the end of the turn before.
        let pages = if trap == Trap::PagesOf(1) { 6 } else { 2 };
        assert_eq!(count(&stand_in, "order=desc"), pages);
        assert_eq!(resume(&session).await.expect("a turn").messages, ["One moment.", "Done."], "the turn has ended");
    }
}

#[tokio::test]
async fn unknown_calls_are_read_from_a_filtered_list() {
    let steps = [Step::calls([order("A1")]), Step::says("Done.")];
    let stand_in = started(turn(steps).trap(Trap::HiddenCalls)).await;
    let session = session_of(&qoder(&stand_in)).await;
    let turn = with_timeout(session.run(&tools(), &Runs::default()).message("Go.")).await.expect("a turn");
    assert_eq!((turn.text(), count(&stand_in, "/events?")), ("Done.", 1));
    assert_eq!(count(&stand_in, "types%5B%5D=agent.custom_tool_use"), 1);
}

/// Each rejection follows a successful connection, so it is not the same outage.
#[tokio::test]
async fn a_cursor_may_be_forgotten_repeatedly() {
    let forgets = |times| (0..times).map(|_| Fault::says(400).on("GET", "/stream").after(1));
    let builder = turn([Step::calls([("teleport", json!({}))])]).trap(Trap::QuietStreams(9));
    let stand_in = started(forgets(4).fold(builder, coral_stand_in::qoder::StandInBuilder::fault)).await;
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
