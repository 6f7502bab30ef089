//! Streams of events: each event is applied once.

use std::time::Duration;

use coral_stand_in::everruns::{EverrunsStandIn, Fault, Step};
use coral_tools::platform::everruns::NewSession;

use super::{App, assert_complete, everruns, looks_up, session, start, tools, turn, waits, with, within};

fn streams(stand_in: &EverrunsStandIn) -> Vec<String> {
    let paths = stand_in.requests().into_iter().map(|request| request.path);
    paths.filter(|path| path.contains("/sse")).collect()
}

#[tokio::test]
async fn streams_may_start_with_any_event() {
    for fault in [Fault::ReplaysHistory, Fault::IgnoresCursors] {
        let (stand_in, app) = (with(fault).await, App::default());
        let turn = turn(&stand_in, &app).await.expect("a turn");
        assert_complete(&stand_in, &app, &turn);
    }
}

#[tokio::test]
async fn the_first_stream_starts_at_zero_and_later_ones_at_the_cursor() {
    let (stand_in, app) = (with(Fault::DisconnectsAfter(2)).await, App::default());
    let turn = turn(&stand_in, &app).await.expect("a turn");
    assert_complete(&stand_in, &app, &turn);
    let streams = streams(&stand_in);
    assert!(streams[0].contains("after_sequence=0") && !streams[0].contains("since_id"), "{streams:?}");
    assert!(streams.len() > 2, "{streams:?}");
    assert!(streams[1..].iter().all(|path| path.contains("since_id=event_") && !path.contains("after")), "{streams:?}");
}

/// With a limit servers return the last events, not the next. Prompts are large and not needed.
#[tokio::test]
async fn events_are_read_without_limits_and_large_types() {
    let (stand_in, app) = (with(Fault::DisconnectsAfter(2)).await, App::default());
    turn(&stand_in, &app).await.expect("a turn");
    let paths = stand_in.requests().into_iter().map(|request| request.path);
    let reading: Vec<_> = paths.filter(|path| path.contains("/sse") || path.contains("/events")).collect();
    assert!(reading.iter().all(|path| path.contains("exclude=llm.generation")), "{reading:?}");
    let mut next = reading.iter().filter(|path| path.contains("since_id=")).peekable();
    assert!(next.peek().is_some() && next.all(|path| !path.contains("limit=")), "{reading:?}");
}

#[tokio::test]
async fn repeated_and_unordered_events_are_applied_once() {
    let (stand_in, app) = (with(Fault::ReversedDuplicates).await, App::default());
    let turn = turn(&stand_in, &app).await.expect("a turn");
    assert_complete(&stand_in, &app, &turn);
}

#[tokio::test]
async fn events_are_polled_if_streams_are_rejected() {
    for status in [404, 405, 429] {
        let (stand_in, app) = (with(Fault::RejectsStreams(status)).await, App::default());
        let turn = turn(&stand_in, &app).await.expect("a turn");
        assert_complete(&stand_in, &app, &turn);
        assert_eq!(streams(&stand_in).len(), 1, "{status}: only one attempt");
    }
}

#[tokio::test]
async fn an_outage_longer_than_max_outage_is_an_error() {
    let (stand_in, app) = (with(Fault::RejectsStreams(503)).await, App::default());
    let everruns = everruns(&stand_in).max_outage(Duration::from_secs(1));
    let session = everruns.create_session(&NewSession::without_agent().tools(&tools())).await.expect("a session");
    let error = within(session.run(&tools(), &app).message("Go on.")).await.expect_err("an outage");
    assert!(error.to_string().starts_with("following events:"), "{error}");
    assert!(streams(&stand_in).len() > 2, "the stream was tried again");
}

#[tokio::test]
async fn transient_errors_are_tolerated() {
    let (stand_in, app) = (with(Fault::SessionUnavailable(3)).await, App::default());
    let turn = turn(&stand_in, &app).await.expect("a turn");
    assert_complete(&stand_in, &app, &turn);
}

#[tokio::test]
async fn a_silent_stream_is_opened_again() {
    let (stand_in, app) = (with(Fault::SilentStreams(1)).await, App::default());
    let everruns = everruns(&stand_in).idle_timeout(Duration::from_millis(100));
    let session = everruns.create_session(&NewSession::without_agent().tools(&tools())).await.expect("a session");
    let turn = within(session.run(&tools(), &app).message("Go on.")).await.expect("a turn");
    assert_complete(&stand_in, &app, &turn);
}

#[tokio::test]
async fn streams_reconnect_after_a_disconnect() {
    let builder = EverrunsStandIn::builder().turn([waits(), looks_up(&["A1"]), Step::message("Done.")]);
    let (stand_in, app, tools) = (start(builder).await, App::default(), tools());
    let session = session(&stand_in).await;
    let (turn, ()) = tokio::join!(within(session.run(&tools, &app).message("Go on.")), async {
        app.has_entered().await;
        stand_in.drop_connections();
        app.opened.notify_one();
    });
    assert_eq!(turn.expect("a turn").text(), "Done.");
    assert!(stand_in.calls().iter().all(|call| call.result_count == 1));
}
