//! Streams of events, and how they end.

use std::pin::pin;
use std::time::Duration;

use coral_stand_in::qoder::{Fault, QoderStandIn, RequestFault, Step};
use coral_tools::platform::RunError;
use coral_tools::platform::qoder::{EventKind, NewEvent};
use futures_util::StreamExt;
use http::StatusCode;

use super::{Runs, ask, order, qoder, session_of, started, turn, with_timeout};

#[tokio::test]
async fn an_event_stream_ends_with_the_session() {
    for (step, end) in
        [(Step::session_terminated(), EventKind::Terminated), (Step::session_deleted(), EventKind::Deleted)]
    {
        let stand_in = started(turn([Step::message("Good night."), step])).await;
        let session = session_of(&qoder(&stand_in)).await;
        let ids = session.send(&[NewEvent::message("Go.")]).await.expect("accepted");
        let mut events = pin!(session.event_stream(&ids[0]));
        for expected in [EventKind::AgentMessage("Good night.".to_owned()), end] {
            assert_eq!(with_timeout(events.next()).await.expect("an item").expect("an event").kind, expected);
        }
        for _ in 0..2 {
            assert!(with_timeout(events.next()).await.is_none(), "the stream has ended");
        }
    }
}

#[tokio::test]
async fn an_event_stream_ends_after_an_error() {
    let stand_in = started(QoderStandIn::builder()).await;
    let session = session_of(&qoder(&stand_in)).await;
    let mut events = pin!(session.event_stream("evt_nobody"));
    assert_eq!(
        with_timeout(events.next()).await.expect("an item").expect_err("an unknown cursor").status(),
        Some(StatusCode::BAD_REQUEST)
    );
    for _ in 0..2 {
        assert!(with_timeout(events.next()).await.is_none());
    }
}

/// The cursor of each stream.
fn cursors(stand_in: &QoderStandIn) -> Vec<String> {
    let streams = stand_in.requests().into_iter().filter(|request| request.path.ends_with("/stream"));
    streams.map(|mut stream| stream.headers.remove("last-event-id").expect("a cursor")).collect()
}

#[tokio::test]
async fn an_event_without_its_blank_line_is_read_again() {
    let stand_in =
        started(turn([Step::calls([order("A1")]), Step::message("Done.")]).fault(Fault::NoFinalBlankLine)).await;
    let session = session_of(&qoder(&stand_in)).await;
    assert_eq!(ask(&session, &Runs::default()).await.expect("a turn").text(), "Done.");
    let cursors = cursors(&stand_in);
    assert_eq!(cursors[0], cursors[1], "the second stream starts at the same event");
}

#[tokio::test]
async fn a_stream_fails_after_the_maximum_outage() {
    let fault = RequestFault::status(503).on("GET", "/stream").times(usize::MAX);
    let stand_in = started(turn([Step::message("Done.")]).request_fault(fault)).await;
    let session = session_of(&qoder(&stand_in).max_outage(Duration::from_millis(50))).await;
    let Err(RunError::Client(error)) = ask(&session, &Runs::default()).await else { panic!("the outage is too long") };
    assert_eq!((error.status(), cursors(&stand_in).len()), (Some(StatusCode::SERVICE_UNAVAILABLE), 2), "one retry");
}

#[tokio::test]
async fn the_key_is_not_sent_to_redirects() {
    let elsewhere = started(QoderStandIn::builder()).await;
    for (method, path) in [("POST", "/events"), ("GET", "/stream")] {
        let fault = RequestFault::status(307).header("location", &format!("{}/api/v1/cloud/x", elsewhere.url()));
        let stand_in = started(turn([Step::message("Done.")]).request_fault(fault.on(method, path))).await;
        let session = session_of(&qoder(&stand_in)).await;
        let Err(RunError::Client(error)) = ask(&session, &Runs::default()).await else { panic!("{path}") };
        assert_eq!(error.status(), Some(StatusCode::TEMPORARY_REDIRECT), "{error}");
        assert!(error.to_string().contains(elsewhere.url()), "{error}");
    }
    assert!(elsewhere.requests().is_empty());
}
