//! Batches that other clients settle, or whose results are hard to submit.

use coral_stand_in::everruns::{EverrunsStandIn, Fault, Step};
use coral_tools::platform::everruns::NewSession;
use coral_tools::{Everruns, Toolset, coral_tool, toolset};
use serde_json::{Value, json};

use super::{
    App, assert_complete, get_count, looks_up, posted, session, start, tools, turn, two_rounds, waits, with, within,
};

#[tokio::test]
async fn results_are_resubmitted_after_a_conflict_while_the_session_waits() {
    let (stand_in, app) = (with(Fault::ResultConflicts(2)).await, App::default());
    let turn = turn(&stand_in, &app).await.expect("a turn");
    assert_complete(&stand_in, &app, &turn);
    assert_eq!(posted(&stand_in, "/tool-results").len(), 4);
}

/// The response is lost, and the events contain half of the results.
#[tokio::test]
async fn a_partly_completed_batch_is_awaited() {
    let stand_in = start(two_rounds().fault(Fault::LosesResultResponses(1)).fault(Fault::PartialResults)).await;
    let app = App::default();
    let (turn, ()) = tokio::join!(turn(&stand_in, &app), async {
        within(stand_in.wait_until(EverrunsStandIn::is_held)).await;
        let read = get_count(&stand_in, "/events");
        within(stand_in.wait_until(|stand_in| get_count(stand_in, "/events") > read + 1)).await;
        stand_in.release();
    });
    let turn = turn.expect("a turn");
    assert_complete(&stand_in, &app, &turn);
    assert_eq!(posted(&stand_in, "/tool-results").len(), 2, "nothing is sent to a partly completed batch");
    assert!(turn.calls.iter().all(|call| !call.late), "{turn:?}");
}

/// Another client submits a result while the tool runs.
#[tokio::test]
async fn results_after_those_of_another_client_are_late() {
    let builder = EverrunsStandIn::builder().turn([waits(), looks_up(&["A1"]), Step::message("Done.")]);
    let (stand_in, app, tools) = (start(builder).await, App::default(), tools());
    let session = session(&stand_in).await;
    let (turn, ()) = tokio::join!(within(session.run(&tools, &app).message("Go on.")), async {
        app.has_entered().await;
        assert!(stand_in.submit_result(&stand_in.calls()[0].id, "theirs"));
        app.opened.notify_one();
    });
    let late: Vec<_> = turn.expect("a turn").calls.iter().map(|call| call.late).collect();
    assert_eq!(late, [true, false]);
    assert_eq!(posted(&stand_in, "/tool-results").len(), 1);
}

/// The platform takes a partial result for a complete one, and continues without the others.
#[tokio::test]
async fn a_partial_result_of_another_client_settles_the_batch() {
    let calls = Step::calls([("wait", json!({})), ("lookup_order", json!({"number": "A1"}))]);
    let stand_in = start(EverrunsStandIn::builder().turn([calls, Step::message("Done.")])).await;
    let (app, tools, session) = (App::default(), tools(), session(&stand_in).await);
    let (turn, ()) = tokio::join!(within(session.run(&tools, &app).message("Go on.")), async {
        app.has_entered().await;
        assert!(stand_in.submit_result(&stand_in.calls()[0].id, "theirs"));
        app.opened.notify_one();
    });
    let turn = turn.expect("a turn");
    let late: Vec<_> = turn.calls.iter().map(|call| call.late).collect();
    assert_eq!((turn.text(), late), ("Done.", vec![true, true]));
    assert!(posted(&stand_in, "/tool-results").is_empty());
}

/// Model providers use ids again, in another round and in another turn.
#[tokio::test]
async fn a_reused_call_id_is_another_call() {
    let builder = EverrunsStandIn::builder()
        .turn([looks_up(&["A1"]), looks_up(&["A1"]), Step::message("First.")])
        .turn([looks_up(&["A1"]), Step::message("Second.")])
        .fault(Fault::ReusesCallIds);
    let (stand_in, app, tools) = (start(builder).await, App::default(), tools());
    let session = session(&stand_in).await;
    for text in ["First.", "Second."] {
        let turn = within(session.run(&tools, &app).message("Go on.")).await.expect("a turn");
        assert_eq!(turn.text(), text);
        assert!(turn.calls.iter().all(|call| !call.from_cache && !call.late), "{turn:?}");
    }
    assert_eq!(app.runs(), ["call_lookup_order"; 3]);
    assert!(stand_in.calls().iter().all(|call| call.result_count == 1), "{:?}", stand_in.calls());
}

/// Returns nested arrays.
#[coral_tool]
fn nest(levels: usize) -> Value {
    (0..levels).fold(json!(7), |inner, _| json!([inner]))
}

/// Servers read 128 levels of JSON.
#[tokio::test]
async fn a_deeply_nested_result_is_a_success() {
    for levels in [3, 120, 300] {
        let call = Step::calls([("nest", json!({"levels": levels}))]);
        let stand_in = start(EverrunsStandIn::builder().turn([call, Step::message("Done.")])).await;
        let tools: Toolset = toolset![nest];
        let everruns = Everruns::at(stand_in.url()).key(stand_in.key());
        let session = everruns.create_session(&NewSession::without_agent().tools(&tools)).await.expect("a session");
        within(session.run(&tools, &()).message("Go on.")).await.expect("a turn");
        let text = format!(r#"{{"result":{}7{}}}"#, "[".repeat(levels), "]".repeat(levels));
        assert_eq!((stand_in.tool_results()[0].status, &stand_in.tool_results()[0].text), ("success", &text));
    }
}
