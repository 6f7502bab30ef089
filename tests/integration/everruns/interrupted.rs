//! Interrupted runs: each call runs once and gets one result.

use coral_stand_in::everruns::{EverrunsStandIn, EverrunsStandInBuilder, Fault, Step};
use coral_tools::platform::everruns::Session;
use coral_tools::platform::{ResultCache, Turn};

use super::{
    App, assert_complete, assert_one_result_each, everruns, looks_up, session, start, tools, turn, two_rounds, with,
    within,
};

/// The turn of [`two_rounds`], by an agent that waits before each step, so that events arrive one by one.
fn slow_rounds() -> EverrunsStandInBuilder {
    EverrunsStandIn::builder().fault(Fault::LateTurnStart).turn([
        Step::hold(),
        looks_up(&["A1", "none"]),
        Step::hold(),
        looks_up(&["B2"]),
        Step::hold(),
        Step::message("All is well."),
        Step::hold(),
    ])
}

/// Releases the agent whenever it waits. Never returns.
async fn release_repeatedly<T>(stand_in: &EverrunsStandIn) -> T {
    loop {
        stand_in.wait_until(EverrunsStandIn::is_held).await;
        stand_in.release();
        tokio::task::yield_now().await;
    }
}

/// Counts the events of the turn.
async fn event_count(builder: EverrunsStandInBuilder) -> usize {
    let (stand_in, app) = (start(builder).await, App::default());
    tokio::select! {
        turn = turn(&stand_in, &app) => turn.expect("a turn"),
        never = release_repeatedly(&stand_in) => never,
    };
    stand_in.event_count()
}

#[tokio::test]
async fn the_stream_may_break_at_any_event() {
    for sequence in 1..=event_count(two_rounds()).await {
        let sequence = u64::try_from(sequence).expect("a number");
        let (stand_in, app) = (with(Fault::CutAt(sequence)).await, App::default());
        let turn = turn(&stand_in, &app).await.expect("a turn");
        assert_complete(&stand_in, &app, &turn);
    }
}

/// Drops the run as soon as `condition` holds, if it has not finished before.
async fn run_until(
    stand_in: &EverrunsStandIn,
    session: &Session,
    app: &App,
    condition: impl Fn(&EverrunsStandIn) -> bool,
) {
    let tools = tools();
    tokio::select! {
        biased;
        () = stand_in.wait_until(condition) => (),
        turn = within(session.run(&tools, app).message("Where are my orders?")) => drop(turn.expect("a turn")),
        never = release_repeatedly(stand_in) => never,
    }
}

/// Resumes the turn with another run.
async fn resume(stand_in: &EverrunsStandIn, session: &Session, app: &App) -> Turn {
    let tools = tools();
    tokio::select! {
        turn = within(session.run(&tools, app).resume()) => turn.expect("a turn"),
        never = release_repeatedly(stand_in) => never,
    }
}

#[tokio::test]
async fn a_run_dropped_at_any_event_resumes_with_its_cache() {
    for at in 1..=event_count(slow_rounds()).await {
        let (stand_in, app, cache) = (start(slow_rounds()).await, App::default(), ResultCache::new());
        let first = everruns(&stand_in).result_cache(&cache).session(session(&stand_in).await.id());
        run_until(&stand_in, &first, &app, |stand_in| stand_in.event_count() >= at).await;
        let second = everruns(&stand_in).result_cache(&cache).session(first.id());
        let turn = resume(&stand_in, &second, &app).await;
        assert_eq!(turn.messages, ["All is well."], "dropped at event {at}");
        assert_one_result_each(&stand_in, &app);
    }
}

/// Only the session's id is known. Results of finished calls were submitted, since these tools are fast.
#[tokio::test]
async fn a_run_dropped_between_events_resumes_without_its_cache() {
    for at in 1..=event_count(slow_rounds()).await {
        let (stand_in, app) = (start(slow_rounds()).await, App::default());
        let first = session(&stand_in).await;
        run_until(&stand_in, &first, &app, |stand_in| stand_in.event_count() >= at).await;
        let turn = resume(&stand_in, &everruns(&stand_in).session(first.id()), &app).await;
        assert_complete(&stand_in, &app, &turn);
    }
}

/// This includes the time after the tools ran and before their results are submitted.
#[tokio::test]
async fn a_run_dropped_at_any_request_resumes_with_its_cache() {
    let whole = start(slow_rounds()).await;
    run_until(&whole, &session(&whole).await, &App::default(), |_| false).await;
    let is_message = |request: &coral_stand_in::everruns::RequestRecord| request.path.ends_with("/messages");
    let first = whole.requests().iter().position(is_message).expect("a message") + 1;
    for at in first..=whole.requests().len() {
        let (stand_in, app, cache) = (start(slow_rounds()).await, App::default(), ResultCache::new());
        let first = everruns(&stand_in).result_cache(&cache).session(session(&stand_in).await.id());
        run_until(&stand_in, &first, &app, |stand_in| stand_in.requests().len() >= at && stand_in.event_count() > 0)
            .await;
        let second = everruns(&stand_in).result_cache(&cache).session(first.id());
        let turn = resume(&stand_in, &second, &app).await;
        assert_eq!(turn.messages, ["All is well."], "dropped at request {at}");
        assert_one_result_each(&stand_in, &app);
    }
}
