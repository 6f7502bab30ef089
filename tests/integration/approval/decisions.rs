//! The decisions of people.

use coral_tools::TicketError;
use coral_tools::store::{MemoryStore, Store};

use super::*;

const EIGHTY: &str = r#"{"euros":80}"#;

fn eighty() -> Value {
    json!({ "euros": 80 })
}

#[tokio::test(start_paused = true)]
async fn an_approved_call_runs_once_and_both_tools_return_its_result() {
    let (tools, app) = (tools(), App::default());
    let outcome = call(&tools, &app, "refund", eighty()).await;
    let json = json_of(outcome);
    let message = json["ticket"]["statusMessage"].as_str().expect("a message");
    assert!(message.starts_with("an employee decides; call `refund_result`"), "{message}");
    let argument = json!({ "ticket": json["ticket"]["id"] });

    let listed = tools.approvals().list_of::<refund>(Some("s1")).await.expect("a list");
    let (ticket, arguments) = &listed[0];
    assert_eq!((listed.len(), arguments.euros), (1, 80));
    assert_eq!(ticket.agent_name.as_deref(), Some("clerk"));
    assert_eq!(ticket.status, TicketStatus::ApprovalRequired("an employee decides".to_owned()));
    assert!(tools.approvals().list(Some("s2")).await.expect("a list").is_empty());
    assert!(app.refunds().is_empty(), "the tool has not run");

    let waiting = start(&tools, &app, eighty()).await;
    tools.approvals().approve(&ticket.id, app.clone()).await.expect("approved");
    assert_eq!(json_of(waiting.await.expect("an outcome")), json!({ "result": 80 }));
    assert_eq!(json_of(call(&tools, &app, "refund_result", argument).await), json!({ "result": 80 }));
    assert_eq!(json_of(call(&tools, &app, "refund", eighty()).await), json!({ "result": 80 }));
    assert_eq!(app.refunds(), [80]);
    assert!(pending(&tools).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn other_arguments_are_another_request() {
    let (tools, app) = (tools(), App::default());
    ticket_argument(call(&tools, &app, "refund", eighty()).await);
    let id = only_pending(&tools).await.id;
    tools.approvals().approve(&id, app.clone()).await.expect("approved");
    ticket_argument(call(&tools, &app, "refund", json!({ "euros": 81 })).await);
    assert_eq!(only_pending(&tools).await.arguments, br#"{"euros":81}"#);
    assert_eq!(app.refunds(), [80]);
}

#[tokio::test(start_paused = true)]
async fn a_person_decides_once() {
    let (tools, app) = (tools(), App::default());
    ticket_argument(call(&tools, &app, "refund", eighty()).await);
    let (approvals, id) = (tools.approvals(), only_pending(&tools).await.id);
    let edited = json!({ "euros": 1 });
    let decided = tokio::join!(
        approvals.approve(&id, app.clone()),
        approvals.approve(&id, app.clone()),
        approvals.approve_with(&id, &edited, app.clone()),
        approvals.approve_for_session(&id, app.clone()),
        approvals.deny(&id, "no"),
    );
    let decided = [decided.0, decided.1, decided.2, decided.3, decided.4];
    assert_eq!(decided.iter().filter(|decided| decided.is_ok()).count(), 1, "{decided:?}");
    assert!(
        decided.iter().flat_map(|decided| decided.as_ref().err()).all(|error| matches!(error, TicketError::Settled))
    );
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(app.refunds().len() <= 1);
    assert!(matches!(approvals.deny(&id, "no").await, Err(TicketError::Settled)));
    assert!(matches!(approvals.approve("other", app.clone()).await, Err(TicketError::Unknown)));
}

#[tokio::test(start_paused = true)]
async fn the_agent_reads_why_a_call_was_denied_and_no_person_is_asked_again() {
    let (tools, app) = (tools(), App::default());
    let argument = ticket_argument(call(&tools, &app, "refund", eighty()).await);
    let waiting = start(&tools, &app, eighty()).await;
    let id = only_pending(&tools).await.id;
    tools.approvals().deny(&id, "the order was delivered").await.expect("denied");
    let denied = "the call was denied: the order was delivered";
    let outcome = waiting.await.expect("an outcome");
    assert_eq!((outcome.label(), error_of(outcome)), ("rejected", denied.to_owned()));
    assert_eq!(error_of(call(&tools, &app, "refund_result", argument).await), denied);
    assert_eq!(error_of(call(&tools, &app, "refund", eighty()).await), denied);
    assert!(pending(&tools).await.is_empty() && app.refunds().is_empty());
    tokio::time::advance(Duration::from_secs(601)).await;
    ticket_argument(call(&tools, &app, "refund", eighty()).await);
}

#[tokio::test(start_paused = true)]
async fn a_failure_of_an_approved_call_is_returned_once() {
    for (euros, error) in [(666, "the bank has rejected it"), (667, "the tool failed")] {
        let (tools, app) = (tools(), App::default());
        let argument = ticket_argument(call(&tools, &app, "refund", json!({ "euros": euros })).await);
        let id = only_pending(&tools).await.id;
        tools.approvals().approve(&id, app.clone()).await.expect("approved");
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert_eq!(error_of(call(&tools, &app, "refund_result", argument).await), error);
        ticket_argument(call(&tools, &app, "refund", json!({ "euros": euros })).await);
        assert_eq!(app.refunds(), [euros], "the same call is a new request");
    }
}

#[tokio::test(start_paused = true)]
async fn another_session_has_no_access() {
    let (tools, app) = (tools(), App::default());
    let argument = ticket_argument(call(&tools, &app, "refund", eighty()).await);
    let id = only_pending(&tools).await.id;
    tools.approvals().approve(&id, app.clone()).await.expect("approved");
    tokio::time::sleep(Duration::from_secs(3)).await;
    let unknown = error_of(call_in(&tools, &app, "s2", "refund_result", argument).await);
    assert!(unknown.contains("there is no ticket with this id"), "{unknown}");
    ticket_argument(call_in(&tools, &app, "s2", "refund", eighty()).await);
    assert_eq!(app.refunds(), [80]);
}

#[tokio::test(start_paused = true)]
async fn a_decision_is_possible_after_a_restart_if_the_store_is_still_there() {
    let (store, app): (Arc<dyn Store>, _) = (Arc::new(MemoryStore::new()), App::default());
    let before = tools().with_shared_store(Arc::clone(&store));
    let argument = ticket_argument(call(&before, &app, "refund", eighty()).await);
    drop(before);
    let after = tools().with_shared_store(Arc::clone(&store));
    let id = only_pending(&after).await.id;
    after.approvals().approve(&id, app.clone()).await.expect("approved");
    assert_eq!(json_of(call(&after, &app, "refund_result", argument).await), json!({ "result": 80 }));
    let recorded = store.take_call("s1", &["refund"]).await.expect("a store").expect("a call");
    assert_eq!((&*recorded.arguments, &*recorded.result), (EIGHTY.as_bytes(), br#"{"result":80}"#.as_slice()));
    assert!(store.take_call("s1", &["refund"]).await.expect("a store").is_none(), "a ticket is not recorded");
}
