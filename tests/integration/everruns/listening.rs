//! Streams without lifecycle events, and silent ones.

use std::time::Duration;

use coral_stand_in::everruns::{EverrunsStandIn, EverrunsStandInBuilder, Fault, Step};
use coral_tools::platform::everruns::NewSession;

use super::{
    App, assert_complete, everruns, get_count, looks_up, session, start, tools, turn, two_rounds, with, within,
};

/// A turn that waits in the middle.
fn held() -> EverrunsStandInBuilder {
    EverrunsStandIn::builder().turn([
        looks_up(&["A1", "none"]),
        Step::hold(),
        looks_up(&["B2"]),
        Step::hold(),
        Step::message("All is well."),
    ])
}

/// Runs the turn, and releases it whenever it waits and `condition` holds.
async fn run_held_turn(
    builder: EverrunsStandInBuilder,
    idle_timeout: Duration,
    condition: impl Fn(&EverrunsStandIn) -> bool,
) -> EverrunsStandIn {
    let (stand_in, app, tools) = (start(builder).await, App::default(), tools());
    let everruns = everruns(&stand_in).idle_timeout(idle_timeout);
    let session = everruns.create_session(&NewSession::without_agent().tools(&tools)).await.expect("a session");
    let (turn, ()) = tokio::join!(within(session.run(&tools, &app).message("Where are my orders?")), async {
        for _ in 0..2 {
            within(stand_in.wait_until(|stand_in| stand_in.is_held() && condition(stand_in))).await;
            stand_in.release();
        }
    });
    assert_complete(&stand_in, &app, &turn.expect("a turn"));
    stand_in
}

#[tokio::test]
async fn streams_may_lack_lifecycle_events() {
    for faults in [
        vec![Fault::NoConnectedEvent],
        vec![Fault::NoConnectedEvent, Fault::IgnoresCursors],
        vec![Fault::ClosesAfter(2)],
        vec![Fault::DisconnectsAfter(2), Fault::DisconnectReason("shutdown")],
        vec![Fault::DisconnectsAfter(2), Fault::DisconnectReason("error")],
        vec![Fault::EphemeralEvents],
        vec![Fault::EphemeralEvents, Fault::DisconnectsAfter(2)],
    ] {
        let (stand_in, app) =
            (start(faults.iter().copied().fold(two_rounds(), EverrunsStandInBuilder::fault)).await, App::default());
        let turn = turn(&stand_in, &app).await.expect("a turn");
        assert_complete(&stand_in, &app, &turn);
    }
}

/// As behind a buffering proxy: each stream opens, and no byte arrives.
#[tokio::test]
async fn events_are_polled_while_streams_stay_silent() {
    run_held_turn(held().fault(Fault::SilentStreams(usize::MAX)), Duration::from_millis(50), |_| true).await;
}

#[tokio::test]
async fn a_rejected_stream_is_tried_again() {
    let stand_in = run_held_turn(held().fault(Fault::BusyStreams(1)), Duration::from_millis(50), |stand_in| {
        get_count(stand_in, "/sse") > 1
    });
    assert!(get_count(&stand_in.await, "/sse") > 1);
}

#[tokio::test]
async fn polling_reads_only_new_events() {
    let polls = |stand_in: &EverrunsStandIn| -> Vec<String> {
        let paths = stand_in.requests().into_iter().map(|request| request.path);
        paths.skip_while(|path| !path.contains("/sse")).filter(|path| path.contains("/events")).collect()
    };
    let refuses = held().fault(Fault::RejectsStreams(404));
    let stand_in = run_held_turn(refuses, Duration::from_secs(45), |stand_in| polls(stand_in).len() > 10).await;
    let polls = polls(&stand_in);
    let cursors: std::collections::BTreeSet<_> =
        polls.iter().filter_map(|path| path.split("since_id=").nth(1)).collect();
    assert!(cursors.len() > 2, "more than one cursor for each batch: {polls:?}");
}

#[tokio::test]
async fn heartbeats_keep_an_idle_stream_open() {
    let builder = held().heartbeat(Duration::from_millis(50));
    // Together they take longer than the idle timeout.
    let stand_in = run_held_turn(builder, Duration::from_secs(2), |stand_in| stand_in.heartbeat_count() > 60).await;
    assert_eq!(get_count(&stand_in, "/sse"), 1, "the stream stays open");
}

#[tokio::test]
async fn a_pending_budget_check_survives_an_error() {
    let stand_in =
        start(EverrunsStandIn::builder().turn([Step::budget_exhausted()]).fault(Fault::SessionUnavailable(1))).await;
    let error = turn(&stand_in, &App::default()).await.expect_err("no turn").to_string();
    assert!(error.contains("a budget is used up"), "{error}");
}

#[tokio::test]
async fn each_header_is_sent_once() {
    let (stand_in, app) = (with(Fault::EphemeralEvents).await, App::default());
    turn(&stand_in, &app).await.expect("a turn");
    session(&stand_in).await;
    for request in stand_in.requests() {
        let mut names: Vec<_> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        assert!(names.contains(&"authorization") && names.contains(&"accept"), "{request:?}");
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    }
}
