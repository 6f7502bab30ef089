//! However a run is interrupted, each call is run once and answered once.

use coral_tools::dev::everruns::{StandIn, StandInBuilder, Step, Trap};
use coral_tools::platform::everruns::Session;
use coral_tools::platform::{ResultCache, Turn};

use super::{
    App, all_is_well, answered_once, everruns, looks_up, session, start, tools, turn, two_rounds, with, within,
};

/// The turn of [`two_rounds`], by an agent that is held before each step, so that what is told comes piece by piece.
fn slow_rounds() -> StandInBuilder {
    StandIn::builder().trap(Trap::BeginsLate).turn([
        Step::holds(),
        looks_up(&["A1", "none"]),
        Step::holds(),
        looks_up(&["B2"]),
        Step::holds(),
        Step::says("All is well."),
        Step::holds(),
    ])
}

/// Lets the agent go on wherever it is held, for ever.
async fn lets_go<T>(stand_in: &StandIn) -> T {
    loop {
        stand_in.until(StandIn::is_held).await;
        stand_in.release();
        tokio::task::yield_now().await;
    }
}

/// How many events the turn has.
async fn events(builder: StandInBuilder) -> usize {
    let (stand_in, app) = (start(builder).await, App::default());
    tokio::select! {
        turn = turn(&stand_in, &app) => turn.expect("a turn"),
        never = lets_go(&stand_in) => never,
    };
    stand_in.events()
}

#[tokio::test]
async fn the_stream_may_be_cut_in_any_event() {
    for sequence in 1..=events(two_rounds()).await {
        let sequence = u64::try_from(sequence).expect("a number");
        let (stand_in, app) = (with(Trap::CutAt(sequence)).await, App::default());
        let turn = turn(&stand_in, &app).await.expect("a turn");
        all_is_well(&stand_in, &app, &turn);
    }
}

/// Drops the run as soon as this is so, if it is not done before.
async fn run_until(stand_in: &StandIn, session: &Session, app: &App, is_so: impl Fn(&StandIn) -> bool) {
    let tools = tools();
    tokio::select! {
        biased;
        () = stand_in.until(is_so) => (),
        turn = within(session.run(&tools, app).message("Where are my orders?")) => drop(turn.expect("a turn")),
        never = lets_go(stand_in) => never,
    }
}

/// What a run of `session` makes of the rest of the turn.
async fn goes_on(stand_in: &StandIn, session: &Session, app: &App) -> Turn {
    let tools = tools();
    tokio::select! {
        turn = within(session.run(&tools, app).resume()) => turn.expect("a turn"),
        never = lets_go(stand_in) => never,
    }
}

#[tokio::test]
async fn a_run_that_is_dropped_anywhere_is_gone_on_with_by_the_same_answers() {
    for at in 1..=events(slow_rounds()).await {
        let (stand_in, app, cache) = (start(slow_rounds()).await, App::default(), ResultCache::new());
        let first = everruns(&stand_in).result_cache(&cache).session(session(&stand_in).await.id());
        run_until(&stand_in, &first, &app, |stand_in| stand_in.events() >= at).await;
        let second = everruns(&stand_in).result_cache(&cache).session(first.id());
        let turn = goes_on(&stand_in, &second, &app).await;
        assert_eq!(turn.messages, ["All is well."], "at event {at}");
        answered_once(&stand_in, &app);
    }
}

/// Nothing is known but the session's id. What has run then has been handed in: the tools of these tests take no time.
#[tokio::test]
async fn a_run_that_is_dropped_between_events_is_gone_on_with_by_anybody() {
    for at in 1..=events(slow_rounds()).await {
        let (stand_in, app) = (start(slow_rounds()).await, App::default());
        let first = session(&stand_in).await;
        run_until(&stand_in, &first, &app, |stand_in| stand_in.events() >= at).await;
        let turn = goes_on(&stand_in, &everruns(&stand_in).session(first.id()), &app).await;
        all_is_well(&stand_in, &app, &turn);
    }
}

/// In each of its requests, and so also after its tools have run and before their answers are handed in.
#[tokio::test]
async fn a_run_that_is_dropped_at_any_request_is_gone_on_with_by_the_same_answers() {
    let whole = start(slow_rounds()).await;
    run_until(&whole, &session(&whole).await, &App::default(), |_| false).await;
    let is_message = |request: &coral_tools::dev::everruns::Request| request.path.ends_with("/messages");
    let first = whole.requests().iter().position(is_message).expect("a message") + 1;
    for at in first..=whole.requests().len() {
        let (stand_in, app, cache) = (start(slow_rounds()).await, App::default(), ResultCache::new());
        let first = everruns(&stand_in).result_cache(&cache).session(session(&stand_in).await.id());
        run_until(&stand_in, &first, &app, |stand_in| stand_in.requests().len() >= at && stand_in.events() > 0).await;
        let second = everruns(&stand_in).result_cache(&cache).session(first.id());
        let turn = goes_on(&stand_in, &second, &app).await;
        assert_eq!(turn.messages, ["All is well."], "at request {at}");
        answered_once(&stand_in, &app);
    }
}
