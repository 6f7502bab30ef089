//! Handing in answers: once, whole, and never to another batch.

use coral_tools::dev::everruns::{StandIn, Step, Trap};
use serde_json::json;

use super::{App, all_is_well, everruns, looks_up, posted, session, start, tools, turn, waits, with, within};

#[tokio::test]
async fn answers_whose_receipt_is_lost_are_not_handed_in_again() {
    let (stand_in, app) = (with(Trap::LosesResponses(2)).await, App::default());
    let turn = turn(&stand_in, &app).await.expect("a turn");
    all_is_well(&stand_in, &app, &turn);
    assert_eq!(posted(&stand_in, "/tool-results").len(), 2, "the second batch would have got the first one's answers");
    assert!(turn.calls.iter().all(|call| !call.late), "they have arrived: {turn:?}");
}

#[tokio::test]
async fn answers_that_were_not_taken_are_handed_in_again() {
    let (stand_in, app) = (with(Trap::Fails(2)).await, App::default());
    let turn = turn(&stand_in, &app).await.expect("a turn");
    all_is_well(&stand_in, &app, &turn);
    assert_eq!(posted(&stand_in, "/tool-results").len(), 4);
}

/// A tool takes too long, the platform goes on without it, and waits for something else by the time the tool is done.
#[tokio::test]
async fn late_answers_are_not_given_to_the_next_batch() {
    let builder = StandIn::builder().turn([waits(), looks_up(&["A1"]), Step::says("Done.")]);
    let (stand_in, app, tools) = (start(builder).await, App::default(), tools());
    let session = session(&stand_in).await;
    let (turn, ()) = tokio::join!(within(session.run(&tools, &app).message("Go on.")), async {
        app.has_entered().await;
        stand_in.time_out();
        app.opened.notify_one();
    });
    let turn = turn.expect("a turn");
    let late: Vec<_> = turn.calls.iter().map(|call| (call.tool.as_str(), call.late)).collect();
    assert_eq!(late, [("wait", true), ("lookup_order", false)]);
    let statuses: Vec<_> = stand_in.seen().iter().map(|seen| seen.status).collect();
    assert_eq!(statuses, ["timeout", "success"]);
    assert_eq!(posted(&stand_in, "/tool-results").len(), 1, "the late one is not sent");
}

/// The same, when the platform gives up while the answer is under way.
#[tokio::test]
async fn a_conflict_is_looked_into_before_anything_is_sent_again() {
    let (stand_in, app) = (with(Trap::GivesUpAtAnswer).await, App::default());
    let turn = turn(&stand_in, &app).await.expect("a turn");
    let statuses: Vec<_> = stand_in.seen().iter().map(|seen| seen.status).collect();
    assert_eq!(statuses, ["timeout", "timeout", "success"]);
    let late: Vec<_> = turn.calls.iter().map(|call| call.late).collect();
    assert_eq!(late, [true, true, false]);
    let posts = posted(&stand_in, "/tool-results");
    assert_eq!(posts.len(), 2, "{posts:?}");
    assert_ne!(posts[0], posts[1]);
}

/// Somebody else says something while tools run.
#[tokio::test]
async fn a_message_takes_the_place_of_answers() {
    let builder = StandIn::builder().turn([waits(), Step::says("Never mind, then.")]);
    let (stand_in, app, tools) = (start(builder).await, App::default(), tools());
    let session = session(&stand_in).await;
    let other = everruns(&stand_in).session(session.id());
    let (turn, other) = tokio::join!(within(session.run(&tools, &app).message("Go on.")), async {
        app.has_entered().await;
        let other = within(other.run(&tools, &app).message("Never mind.")).await;
        app.opened.notify_one();
        other
    });
    let (turn, other) = (turn.expect("a turn"), other.expect("a turn"));
    assert_eq!((turn.text(), turn.calls[0].late), ("Never mind, then.", true));
    assert_eq!((other.text(), other.calls.len()), ("Never mind, then.", 0));
    assert_eq!(stand_in.seen()[0].status, "cancelled");
    assert_eq!(app.runs().len(), 1);
}

#[tokio::test]
async fn what_the_answers_look_like() {
    let (stand_in, app) = (start(super::two_rounds()).await, App::default());
    turn(&stand_in, &app).await.expect("a turn");
    let ids: Vec<_> = stand_in.calls().into_iter().map(|call| call.id).collect();
    let first = json!({"tool_results": [
        {"tool_call_id": ids[0], "result": {"result": "A1 is on its way"}},
        {"tool_call_id": ids[1], "error": r#"{"success":false,"error":"there is no such order"}"#},
    ]});
    assert_eq!(posted(&stand_in, "/tool-results")[0], first);
}
