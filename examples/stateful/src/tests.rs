//! From an agent's request to a person's decision and back.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use coral_tools::Secret;
use coral_tools::testing::Harness;
use tower::ServiceExt;

use crate::desk::{Approval, Decision};
use crate::list::ListApprovals;
use crate::tools::{Ticket, check_approval, request_approval};
use crate::{App, app};

const ADA: &str = "session-of-ada";
const BOB: &str = "session-of-bob";

fn application() -> (Router, Harness) {
    let state = App::default();
    state.sessions.open(ADA, "Ada");
    state.sessions.open(BOB, "Bob");
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
async fn a_person_decides_and_the_agent_sees_it() {
    let (app, agent) = application();
    let ticket = agent.call(request()).await.value::<Ticket>().expect("a ticket");
    assert_eq!(ticket, Ticket { ticket: 1, taken_by: "blue".into() });

    let look = async || agent.call(check_approval { ticket: 1 }).await.value::<Approval>().expect("an approval");
    assert_eq!(look().await.decision, None);
    assert_eq!(decide(app, 1, "\"approved\"").await, StatusCode::NO_CONTENT);
    assert_eq!(look().await.decision, Some(Decision::Approved));
}

#[tokio::test]
async fn the_list_can_be_shortened() {
    let (app, agent) = application();
    for _ in 0..2 {
        assert!(agent.call(request()).await.is_success());
    }
    assert_eq!(decide(app, 2, "\"refused\"").await, StatusCode::NO_CONTENT);
    let list =
        async |open_only| agent.call(ListApprovals { open_only }).await.value::<Vec<Approval>>().expect("a list");
    assert_eq!(list(false).await.len(), 2);
    assert_eq!(list(true).await.iter().map(|approval| approval.ticket).collect::<Vec<_>>(), [1]);
}

#[tokio::test]
async fn customers_are_kept_apart() {
    let (_, ada) = application();
    assert!(ada.call(request()).await.is_success());
    let bob = ada.clone().in_session(BOB);
    let answer = bob.call(check_approval { ticket: 1 }).await;
    assert!(answer.error().is_some_and(|error| error.contains("list_approvals")), "{}", answer.text());

    let nobody = ada.in_session("unheard-of").call(request()).await;
    assert_eq!((nobody.status(), nobody.error()), (Some(400), Some("Invalid session")));
}
