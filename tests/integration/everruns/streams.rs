//! Streams of events: however they begin, break and repeat themselves, everything is told once.

use std::time::Duration;

use coral_tools::dev::everruns::{StandIn, Step, Trap};
use coral_tools::platform::everruns::NewSession;

use super::{App, all_is_well, everruns, looks_up, session, start, tools, turn, waits, with, within};

fn streams(stand_in: &StandIn) -> Vec<String> {
    let paths = stand_in.requests().into_iter().map(|request| request.path);
    paths.filter(|path| path.contains("/sse")).collect()
}

#[tokio::test]
async fn streams_may_begin_anywhere() {
    for trap in [Trap::Replays, Trap::AlwaysLive] {
        let (stand_in, app) = (with(trap).await, App::default());
        let turn = turn(&stand_in, &app).await.expect("a turn");
        all_is_well(&stand_in, &app, &turn);
    }
}

#[tokio::test]
async fn the_first_stream_begins_with_the_first_event_and_the_next_where_it_broke() {
    let (stand_in, app) = (with(Trap::Cycles(2)).await, App::default());
    let turn = turn(&stand_in, &app).await.expect("a turn");
    all_is_well(&stand_in, &app, &turn);
    let streams = streams(&stand_in);
    assert!(streams[0].contains("after_sequence=0") && !streams[0].contains("since_id"), "{streams:?}");
    assert!(streams.len() > 2, "{streams:?}");
    assert!(streams[1..].iter().all(|path| path.contains("since_id=event_") && !path.contains("after")), "{streams:?}");
}

/// With a limit come the last events, not the next. Prompts are most of what is told, and of no use.
#[tokio::test]
async fn events_are_asked_for_whole_and_without_their_bulk() {
    let (stand_in, app) = (with(Trap::Cycles(2)).await, App::default());
    turn(&stand_in, &app).await.expect("a turn");
    let paths = stand_in.requests().into_iter().map(|request| request.path);
    let reading: Vec<_> = paths.filter(|path| path.contains("/sse") || path.contains("/events")).collect();
    assert!(reading.iter().all(|path| path.contains("exclude=llm.generation")), "{reading:?}");
    let mut next = reading.iter().filter(|path| path.contains("since_id=")).peekable();
    assert!(next.peek().is_some() && next.all(|path| !path.contains("limit=")), "{reading:?}");
}

#[tokio::test]
async fn events_that_come_twice_and_in_disorder_are_taken_once() {
    let (stand_in, app) = (with(Trap::Disorder).await, App::default());
    let turn = turn(&stand_in, &app).await.expect("a turn");
    all_is_well(&stand_in, &app, &turn);
}

#[tokio::test]
async fn a_server_that_refuses_streams_is_asked() {
    for status in [404, 405, 429] {
        let (stand_in, app) = (with(Trap::RefusesStreams(status)).await, App::default());
        let turn = turn(&stand_in, &app).await.expect("a turn");
        all_is_well(&stand_in, &app, &turn);
        assert_eq!(streams(&stand_in).len(), 1, "{status}: not again and again");
    }
}

#[tokio::test]
async fn a_server_that_is_ill_is_borne_for_a_while() {
    let (stand_in, app) = (with(Trap::RefusesStreams(503)).await, App::default());
    let everruns = everruns(&stand_in).max_outage(Duration::from_secs(1));
    let session = everruns.create_session(&NewSession::without_agent().tools(&tools())).await.expect("a session");
    let error = within(session.run(&tools(), &app).message("Go on.")).await.expect_err("ill");
    assert!(error.to_string().starts_with("following events:"), "{error}");
    assert!(streams(&stand_in).len() > 2, "it was tried again");
}

#[tokio::test]
async fn trouble_that_passes_is_borne() {
    let (stand_in, app) = (with(Trap::IllWhileWaiting(3)).await, App::default());
    let turn = turn(&stand_in, &app).await.expect("a turn");
    all_is_well(&stand_in, &app, &turn);
}

#[tokio::test]
async fn a_stream_without_a_sign_of_life_is_left() {
    let (stand_in, app) = (with(Trap::Mute(1)).await, App::default());
    let everruns = everruns(&stand_in).idle_timeout(Duration::from_millis(100));
    let session = everruns.create_session(&NewSession::without_agent().tools(&tools())).await.expect("a session");
    let turn = within(session.run(&tools(), &app).message("Go on.")).await.expect("a turn");
    all_is_well(&stand_in, &app, &turn);
}

#[tokio::test]
async fn connections_that_are_cut_are_made_again() {
    let builder = StandIn::builder().turn([waits(), looks_up(&["A1"]), Step::says("Done.")]);
    let (stand_in, app, tools) = (start(builder).await, App::default(), tools());
    let session = session(&stand_in).await;
    let (turn, ()) = tokio::join!(within(session.run(&tools, &app).message("Go on.")), async {
        app.has_entered().await;
        stand_in.drop_connections();
        app.opened.notify_one();
    });
    assert_eq!(turn.expect("a turn").text(), "Done.");
    assert!(stand_in.calls().iter().all(|call| call.answered == 1));
}
