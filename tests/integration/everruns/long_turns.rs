//! Resuming turns that are long or have not started.

use coral_stand_in::everruns::{EverrunsStandIn, Fault, Step};
use coral_tools::platform::TurnEnd;
use coral_tools::platform::everruns::Session;

use super::{App, everruns, get_count, looks_up, posted, session, start, tools, waits, within};

/// The number of messages. Each is three events and a prompt, so all of them are more than a page.
const MESSAGES: usize = 400;

#[tokio::test]
async fn a_turn_longer_than_a_page_is_resumed_completely() {
    let steps = (0..MESSAGES).map(|n| Step::message(format!("{n}.")));
    let second: Vec<Step> = steps.chain([waits(), Step::message("Done.")]).collect();
    let stand_in =
        start(EverrunsStandIn::builder().turn([looks_up(&["A1"]), Step::message("First.")]).turn(second)).await;
    let (app, tools, session) = (App::default(), tools(), session(&stand_in).await);
    within(session.run(&tools, &app).message("Go on.")).await.expect("a turn");
    tokio::select! {
        () = app.has_entered() => (),
        _ = session.run(&tools, &app).message("Talk.") => panic!("it waits for the tool"),
    }

    let (turn, ()) = tokio::join!(within(resumed(&stand_in, &session).run(&tools, &app).resume()), async {
        app.has_entered().await;
        app.opened.notify_one();
    });
    let turn = turn.expect("a turn");
    let expected: Vec<String> = (0..MESSAGES).map(|n| format!("{n}.")).chain(["Done.".to_owned()]).collect();
    assert_eq!((turn.messages, turn.end), (expected.clone(), TurnEnd::Done), "only this turn, in order");
    assert_eq!(posted(&stand_in, "/tool-results").len(), 2, "once in each turn");

    let again = within(resumed(&stand_in, &session).run(&tools, &app).resume()).await.expect("a turn");
    assert_eq!((again.messages, again.calls.len()), (expected, 0), "also after its end");
}

fn resumed(stand_in: &EverrunsStandIn, session: &Session) -> Session {
    everruns(stand_in).session(session.id())
}

/// The time between a message and `turn.started`.
#[tokio::test]
async fn a_turn_that_has_not_started_yet_is_awaited() {
    let builder =
        EverrunsStandIn::builder().turn([Step::message("First.")]).turn([looks_up(&["A1"]), Step::message("Second.")]);
    let (stand_in, app, tools) = (start(builder.fault(Fault::LateTurnStart)).await, App::default(), tools());
    let session = session(&stand_in).await;
    let (first, ()) = tokio::join!(within(session.run(&tools, &app).message("Go on.")), async {
        within(stand_in.wait_until(EverrunsStandIn::is_held)).await;
        stand_in.release();
    });
    assert_eq!(first.expect("a turn").messages, ["First."]);
    tokio::select! {
        () = within(stand_in.wait_until(EverrunsStandIn::is_held)) => (),
        _ = session.run(&tools, &app).message("Go on.") => panic!("the turn has not started"),
    }

    let before = get_count(&stand_in, "/sse");
    let (second, ()) = tokio::join!(within(resumed(&stand_in, &session).run(&tools, &app).resume()), async {
        within(stand_in.wait_until(|stand_in| get_count(stand_in, "/sse") > before)).await;
        stand_in.release();
    });
    let second = second.expect("a turn");
    assert_eq!((second.messages, second.calls.len()), (vec!["Second.".to_owned()], 1));
}
