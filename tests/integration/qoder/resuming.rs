//! A run that is interrupted after any event continues, and no call runs twice.

use coral_stand_in::qoder::{Fault, QoderStandIn, Step};
use coral_tools::platform::qoder::Session;
use coral_tools::platform::{ResultCache, Turn};
use tokio::task::yield_now;

use super::{Runs, order, qoder, session_of, started, tools, with_timeout};

/// More events than the turn has.
const EVENTS: usize = 16;

async fn stand_in(fault: Fault) -> QoderStandIn {
    let turn = [
        Step::message("One moment."),
        Step::calls([order("A1"), order("lost")]),
        Step::calls([order("B2")]),
        Step::message("Done."),
    ];
    // The list of events has several pages.
    started(QoderStandIn::builder().turn(turn).fault(fault).fault(Fault::MaxPageSize(3))).await
}

/// Waits until this number of events has been sent and handled.
async fn sent(stand_in: &QoderStandIn, events: usize) {
    stand_in.wait_for_sent_events(events).await;
    for _ in 0..200 {
        yield_now().await;
    }
}

async fn resume(session: &Session, runs: &Runs) -> Turn {
    with_timeout(session.run(&tools(), runs).resume()).await.expect("a turn")
}

fn assert_each_call_ran_once(stand_in: &QoderStandIn, runs: &Runs, at: usize) {
    let mut results: Vec<String> = stand_in.tool_results().into_iter().map(|result| result.text).collect();
    results.sort();
    let expected = [
        r#"{"result":"A1 is shipped"}"#,
        r#"{"result":"B2 is shipped"}"#,
        r#"{"success":false,"error":"no such order"}"#,
    ];
    assert_eq!((results.as_slice(), runs.count()), (expected.map(str::to_owned).as_slice(), 3), "at event {at}");
}

#[tokio::test]
async fn a_stream_disconnected_after_any_event_continues() {
    for at in 1..=EVENTS {
        let stand_in = stand_in(Fault::CutAt(at)).await;
        let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
        let turn = with_timeout(session.run(&tools(), &runs).message("Go.")).await.expect("a turn");
        assert_eq!(turn.messages, ["One moment.", "Done."]);
        assert_each_call_ran_once(&stand_in, &runs, at);
    }
}

#[tokio::test]
async fn a_run_dropped_after_any_event_resumes_with_its_cache() {
    for at in 0..=EVENTS {
        let stand_in = stand_in(Fault::HoldAt(at)).await;
        let (cache, runs) = (ResultCache::new(), Runs::default());
        let session = session_of(&qoder(&stand_in).result_cache(&cache)).await;
        let tools = tools();
        with_timeout(async {
            tokio::select! {
                turn = session.run(&tools, &runs).message("Go.") => drop(turn.expect("a turn")),
                () = sent(&stand_in, at) => {}
            }
        })
        .await;
        stand_in.release();
        let another = qoder(&stand_in).result_cache(&cache).session(session.id());
        assert_eq!(resume(&another, &runs).await.text(), "Done.");
        assert_each_call_ran_once(&stand_in, &runs, at);
    }
}

#[tokio::test]
async fn a_run_stopped_after_any_event_resumes_without_a_cache() {
    for at in 0..=EVENTS {
        let stand_in = stand_in(Fault::HoldAt(at)).await;
        let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
        let tools = tools();
        let stopped = with_timeout(session.run(&tools, &runs).until(sent(&stand_in, at)).message("Go.")).await;
        drop(stopped.expect("a stopped run"));
        stand_in.release();
        let another = qoder(&stand_in).session(session.id());
        assert_eq!(resume(&another, &runs).await.text(), "Done.");
        assert_each_call_ran_once(&stand_in, &runs, at);
    }
}

#[tokio::test]
async fn a_run_reconnects_when_all_connections_are_dropped() {
    let stand_in = stand_in(Fault::HoldAt(4)).await;
    let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
    let tools = tools();
    let run = session.run(&tools, &runs).message("Go.");
    let cut = async {
        sent(&stand_in, 4).await;
        stand_in.drop_connections();
        stand_in.release();
    };
    let (turn, ()) = with_timeout(async { tokio::join!(run, cut) }).await;
    assert_eq!(turn.expect("a turn").text(), "Done.");
    assert_each_call_ran_once(&stand_in, &runs, 4);
}

#[tokio::test]
async fn resume_without_a_running_turn_returns_the_last_one() {
    let stand_in =
        started(QoderStandIn::builder().turn([Step::message("First.")]).turn([Step::message("Second.")])).await;
    let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
    assert!(resume(&session, &runs).await.messages.is_empty());
    for text in ["First.", "Second."] {
        let turn = with_timeout(session.run(&tools(), &runs).message("Go.")).await.expect("a turn");
        assert_eq!(turn.messages, [text]);
        assert_eq!(resume(&session, &runs).await.messages, [text], "only the last turn");
    }
}
