//! Streams as they are, and as they end.

use std::pin::pin;
use std::time::Duration;

use coral_stand_in::qoder::{Fault, StandIn, Step, Trap};
use coral_tools::platform::RunError;
use coral_tools::platform::qoder::{EventKind, NewEvent};
use futures_util::StreamExt;

use super::{Runs, ask, order, qoder, session_of, soon, started, turn};

#[tokio::test]
async fn whoever_follows_a_session_hears_its_end_and_nothing_after_it() {
    for (step, end) in [(Step::terminates(), EventKind::Terminated), (Step::is_deleted(), EventKind::Deleted)] {
        let stand_in = started(turn([Step::says("Good night."), step])).await;
        let session = session_of(&qoder(&stand_in)).await;
        let ids = session.send(&[NewEvent::message("Go.")]).await.expect("taken");
        let mut events = pin!(session.follow(&ids[0]));
        for expected in [EventKind::Said("Good night.".to_owned()), end] {
            assert_eq!(soon(events.next()).await.expect("more").expect("an event").kind, expected);
        }
        for _ in 0..2 {
            assert!(soon(events.next()).await.is_none(), "it may be asked again");
        }
    }
}

#[tokio::test]
async fn whoever_follows_a_session_hears_of_an_error_once() {
    let stand_in = started(StandIn::builder()).await;
    let session = session_of(&qoder(&stand_in)).await;
    let mut events = pin!(session.follow("evt_nobody"));
    assert_eq!(soon(events.next()).await.expect("more").expect_err("unknown").status(), Some(400));
    for _ in 0..2 {
        assert!(soon(events.next()).await.is_none());
    }
}

/// Where each stream was to begin.
fn cursors(stand_in: &StandIn) -> Vec<String> {
    let streams = stand_in.requests().into_iter().filter(|request| request.path.ends_with("/stream"));
    streams.map(|mut stream| stream.headers.remove("last-event-id").expect("a cursor")).collect()
}

#[tokio::test]
async fn an_event_without_its_end_has_not_been_told() {
    let stand_in = started(turn([Step::calls([order("A1")]), Step::says("Done.")]).trap(Trap::NoFinalBlankLine)).await;
    let session = session_of(&qoder(&stand_in)).await;
    assert_eq!(ask(&session, &Runs::default()).await.expect("a turn").text(), "Done.");
    let cursors = cursors(&stand_in);
    assert_eq!(cursors[0], cursors[1], "the first event is asked for again");
}

#[tokio::test]
async fn patience_ends() {
    let fault = Fault::says(503).on("GET", "/stream").times(usize::MAX);
    let stand_in = started(turn([Step::says("Done.")]).fault(fault)).await;
    let session = session_of(&qoder(&stand_in).max_outage(Duration::from_millis(50))).await;
    let Err(RunError::Client(error)) = ask(&session, &Runs::default()).await else { panic!("it does not go on") };
    assert_eq!((error.status(), cursors(&stand_in).len()), (Some(503), 2), "once more, and not again");
}

#[tokio::test]
async fn the_token_goes_nowhere_else() {
    let elsewhere = started(StandIn::builder()).await;
    for (method, path) in [("POST", "/events"), ("GET", "/stream")] {
        let fault = Fault::says(307).header("location", &format!("{}/api/v1/cloud/x", elsewhere.url()));
        let stand_in = started(turn([Step::says("Done.")]).fault(fault.on(method, path))).await;
        let session = session_of(&qoder(&stand_in)).await;
        let Err(RunError::Client(error)) = ask(&session, &Runs::default()).await else { panic!("{path}") };
        assert_eq!(error.status(), Some(307), "{error}");
        assert!(error.to_string().contains(elsewhere.url()), "{error}");
    }
    assert!(elsewhere.requests().is_empty());
}
