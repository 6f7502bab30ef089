//! A run that is interrupted at any event goes on, and nothing is done twice.

use coral_stand_in::qoder::{StandIn, Step, Trap};
use coral_tools::platform::qoder::Session;
use coral_tools::platform::{ResultCache, Turn};
use tokio::task::yield_now;

use super::{Runs, order, qoder, session_of, soon, started, tools};

/// More than a turn has.
const EVENTS: usize = 16;

async fn stand_in(trap: Trap) -> StandIn {
    let turn = [
        Step::says("One moment."),
        Step::calls([order("A1"), order("lost")]),
        Step::calls([order("B2")]),
        Step::says("Done."),
    ];
    // Its list has several pages.
    started(StandIn::builder().turn(turn).trap(trap).trap(Trap::PagesOf(3))).await
}

/// So many events have been told, and whoever hears them has had the time to act.
async fn told(stand_in: &StandIn, events: usize) {
    stand_in.told(events).await;
    for _ in 0..200 {
        yield_now().await;
    }
}

async fn resume(session: &Session, runs: &Runs) -> Turn {
    soon(session.run(&tools(), runs).resume()).await.expect("a turn")
}

fn each_call_once(stand_in: &StandIn, runs: &Runs, at: usize) {
    let mut answered: Vec<String> = stand_in.seen().into_iter().map(|seen| seen.text).collect();
    answered.sort();
    let expected = [
        r#"{"result":"A1 is shipped"}"#,
        r#"{"result":"B2 is shipped"}"#,
        r#"{"success":false,"error":"no such order"}"#,
    ];
    assert_eq!((answered.as_slice(), runs.count()), (expected.map(str::to_owned).as_slice(), 3), "at event {at}");
}

#[tokio::test]
async fn a_stream_may_be_cut_after_any_event() {
    for at in 1..=EVENTS {
        let stand_in = stand_in(Trap::CutAt(at)).await;
        let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
        let turn = soon(session.run(&tools(), &runs).message("Go.")).await.expect("a turn");
        assert_eq!(turn.messages, ["One moment.", "Done."]);
        each_call_once(&stand_in, &runs, at);
    }
}

#[tokio::test]
async fn a_run_may_be_dropped_after_any_event_and_resumed_with_its_answers() {
    for at in 0..=EVENTS {
        let stand_in = stand_in(Trap::HoldAt(at)).await;
        let (cache, runs) = (ResultCache::new(), Runs::default());
        let session = session_of(&qoder(&stand_in).result_cache(&cache)).await;
        let tools = tools();
        soon(async {
            tokio::select! {
                turn = session.run(&tools, &runs).message("Go.") => drop(turn.expect("a turn")),
                () = told(&stand_in, at) => {}
            }
        })
        .await;
        stand_in.release();
        let another = qoder(&stand_in).result_cache(&cache).session(session.id());
        assert_eq!(resume(&another, &runs).await.text(), "Done.");
        each_call_once(&stand_in, &runs, at);
    }
}

#[tokio::test]
async fn a_run_may_be_stopped_after_any_event_and_resumed_with_nothing() {
    for at in 0..=EVENTS {
        let stand_in = stand_in(Trap::HoldAt(at)).await;
        let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
        let tools = tools();
        let stopped = soon(session.run(&tools, &runs).until(told(&stand_in, at)).message("Go.")).await;
        drop(stopped.expect("it stops"));
        stand_in.release();
        let another = qoder(&stand_in).session(session.id());
        assert_eq!(resume(&another, &runs).await.text(), "Done.");
        each_call_once(&stand_in, &runs, at);
    }
}

#[tokio::test]
async fn connections_may_all_be_cut_while_a_run_waits() {
    let stand_in = stand_in(Trap::HoldAt(4)).await;
    let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
    let tools = tools();
    let run = session.run(&tools, &runs).message("Go.");
    let cut = async {
        told(&stand_in, 4).await;
        stand_in.drop_connections();
        stand_in.release();
    };
    let (turn, ()) = soon(async { tokio::join!(run, cut) }).await;
    assert_eq!(turn.expect("a turn").text(), "Done.");
    each_call_once(&stand_in, &runs, 4);
}

#[tokio::test]
async fn what_is_over_can_be_resumed_and_nothing_that_never_began() {
    let stand_in = started(StandIn::builder().turn([Step::says("First.")]).turn([Step::says("Second.")])).await;
    let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
    assert!(resume(&session, &runs).await.messages.is_empty());
    for text in ["First.", "Second."] {
        let turn = soon(session.run(&tools(), &runs).message("Go.")).await.expect("a turn");
        assert_eq!(turn.messages, [text]);
        assert_eq!(resume(&session, &runs).await.messages, [text], "only the last turn");
    }
}
