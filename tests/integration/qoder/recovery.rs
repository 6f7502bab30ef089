//! Where a session stands by its list of events, however long or odd that is.

use coral_stand_in::qoder::{Fault, StandIn, Step, Trap};
use coral_tools::platform::qoder::{EventKind, NewEvent, Session};
use coral_tools::platform::{RunError, RunLimits, Turn, TurnEnd, UnknownToolPolicy};
use serde_json::json;
use tokio::task::yield_now;

use super::{Runs, order, qoder, session_of, soon, started, tools, turn};

async fn resume(session: &Session) -> Result<Turn, RunError> {
    soon(session.run(&tools(), &Runs::default()).resume()).await
}

/// How many requests had this in their path.
fn count(stand_in: &StandIn, part: &str) -> usize {
    stand_in.requests().iter().filter(|request| request.path.contains(part)).count()
}

#[tokio::test]
async fn events_that_lack_something_do_not_spoil_a_session() {
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
    session.send(&[NewEvent::message("Go.")]).await.expect("taken");
    assert_eq!(resume(&session).await.expect("a turn").text(), "Done.");
    assert_eq!(resume(&session).await.expect("a turn").text(), "Done.");
    let events = session.events().await.expect("a list");
    let other = |event: &&coral_tools::platform::qoder::Event| matches!(&event.kind, EventKind::Other(_));
    assert_eq!(events.iter().filter(other).count(), 3);
    let odd = events.iter().find(|event| event.kind == EventKind::Other("agent.custom_tool_use".to_owned()));
    assert_eq!(odd.expect("it is there").extra["input"], json!({}), "nothing of it is lost");
    assert!(events.iter().any(|event| event.kind == EventKind::Answered { call: "evt_old".to_owned() }));
}

#[tokio::test]
async fn what_makes_no_sense_is_the_same_error_live_and_later() {
    for (step, expected) in [
        (Step::waits_for([]), "it waits for an answer, and does not say to what"),
        (Step::waits_for(["evt_nobody"]), "it waits for an answer to evt_nobody, which was never asked"),
    ] {
        let stand_in = started(turn([step.clone()]).turn([step])).await;
        let session = session_of(&qoder(&stand_in)).await;
        let expected = format!("unexpected response from the platform: {expected}");
        let live = soon(session.run(&tools(), &Runs::default()).message("Go.")).await.expect_err("no sense");
        assert_eq!(live.to_string(), expected);
        for _ in 0..2 {
            assert_eq!(resume(&session).await.expect_err("no sense").to_string(), expected);
        }
    }
}

#[tokio::test]
async fn a_session_is_read_back_to_where_its_turn_began() {
    let first = (0..30).map(|n| Step::says(&n.to_string()));
    let second = [Step::says("One moment."), Step::calls([order("A1")]), Step::says("Done.")];
    for trap in [Trap::PagesOf(1), Trap::PagesOf(4)] {
        let builder = turn(first.clone()).turn(second.clone()).trap(trap);
        let stand_in = started(builder).await;
        let session = session_of(&qoder(&stand_in)).await;
        for _ in 0..2 {
            session.send(&[NewEvent::message("Go.")]).await.expect("taken");
        }
        assert_eq!(resume(&session).await.expect("a turn").messages, ["One moment.", "Done."]);
        // Running, the message, what is said, the call, what waits for it; and the end of the turn before.
        let pages = if trap == Trap::PagesOf(1) { 6 } else { 2 };
        assert_eq!(count(&stand_in, "order=desc"), pages);
        assert_eq!(resume(&session).await.expect("a turn").messages, ["One moment.", "Done."], "it is over");
    }
}

#[tokio::test]
async fn calls_alone_are_looked_up() {
    let steps = [Step::calls([order("A1")]), Step::says("Done.")];
    let stand_in = started(turn(steps).trap(Trap::HiddenCalls)).await;
    let session = session_of(&qoder(&stand_in)).await;
    let turn = soon(session.run(&tools(), &Runs::default()).message("Go.")).await.expect("a turn");
    assert_eq!((turn.text(), count(&stand_in, "/events?")), ("Done.", 1));
    assert_eq!(count(&stand_in, "types%5B%5D=agent.custom_tool_use"), 1);
}

/// It is not the same trouble again: there has been a connection meanwhile.
#[tokio::test]
async fn where_a_stream_begins_may_be_forgotten_again_and_again() {
    let forgets = |times| (0..times).map(|_| Fault::says(400).on("GET", "/stream").after(1));
    let builder = turn([Step::calls([("teleport", json!({}))])]).trap(Trap::QuietStreams(9));
    let stand_in = started(forgets(4).fold(builder, coral_stand_in::qoder::StandInBuilder::fault)).await;
    let (session, runs, tools) = (session_of(&qoder(&stand_in)).await, Runs::default(), tools());
    let run =
        session.run(&tools, &runs).limits(RunLimits::new().unknown_tools(UnknownToolPolicy::Leave)).message("Go.");
    let stop = async {
        // One that is there and one that is refused, by turns.
        while count(&stand_in, "/stream") < 9 {
            yield_now().await;
        }
        session.interrupt().await.expect("interrupted");
    };
    let (turn, ()) = soon(async { tokio::join!(run, stop) }).await;
    assert_eq!(turn.expect("a turn").end, TurnEnd::Cancelled);
}
