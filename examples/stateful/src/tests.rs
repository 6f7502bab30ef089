//! Tests of the tools with the harness, and of the route for decisions.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use coral_tools::Secret;
use coral_tools::testing::Harness;
use tower::ServiceExt;

use crate::approval_store::{ApprovalRequest, Decision};
use crate::list_approvals::ListApprovals;
use crate::tools::{Ticket, check_approval, request_approval};
use crate::{App, app};

const ADA: &str = "session-of-ada";
const BOB: &str = "session-of-bob";

fn application() -> (Router, Harness) {
    let state = App::default();
    state.sessions.register(ADA, "Ada");
    state.sessions.register(BOB, "Bob");
    let secret = Secret::new("secret");
    let app = app(state, secret.clone());
    let harness = Harness::from_router(app.clone(), "/coral", secret).in_session(ADA).by_agent("buyer");
    (app, harness)
}

fn request() -> request_approval {
    request_approval { summary: "Buy 12 chairs for 900 EUR".into() }
}

async fn decide(app: Router, ticket: u64, decision: &'static str) -> StatusCode {
    let request = Request::post(format!("/approvals/{ticket}"))
        .header("content-type", "application/json")
        .body(Body::from(decision))
        .expect("a request");
    app.oneshot(request).await.expect("infallible").status()
}

#[tokio::test]
async fn check_approval_returns_the_decision() {
    let (app, agent) = application();
    let ticket = agent.call(request()).await.value::<Ticket>().expect("a ticket");
    assert_eq!(ticket, Ticket { ticket: 1, accepted_by: "blue".into() });

    let check = async || agent.call(check_approval { ticket: 1 }).await.value::<ApprovalRequest>().expect("a request");
    assert_eq!(check().await.decision, None);
    assert_eq!(decide(app, 1, "\"approved\"").await, StatusCode::NO_CONTENT);
    assert_eq!(check().await.decision, Some(Decision::Approved));
}

#[tokio::test]
async fn decided_requests_can_be_omitted_from_the_list() {
    let (app, agent) = application();
    for _ in 0..2 {
        assert!(agent.call(request()).await.is_success());
    }
    assert_eq!(decide(app, 2, "\"rejected\"").await, StatusCode::NO_CONTENT);
    let list = async |open_only| {
        agent.call(ListApprovals { open_only }).await.value::<Vec<ApprovalRequest>>().expect("a list")
    };
    assert_eq!(list(false).await.len(), 2);
    assert_eq!(list(true).await.iter().map(|request| request.ticket).collect::<Vec<_>>(), [1]);
}

#[tokio::test]
async fn requests_of_other_customers_are_not_visible() {
    let (_, ada) = application();
    assert!(ada.call(request()).await.is_success());
    let bob = ada.clone().in_session(BOB);
    let response = bob.call(check_approval { ticket: 1 }).await;
    assert!(response.error().is_some_and(|error| error.contains("list_approvals")), "{}", response.text());

    let unknown = ada.in_session("unknown").call(request()).await;
    assert_eq!((unknown.status(), unknown.error()), (Some(400), Some("Invalid session")));
}
