//! Sessions that wait for results, and the calls they wait for.

use std::time::Duration;

use coral_stand_in::everruns::{EverrunsStandIn, Fault, Step};
use coral_tools::platform::everruns::{CancelOutcome, NewSession, SessionStatus};
use coral_tools::platform::{RunError, RunLimits, UnknownToolPolicy};
use coral_tools::{ClientError, Everruns, FailureStage};
use serde_json::{Value, json};

use super::{App, assert_complete, everruns, posted, session, start, tools, turn, two_rounds, waits, with, within};
use crate::client::test_server::{TestResponse, TestServer};

#[tokio::test]
async fn both_spellings_of_the_waiting_status_are_parsed() {
    for fault in [Fault::SnakeCaseStatus, Fault::LateWaitingStatus(0)] {
        let (stand_in, app) = (with(fault).await, App::default());
        let turn = turn(&stand_in, &app).await.expect("a turn");
        assert_complete(&stand_in, &app, &turn);
    }
}

#[tokio::test]
async fn results_are_submitted_once_the_session_waits() {
    let (stand_in, app) = (with(Fault::LateWaitingStatus(3)).await, App::default());
    let turn = turn(&stand_in, &app).await.expect("a turn");
    assert_complete(&stand_in, &app, &turn);
    assert_eq!(posted(&stand_in, "/tool-results").len(), 2, "no attempt gets 409");
}

#[tokio::test]
async fn a_session_that_never_waits_is_an_error() {
    let (stand_in, app) = (with(Fault::LateWaitingStatus(usize::MAX)).await, App::default());
    let everruns = everruns(&stand_in).pause_timeout(Duration::ZERO);
    let session = everruns.create_session(&NewSession::without_agent().tools(&tools())).await.expect("a session");
    let error = within(session.run(&tools(), &app).message("Go on.")).await.expect_err("no pause");
    assert!(matches!(error, RunError::NotWaiting(_)), "{error}");
    assert!(error.to_string().contains("pause_timeout"), "{error}");
    assert!(app.runs().is_empty(), "no tool ran");
}

#[tokio::test]
async fn a_turn_that_continues_without_results_is_an_error() {
    let (stand_in, app) = (with(Fault::ContinuesWithoutResults).await, App::default());
    let error = turn(&stand_in, &app).await.expect_err("no pause");
    assert!(matches!(error, RunError::NotWaiting(_)), "{error}");
    assert!(error.to_string().contains("setup_connection"), "{error}");
    assert!(app.runs().is_empty(), "no tool ran");
    assert!(posted(&stand_in, "/tool-results").is_empty());
}

#[tokio::test]
async fn setup_connection_is_set_only_with_tools() {
    let stand_in = start(EverrunsStandIn::builder()).await;
    session(&stand_in).await;
    everruns(&stand_in).create_session(&NewSession::without_agent()).await.expect("a session");
    let hints: Vec<_> = posted(&stand_in, "/sessions").iter().map(|body| body["hints"].clone()).collect();
    assert_eq!(hints, [json!({"setup_connection": true}), Value::Null]);
}

#[tokio::test]
async fn a_server_that_ignores_tools_is_an_error() {
    let stand_in = with(Fault::IgnoresToolsAndHints).await;
    let request = NewSession::without_agent().tools(&tools());
    let error: ClientError = everruns(&stand_in).create_session(&request).await.expect_err("no tools");
    assert_eq!(error.stage(), FailureStage::InvalidResponse);
    let message = error.to_string();
    assert!(message.contains("ignored `lookup_order`, `wait`") && message.contains("Session session_"), "{message}");
    everruns(&stand_in).create_session(&NewSession::without_agent()).await.expect("a session without tools");
}

#[tokio::test]
async fn calls_of_unknown_tools_get_errors_in_the_same_batch() {
    let (stand_in, app) = (with(Fault::SetupConnectionCall).await, App::default());
    let turn = turn(&stand_in, &app).await.expect("a turn");
    assert_eq!(turn.text(), "All is well.");
    let batches = posted(&stand_in, "/tool-results");
    let sizes: Vec<_> = batches.iter().map(|body| body["tool_results"].as_array().map_or(0, Vec::len)).collect();
    assert_eq!(sizes, [3, 2], "the calls of both events");
    let results = stand_in.tool_results();
    assert_eq!((results[0].tool.as_str(), results[0].status), ("setup_connection", "error"));
    assert_eq!(results[0].text, r#"{"success":false,"error":"tool not available in this client"}"#);
    assert!(results.iter().all(|result| result.status != "missing"), "{results:?}");
    assert_eq!(app.runs().len(), 3);
}

/// Everruns accepts no partial results: any results resume the turn.
#[tokio::test]
async fn calls_of_unknown_tools_are_never_left_open() {
    let builder = EverrunsStandIn::builder().turn([Step::calls([("teleport", json!({}))]), Step::message("Then not.")]);
    let (stand_in, app, tools) = (start(builder).await, App::default(), tools());
    let session = session(&stand_in).await;
    let run = session.run(&tools, &app).limits(RunLimits::new().unknown_tools(UnknownToolPolicy::Leave));
    assert_eq!(within(run.message("Go on.")).await.expect("a turn").text(), "Then not.");
    assert_eq!(stand_in.tool_results()[0].status, "error");
}

/// Everruns cancels running turns only, although it offers `cancel` for others.
#[tokio::test]
async fn a_waiting_turn_is_not_cancelled() {
    let (stand_in, app, tools) = (start(EverrunsStandIn::builder().turn([waits()])).await, App::default(), tools());
    let session = session(&stand_in).await;
    assert_eq!(session.state().await.expect("a state").status, SessionStatus::Started);
    let (turn, ()) = tokio::join!(within(session.run(&tools, &app).message("Go on.")), async {
        app.has_entered().await;
        assert_eq!(session.state().await.expect("a state").status, SessionStatus::WaitingForToolResults);
        assert_eq!(session.cancel().await.expect("a response"), CancelOutcome::NotRunning);
        app.opened.notify_one();
    });
    assert!(!turn.expect("a turn").calls[0].late);
    assert_eq!(session.state().await.expect("a state").status, SessionStatus::Idle);
}

#[tokio::test]
async fn a_deleted_session_is_not_found() {
    let stand_in = start(two_rounds()).await;
    let session = session(&stand_in).await;
    session.delete().await.expect("deleted");
    assert!(session.state().await.expect_err("deleted").is_not_found());
    assert!(session.delete().await.expect_err("deleted").is_not_found());
    let error = within(session.run(&tools(), &App::default()).message("Go on.")).await.expect_err("deleted");
    assert!(matches!(&error, RunError::Client(error) if error.is_not_found()), "{error}");

    let server =
        TestServer::with_responses([TestResponse::Disconnect, TestResponse::json(404, r#"{"title": "Not found"}"#)])
            .await;
    Everruns::at(&server.url()).session("s").delete().await.expect("the first attempt deleted it");
}
