//! However a run is interrupted, each call is run once and answered once.

use coral_tools::dev::everruns::{StandIn, Trap};
use coral_tools::platform::everruns::Session;
use coral_tools::platform::{Answers, Turn};

use super::{App, all_is_well, answered_once, everruns, session, start, tools, turn, two_rounds, with, within};

/// How many events the turn has.
async fn events() -> usize {
    let stand_in = start(two_rounds()).await;
    turn(&stand_in, &App::default()).await.expect("a turn");
    stand_in.events()
}

#[tokio::test]
async fn the_stream_may_be_cut_in_any_event() {
    for sequence in 1..=events().await {
        let sequence = u64::try_from(sequence).expect("a number");
        let (stand_in, app) = (with(Trap::CutAt(sequence)).await, App::default());
        let turn = turn(&stand_in, &app).await.expect("a turn");
        all_is_well(&stand_in, &app, &turn);
    }
}

/// Drops the run as soon as there are so many events; says whether it was done before.
async fn run_until(stand_in: &StandIn, session: &Session, app: &App, events: usize) -> Option<Turn> {
    let tools = tools();
    tokio::select! {
        biased;
        () = stand_in.has_events(events) => None,
        turn = within(session.run(&tools, app).message("Where are my orders?")) => Some(turn.expect("a turn")),
    }
}

#[tokio::test]
async fn a_run_that_is_dropped_anywhere_is_gone_on_with_by_the_same_answers() {
    for at in 1..=events().await {
        let (stand_in, app, answers) = (start(two_rounds()).await, App::default(), Answers::new());
        let first = everruns(&stand_in).with_answers(&answers).session(session(&stand_in).await.id());
        run_until(&stand_in, &first, &app, at).await;
        let second = everruns(&stand_in).with_answers(&answers).session(first.id());
        let turn = within(second.run(&tools(), &app).resume()).await.expect("a turn");
        assert_eq!(turn.messages, ["All is well."], "at event {at}");
        answered_once(&stand_in, &app);
    }
}

/// Nothing is known but the session's id. What has run then has been handed in: the tools of these tests take no time.
#[tokio::test]
async fn a_run_that_is_dropped_between_events_is_gone_on_with_by_anybody() {
    for at in 1..=events().await {
        let (stand_in, app) = (start(two_rounds()).await, App::default());
        let first = session(&stand_in).await;
        run_until(&stand_in, &first, &app, at).await;
        let turn = within(everruns(&stand_in).session(first.id()).run(&tools(), &app).resume()).await.expect("a turn");
        all_is_well(&stand_in, &app, &turn);
    }
}
