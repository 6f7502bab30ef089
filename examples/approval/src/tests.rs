//! An agent calls the tool, and an employee decides.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use coral_tools::Secret;
use coral_tools::serde_json::{self, Value, json};
use coral_tools::testing::Harness;
use tower::ServiceExt;

use crate::decide::PendingRefund;
use crate::{app, refund};

fn application() -> (Router, Harness) {
    let secret = Secret::new("secret");
    let app = app(secret.clone());
    let harness = Harness::from_router(app.clone(), "/coral", secret).by_agent("clerk");
    (app, harness)
}

async fn pending(app: &Router) -> Vec<PendingRefund> {
    let request = Request::get("/approvals").body(Body::empty()).expect("a request");
    let response = app.clone().oneshot(request).await.expect("infallible");
    let body = to_bytes(response.into_body(), 10_000).await.expect("a body");
    serde_json::from_slice(&body).expect("a list")
}

async fn decide(app: &Router, ticket: &str, decision: Value) -> StatusCode {
    let request = Request::post(format!("/approvals/{ticket}"))
        .header("content-type", "application/json")
        .body(Body::from(decision.to_string()))
        .expect("a request");
    app.clone().oneshot(request).await.expect("infallible").status()
}

/// Calls the tool, and returns the ticket that an employee sees.
async fn ticket_of(app: &Router, agent: &Harness, euros: u32) -> String {
    let response = agent.call(refund { order: 7, euros }).await;
    assert!(response.text().contains("input_required"), "{}", response.text());
    let pending = pending(app).await;
    assert_eq!((pending[0].agent.as_deref(), pending[0].order, pending[0].euros), (Some("clerk"), 7, euros));
    pending[0].ticket.clone()
}

async fn text_of(agent: &Harness, euros: u32) -> String {
    agent.call(refund { order: 7, euros }).await.text().to_owned()
}

#[tokio::test(start_paused = true)]
async fn a_small_refund_is_made_at_once() {
    let (app, agent) = application();
    assert_eq!(text_of(&agent, 50).await, r#"{"result":"refunded 50 EUR of order 7"}"#);
    assert!(text_of(&agent, 1001).await.contains("at most 1000 EUR"));
    assert!(pending(&app).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_employee_approves_a_refund_once() {
    let (app, agent) = application();
    let ticket = ticket_of(&app, &agent, 80).await;
    assert_eq!(decide(&app, &ticket, json!({ "decision": "approve" })).await, StatusCode::NO_CONTENT);
    assert_eq!(decide(&app, &ticket, json!({ "decision": "approve" })).await, StatusCode::CONFLICT);
    assert_eq!(text_of(&agent, 80).await, r#"{"result":"refunded 80 EUR of order 7"}"#);
    assert_eq!(decide(&app, "other", json!({ "decision": "approve" })).await, StatusCode::NOT_FOUND);
}

#[tokio::test(start_paused = true)]
async fn an_employee_edits_or_denies_a_refund() {
    let (app, agent) = application();
    let ticket = ticket_of(&app, &agent, 80).await;
    let edited = |euros: u32| json!({ "decision": "approve_with", "arguments": { "order": 7, "euros": euros } });
    assert_eq!(decide(&app, &ticket, edited(0)).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(decide(&app, &ticket, edited(1001)).await, StatusCode::UNPROCESSABLE_ENTITY, "the policy denies it");
    assert_eq!(decide(&app, &ticket, edited(60)).await, StatusCode::NO_CONTENT);
    assert_eq!(text_of(&agent, 80).await, r#"{"result":"refunded 60 EUR of order 7"}"#);

    let ticket = ticket_of(&app, &agent, 90).await;
    let denied = json!({ "decision": "deny", "reason": "the order was delivered" });
    assert_eq!(decide(&app, &ticket, denied).await, StatusCode::NO_CONTENT);
    assert!(text_of(&agent, 90).await.contains("the call was denied: the order was delivered"));
}

#[tokio::test(start_paused = true)]
async fn an_employee_approves_all_refunds_of_a_session() {
    let (app, agent) = application();
    let ticket = ticket_of(&app, &agent, 80).await;
    assert_eq!(decide(&app, &ticket, json!({ "decision": "approve_for_session" })).await, StatusCode::NO_CONTENT);
    assert_eq!(text_of(&agent, 81).await, r#"{"result":"refunded 81 EUR of order 7"}"#);
}
