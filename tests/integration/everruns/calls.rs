//! Requests of the client, and errors of the server.

use std::time::Duration;

use coral_stand_in::everruns::{ErrorFormat, EverrunsStandIn, Fault};
use coral_tools::platform::everruns::NewSession;
use coral_tools::{Everruns, FailureStage};
use http::StatusCode;
use serde_json::json;

use super::{App, everruns, posted, session, start, tools, turn, two_rounds};
use crate::client::test_server::{TestResponse, TestServer};

#[tokio::test]
async fn the_client_calls_these_endpoints() {
    let (stand_in, app) = (start(two_rounds()).await, App::default());
    let session = session(&stand_in).await;
    session.run(&tools(), &app).message("Where are my orders?").await.expect("a turn");
    session.cancel().await.expect("nothing to cancel");
    session.delete().await.expect("deleted");
    let line = |method: &str, path: &str| {
        format!("{method} {}", path.split('?').next().unwrap_or_default().replace(session.id(), "{id}"))
    };
    let mut lines: Vec<_> = stand_in.requests().iter().map(|request| line(&request.method, &request.path)).collect();
    lines.sort();
    lines.dedup();
    assert_eq!(
        lines,
        [
            "DELETE /api/v1/sessions/{id}",
            "GET /api/v1/sessions/{id}",
            "GET /api/v1/sessions/{id}/events",
            "GET /api/v1/sessions/{id}/sse",
            "POST /api/v1/sessions",
            "POST /api/v1/sessions/{id}/cancel",
            "POST /api/v1/sessions/{id}/messages",
            "POST /api/v1/sessions/{id}/tool-results",
        ]
    );
}

#[tokio::test]
async fn messages_have_the_documented_form() {
    let stand_in = start(two_rounds()).await;
    turn(&stand_in, &App::default()).await.expect("a turn");
    let [message] = &posted(&stand_in, "/messages")[..] else { panic!("one message") };
    let id = message["client_message_id"].as_str().expect("an id");
    let text = json!([{"type": "text", "text": "Where are my orders?"}]);
    assert_eq!(message, &json!({"message": {"role": "user", "content": text}, "client_message_id": id}));
    assert_eq!(id.len(), 36);
}

#[tokio::test]
async fn the_key_and_the_organization_are_sent_and_redacted() {
    let stand_in = start(EverrunsStandIn::builder().key("evr_pat_secret")).await;
    let everruns = everruns(&stand_in).organization("org_00000000000000000000000000000001");
    let session = everruns.create_session(&NewSession::without_agent()).await.expect("a session");
    let request = stand_in.requests().remove(0);
    assert_eq!(request.authorization.as_deref(), Some("Bearer evr_pat_secret"));
    assert_eq!(request.organization.as_deref(), Some("org_00000000000000000000000000000001"));
    let rejected = everruns.key("evr_pat_wrong_and_secret").session(session.id()).state().await.expect_err("rejected");
    assert_eq!(rejected.stage(), FailureStage::KeyRejected);
    assert!(!format!("{session:?} {rejected} {rejected:?}").contains("evr_pat"), "{session:?} {rejected:?}");
}

#[tokio::test]
async fn a_reason_is_percent_encoded() {
    let stand_in = start(EverrunsStandIn::builder()).await;
    let request = NewSession::without_agent().reason("Für Zoë");
    everruns(&stand_in).create_session(&request).await.expect("a session");
    assert_eq!(stand_in.requests()[0].reason.as_deref(), Some("F%C3%BCr%20Zo%C3%AB"));
    let errors = request.reason("x".repeat(1001)).check().expect_err("too long").to_string();
    assert_eq!(errors, "reason: it is longer than 1000 characters");
}

#[tokio::test]
async fn the_url_may_end_with_a_slash_or_the_version() {
    let stand_in = start(EverrunsStandIn::builder()).await;
    for end in ["", "/", "/v1", "/v1/"] {
        let everruns = Everruns::at(&format!("{}{end}", stand_in.url())).key(stand_in.key());
        everruns.create_session(&NewSession::without_agent()).await.expect(end);
    }
}

#[tokio::test]
async fn all_error_bodies_are_parsed() {
    for (shape, message, code) in [
        (ErrorFormat::Problem, Some("Session not found"), Some("not_found")),
        (ErrorFormat::Text, Some("Session not found"), None),
        (ErrorFormat::Nested, Some("Session not found"), Some("not_found")),
        (ErrorFormat::Plain, Some("Session not found"), None),
        (ErrorFormat::Empty, None, None),
    ] {
        let stand_in = start(EverrunsStandIn::builder().fault(Fault::ErrorFormat(shape))).await;
        let error = everruns(&stand_in).session("session_0").state().await.expect_err("not found");
        assert_eq!(
            (error.status(), error.server_message(), error.code()),
            (Some(StatusCode::NOT_FOUND), message, code),
            "{shape:?}"
        );
    }
}

#[tokio::test]
async fn creating_a_session_is_not_retried_after_an_error() {
    let stand_in = start(EverrunsStandIn::builder()).await;
    let invalid = NewSession::with_agent("agent_01933b5a00007000800000000000001");
    let error = everruns(&stand_in).retries(3).create_session(&invalid).await.expect_err("31 digits");
    assert_eq!((error.status(), error.server_message()), (Some(StatusCode::BAD_REQUEST), Some("Invalid agent ID")));
    assert_eq!(posted(&stand_in, "/sessions").len(), 1);
    for lost in [TestResponse::Disconnect, TestResponse::new(500, "", ""), TestResponse::new(503, "", "")] {
        let server = TestServer::with_responses([lost, TestResponse::json(201, r#"{"id": "s"}"#)]).await;
        let everruns = Everruns::at(&server.url()).retries(3);
        everruns.create_session(&NewSession::without_agent()).await.expect_err("the session may exist");
        assert_eq!(server.requests().len(), 1);
    }
    let unreachable = Everruns::at("http://127.0.0.1:9").retries(0).timeout(Duration::from_secs(5));
    let error = unreachable.create_session(&NewSession::without_agent()).await.expect_err("no server");
    assert_eq!(error.stage(), FailureStage::NotSent);
}

#[tokio::test]
async fn session_ids_cannot_change_the_path() {
    let stand_in = start(EverrunsStandIn::builder()).await;
    for id in ["", "..", "."] {
        let error = everruns(&stand_in).session(id).state().await.expect_err("not an id");
        assert_eq!(error.stage(), FailureStage::InvalidRequest);
    }
    let error = everruns(&stand_in).session("a/b?c").state().await.expect_err("not found");
    assert!(error.is_not_found());
    assert_eq!(stand_in.requests()[0].path, "/api/v1/sessions/a%2Fb%3Fc");
}

#[tokio::test]
async fn creating_a_session_is_not_retried_after_a_lost_response() {
    let stand_in = start(EverrunsStandIn::builder().fault(Fault::LosesSessionResponses(1))).await;
    let everruns = everruns(&stand_in).retries(3);
    let error = everruns.create_session(&NewSession::without_agent()).await.expect_err("no response");
    assert_eq!((error.stage(), error.is_retryable()), (FailureStage::NoResponse, false));
    assert_eq!(posted(&stand_in, "/sessions").len(), 1);
}
