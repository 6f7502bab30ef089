//! Requests that end without a decision.

use coral_tools::TicketError;
use coral_tools::store::{MemoryStore, Store};

use super::*;

#[tokio::test(start_paused = true)]
async fn a_request_expires() {
    let tools: Toolset<App> = toolset![refund].with_approval(|_: &refund, _: &Context<'_, App>| {
        Ok(Approval::required("decide within a minute").time_to_live(Duration::from_secs(60)))
    });
    let app = App::default();
    let json = json_of(call(&tools, &app, "refund", json!({ "euros": 80 })).await);
    assert_eq!(json["ticket"]["ttlMs"], 60_000, "{json}");
    let argument = json!({ "ticket": json["ticket"]["id"] });
    let id = only_pending(&tools).await.id;
    tokio::time::advance(Duration::from_secs(45)).await;
    let waiting = call(&tools, &app, "refund", json!({ "euros": 80 })).await;
    let error = error_of(waiting);
    assert!(error.contains("the request for approval has expired"), "{error}");
    assert!(pending(&tools).await.is_empty());
    assert!(matches!(tools.approvals().approve(&id, app.clone()).await, Err(TicketError::Unknown)));
    assert!(matches!(tools.approvals().deny(&id, "no").await, Err(TicketError::Unknown)));
    let unknown = error_of(call(&tools, &app, "refund_result", argument).await);
    assert!(unknown.contains("there is no ticket with this id"), "{unknown}");
    ticket_argument(call(&tools, &app, "refund", json!({ "euros": 80 })).await);
    assert_ne!(only_pending(&tools).await.id, id, "the same call is a new request");
    assert!(app.refunds().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_requests_of_a_session_end_with_it() {
    let (store, app): (Arc<dyn Store>, _) = (Arc::new(MemoryStore::new()), App::default());
    let tools = tools().with_shared_store(Arc::clone(&store));
    ticket_argument(call(&tools, &app, "refund", json!({ "euros": 80 })).await);
    let id = only_pending(&tools).await.id;
    store.forget_session("s1").await.expect("forgotten");
    assert!(matches!(tools.approvals().approve(&id, app.clone()).await, Err(TicketError::Unknown)));
    assert!(app.refunds().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_full_store_lets_no_call_pass() {
    let app = App::default();
    let tools = tools().with_store(MemoryStore::new().tickets_per_session(1));
    ticket_argument(call(&tools, &app, "refund", json!({ "euros": 80 })).await);
    assert_eq!(call(&tools, &app, "refund", json!({ "euros": 81 })).await.label(), "internal_error");
    assert!(app.refunds().is_empty());
}
