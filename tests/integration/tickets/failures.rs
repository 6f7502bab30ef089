//! Deferred results that fail, expire, or are too large.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use coral_tools::store::{MemoryStore, StoreError};
use coral_tools::{Deferred, State, TicketError, ToolError, Toolset, coral_tool, toolset};
use tokio::time::{advance, sleep};

use super::{App, TEA, Webhooks, deferred_tools, json_of, ticket_argument, ticket_id};

const NONE: &str = r#"{"article": "none"}"#;

#[tokio::test]
async fn a_failure_before_the_deadline_is_not_kept() {
    let app = App::open();
    let webhooks = Webhooks::of(&deferred_tools(), &app);
    for run in 1..3 {
        assert_eq!(webhooks.call("review", NONE).await.error(), Some(format!("run {run}: sold out")));
    }
    let panic = r#"{"article": "panic"}"#;
    assert_eq!(webhooks.call("review", panic).await.error().as_deref(), Some("the tool failed"));
    assert_eq!(app.runs(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_later_failure_is_returned_once() {
    let (app, _started) = App::closed();
    let webhooks = Webhooks::of(&deferred_tools(), &app);
    let id = ticket_id(&webhooks.call("review", NONE).await);
    app.release(1);
    let error = webhooks.call("review_result", &ticket_argument(&id)).await.error();
    assert_eq!(error.as_deref(), Some("run 1: sold out"));
    let error = webhooks.call("review_result", &ticket_argument(&id)).await.error().expect("an error");
    assert!(error.contains("there is no ticket with this id"), "{error}");

    ticket_id(&webhooks.call("review", NONE).await);
    app.release(1);
    assert_eq!(webhooks.call("review", NONE).await.error().as_deref(), Some("run 2: sold out"), "for a repetition");
    app.release(1);
    assert_eq!(webhooks.call("review", NONE).await.error().as_deref(), Some("run 3: sold out"), "a new run");
}

/// Never has a result.
#[coral_tool]
fn hang(article: String, #[context] State(app): State<App>) -> Deferred<u32> {
    Deferred::new(async move {
        app.run(&article).await?;
        std::future::pending::<Result<u32, ToolError>>().await
    })
    .status_message("it hangs")
    .time_to_live(Duration::from_secs(60))
}

#[tokio::test(start_paused = true)]
async fn an_expired_ticket_is_unknown_and_its_future_is_dropped() {
    let app = App::open();
    let webhooks = Webhooks::of(&toolset![hang], &app);
    let clones = Arc::strong_count(&app.runs);
    let view = webhooks.call("hang", TEA).await;
    assert!(view.text.contains("it hangs; call `hang_result`"), "{}", view.text);
    let argument = ticket_argument(&ticket_id(&view));
    sleep(Duration::from_secs(45)).await;
    let error = webhooks.call("hang_result", &argument).await.error().expect("an error");
    assert!(error.contains("it has expired"), "it expires during the call: {error}");
    sleep(Duration::from_millis(1)).await;
    assert_eq!(Arc::strong_count(&app.runs), clones, "the future has dropped its clone");
    ticket_id(&webhooks.call("hang", TEA).await);
    assert_eq!(app.runs(), 2, "the same call runs again");
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_session_drops_its_futures() -> Result<(), StoreError> {
    let app = App::open();
    let tools: Toolset<App> = toolset![hang].with_store(MemoryStore::new());
    let webhooks = Webhooks::of(&tools, &app).with(|caller| caller.in_session("s"));
    ticket_id(&webhooks.call("hang", TEA).await);
    let clones = Arc::strong_count(&app.runs);
    tools.store().expect("it was added").forget_session("s").await?;
    advance(Duration::from_millis(1)).await;
    assert_eq!(Arc::strong_count(&app.runs), clones - 1);
    Ok(())
}

/// Returns this many characters.
#[coral_tool]
fn repeat(count: usize) -> Deferred<String> {
    Deferred::new(async move { Ok::<_, ToolError>("x".repeat(count)) })
}

#[tokio::test]
async fn a_deferred_result_has_the_limit_of_the_toolset() {
    let webhooks = Webhooks::of(&toolset![repeat].max_result_bytes(200), &App::open());
    assert!(webhooks.call("repeat", r#"{"count": 100}"#).await.is_success());
    let error = webhooks.call("repeat", r#"{"count": 300}"#).await.error().expect("an error");
    assert!(error.contains("at most 200 are allowed"), "{error}");
}

/// Asks a person, with a message of its own.
#[coral_tool]
fn ask_politely() -> Deferred<String> {
    Deferred::by_application("not yet").status_message("the person is asleep")
}

#[tokio::test(start_paused = true)]
async fn the_message_of_a_result_of_the_application_can_be_replaced() {
    let view = Webhooks::of(&toolset![ask_politely], &App::open()).call("ask_politely", "{}").await;
    assert!(view.text.contains("the person is asleep") && !view.text.contains("not yet"), "{}", view.text);
    assert_eq!(json_of(&view)["ticket"]["status"], "input_required");
}

#[test]
fn an_error_of_the_store_has_its_source() {
    let error = TicketError::from(StoreError::failed("connection refused"));
    assert_eq!(error.to_string(), "the store has failed");
    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("connection refused"));
    assert!(TicketError::from(StoreError::Full("tickets")).source().is_none());
    assert!(TicketError::Unknown.source().is_none());
}
