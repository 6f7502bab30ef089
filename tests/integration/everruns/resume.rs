//! Resuming running and ended turns.

use coral_stand_in::everruns::{EverrunsStandIn, Step};
use coral_tools::platform::TurnEnd;

use super::{App, everruns, looks_up, session, start, tools, waits, within};

#[tokio::test]
async fn resuming_an_ended_turn_returns_its_messages() {
    let builder = EverrunsStandIn::builder().turn([Step::message("First.")]).turn([
        looks_up(&["A1"]),
        Step::message("Let me see."),
        Step::message("Second."),
    ]);
    let (stand_in, app, tools) = (start(builder).await, App::default(), tools());
    let session = session(&stand_in).await;
    let nothing = within(session.run(&tools, &app).resume()).await.expect("nothing to do");
    assert_eq!((nothing.text(), nothing.end, nothing.calls.len()), ("", TurnEnd::Done, 0));
    for _ in 0..2 {
        within(session.run(&tools, &app).message("Go on.")).await.expect("a turn");
    }
    let again = within(everruns(&stand_in).session(session.id()).run(&tools, &app).resume()).await.expect("a turn");
    assert_eq!(again.messages, ["Let me see.", "Second."], "only the last turn");
    assert_eq!(app.runs().len(), 1, "no call runs again");
}

#[tokio::test]
async fn open_calls_are_recovered_from_events() {
    let builder = EverrunsStandIn::builder().turn([looks_up(&["A1"]), waits(), Step::message("Done.")]);
    let (stand_in, app, tools) = (start(builder).await, App::default(), tools());
    let session = session(&stand_in).await;
    tokio::select! {
        () = app.has_entered() => (),
        _ = session.run(&tools, &app).message("Go on.") => panic!("it waits for the tool"),
    }
    // A restarted program knows only the id.
    let resumed = everruns(&stand_in).session(session.id());
    let (turn, ()) = tokio::join!(within(resumed.run(&tools, &app).resume()), async {
        app.has_entered().await;
        app.opened.notify_one();
    });
    assert_eq!(turn.expect("a turn").text(), "Done.");
    assert_eq!(app.runs().len(), 3, "only the call without a result ran again");
    assert!(stand_in.calls().iter().all(|call| call.result_count == 1));
}

#[tokio::test]
async fn a_failed_turn_stays_failed() {
    let stand_in = start(EverrunsStandIn::builder().turn([Step::failure("budget", "too dear")])).await;
    let (app, tools, session) = (App::default(), tools(), session(&stand_in).await);
    for error in
        [within(session.run(&tools, &app).message("Go on.")).await, within(session.run(&tools, &app).resume()).await]
    {
        assert_eq!(error.expect_err("failed").to_string(), "the turn failed: too dear (budget)");
    }
}
