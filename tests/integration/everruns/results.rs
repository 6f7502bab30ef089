//! Submitting results: once, completely, and never to another batch.

use coral_stand_in::everruns::{EverrunsStandIn, Fault, Step};
use serde_json::json;

use super::{App, assert_complete, everruns, looks_up, posted, session, start, tools, turn, waits, with, within};

#[tokio::test]
async fn results_are_not_resubmitted_after_a_lost_response() {
    let (stand_in, app) = (with(Fault::LosesResultResponses(2)).await, App::default());
    let turn = turn(&stand_in, &app).await.expect("a turn");
    assert_complete(&stand_in, &app, &turn);
    assert_eq!(posted(&stand_in, "/tool-results").len(), 2, "the second batch does not get results of the first");
    assert!(turn.calls.iter().all(|call| !call.late), "they were accepted: {turn:?}");
}

#[tokio::test]
async fn results_are_resubmitted_after_a_server_error() {
    let (stand_in, app) = (with(Fault::ResultServerErrors(2)).await, App::default());
    let turn = turn(&stand_in, &app).await.expect("a turn");
    assert_complete(&stand_in, &app, &turn);
    assert_eq!(posted(&stand_in, "/tool-results").len(), 4);
}

/// The platform gives up on a slow tool, and waits for another batch when the tool finishes.
#[tokio::test]
async fn late_results_are_not_submitted_to_the_next_batch() {
    let builder = EverrunsStandIn::builder().turn([waits(), looks_up(&["A1"]), Step::message("Done.")]);
    let (stand_in, app, tools) = (start(builder).await, App::default(), tools());
    let session = session(&stand_in).await;
    let (turn, ()) = tokio::join!(within(session.run(&tools, &app).message("Go on.")), async {
        app.has_entered().await;
        stand_in.time_out_calls();
        app.opened.notify_one();
    });
    let turn = turn.expect("a turn");
    let late: Vec<_> = turn.calls.iter().map(|call| (call.tool.as_str(), call.late)).collect();
    assert_eq!(late, [("wait", true), ("lookup_order", false)]);
    let statuses: Vec<_> = stand_in.tool_results().iter().map(|result| result.status).collect();
    assert_eq!(statuses, ["timeout", "success"]);
    assert_eq!(posted(&stand_in, "/tool-results").len(), 1, "the late result is not sent");
}

/// The platform gives up while the results are on their way.
#[tokio::test]
async fn events_are_read_after_a_conflict() {
    let (stand_in, app) = (with(Fault::TimesOutAtFirstResult).await, App::default());
    let turn = turn(&stand_in, &app).await.expect("a turn");
    let statuses: Vec<_> = stand_in.tool_results().iter().map(|result| result.status).collect();
    assert_eq!(statuses, ["timeout", "timeout", "success"]);
    let late: Vec<_> = turn.calls.iter().map(|call| call.late).collect();
    assert_eq!(late, [true, true, false]);
    let posts = posted(&stand_in, "/tool-results");
    assert_eq!(posts.len(), 2, "{posts:?}");
    assert_ne!(posts[0], posts[1]);
}

/// Another client sends a message while tools run.
#[tokio::test]
async fn a_message_of_another_client_replaces_results() {
    let builder = EverrunsStandIn::builder().turn([waits(), Step::message("Never mind, then.")]);
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
    assert_eq!(stand_in.tool_results()[0].status, "cancelled");
    assert_eq!(app.runs().len(), 1);
}

#[tokio::test]
async fn results_have_the_documented_form() {
    let (stand_in, app) = (start(super::two_rounds()).await, App::default());
    turn(&stand_in, &app).await.expect("a turn");
    let ids: Vec<_> = stand_in.calls().into_iter().map(|call| call.id).collect();
    let first = json!({"tool_results": [
        {"tool_call_id": ids[0], "result": {"result": "A1 is on its way"}},
        {"tool_call_id": ids[1], "error": r#"{"success":false,"error":"order not found"}"#},
    ]});
    assert_eq!(posted(&stand_in, "/tool-results")[0], first);
}
