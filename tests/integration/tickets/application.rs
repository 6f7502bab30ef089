//! The application's access to tickets.

use std::sync::Arc;

use coral_tools::store::TicketStatus;
use coral_tools::{TicketError, Tickets};
use serde_json::json;

use super::{App, TEA, Webhooks, ask, deferred_tools, json_of, review, ticket_argument, ticket_id};

const QUESTION: &str = r#"{"question": "Red or blue?"}"#;

async fn only_id(tickets: &Tickets<'_, App>) -> String {
    let listed = tickets.list(None).await.expect("a list");
    assert_eq!(listed.len(), 1, "{listed:?}");
    listed[0].id.clone()
}

#[tokio::test(start_paused = true)]
async fn a_person_provides_the_result() {
    let tools = deferred_tools();
    let webhooks = Webhooks::of(&tools, &App::open());
    let view = webhooks.call("ask", QUESTION).await;
    assert_eq!(json_of(&view)["ticket"]["status"], "input_required");
    let waiting = webhooks.start("ask", QUESTION).await;
    let tickets = tools.tickets();
    let listed = tickets.list(None).await.expect("a list");
    let asked: ask = serde_json::from_slice(&listed[0].arguments).expect("the arguments");
    assert_eq!(asked.question, "Red or blue?");
    assert!(tickets.list(Some("another session")).await.expect("a list").is_empty());
    tickets.complete::<ask>(&listed[0].id, &"blue").await.expect("completed");
    assert_eq!(waiting.await.expect("a response").text, r#"{"result":"blue"}"#);
    let result = webhooks.call("ask_result", &ticket_argument(&ticket_id(&view))).await;
    assert_eq!(result.text, r#"{"result":"blue"}"#);
}

#[tokio::test(start_paused = true)]
async fn a_ticket_is_settled_once_and_with_a_result_of_its_tool() {
    let tools = deferred_tools();
    let webhooks = Webhooks::of(&tools, &App::open());
    ticket_id(&webhooks.call("ask", QUESTION).await);
    let tickets = tools.tickets();
    let id = only_id(&tickets).await;
    let error = tickets.complete::<ask>(&id, &5).await.expect_err("not a string");
    assert!(matches!(error, TicketError::InvalidResult(_)), "{error:?}");
    let error = tickets.complete::<review>(&id, &json!({ "run": 1 })).await.expect_err("another tool");
    assert!(matches!(error, TicketError::Unknown), "{error:?}");
    assert!(matches!(tickets.complete::<ask>("other", &"x").await, Err(TicketError::Unknown)));
    tickets.complete::<ask>(&id, &"blue").await.expect("completed");
    assert!(matches!(tickets.complete::<ask>(&id, &"red").await, Err(TicketError::Settled)));
    assert!(matches!(tickets.cancel(&id, "too late").await, Err(TicketError::Settled)));
    assert_eq!(webhooks.call("ask", QUESTION).await.text, r#"{"result":"blue"}"#);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_future_is_dropped_and_the_agent_reads_the_reason() {
    let (app, _started) = App::closed();
    let tools = deferred_tools();
    let webhooks = Webhooks::of(&tools, &app);
    ticket_id(&webhooks.call("review", TEA).await);
    let clones = Arc::strong_count(&app.runs);
    let waiting = webhooks.start("review", TEA).await;
    let id = only_id(&tools.tickets()).await;
    tools.tickets().cancel(&id, "the editor is on holiday").await.expect("cancelled");
    assert_eq!(waiting.await.expect("a response").error().as_deref(), Some("the editor is on holiday"));
    assert_eq!(Arc::strong_count(&app.runs), clones - 1, "the future has dropped its clone");
    app.release(1);
    assert_eq!(webhooks.call("review", TEA).await.text, r#"{"run":2}"#, "the next call runs");
    let status = tools.tickets().list(None).await.expect("a list")[0].status.clone();
    assert_eq!(status, TicketStatus::Completed(br#"{"run":2}"#.to_vec()));
}
