//! `#[coral_tool(once = "…")]`.

use std::pin::pin;
use std::time::Duration;

use coral_tools::store::{MemoryStore, StoreError};
use coral_tools::{
    BuildErrors, Call, CallContext, CallOrigin, Context, Deadlines, Definition, DynamicTool, Handler, Outcome, Reply,
    State, Tool, ToolError, Toolset, coral_tool, toolset,
};
use futures_util::poll;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use tokio::runtime::Handle;
use tokio::time::{Instant, advance};

use super::{App, TEA, Webhooks};

/// Orders an article.
#[coral_tool(once = "10m")]
async fn order(
    article: String,
    #[arg(default = 1)] amount: u8,
    #[context] State(app): State<App>,
) -> Result<u32, ToolError> {
    app.run(&article).await.map(|run| run * u32::from(amount))
}

/// Orders an article for somebody else.
#[coral_tool(once = "10m")]
async fn order_gift(article: String, #[context] State(app): State<App>) -> Result<u32, ToolError> {
    app.run(&article).await
}

/// Orders an article each time.
#[coral_tool]
async fn order_again(article: String, #[context] State(app): State<App>) -> Result<u32, ToolError> {
    app.run(&article).await
}

/// Orders tea on a thread.
#[coral_tool(once = "10m", blocking, timeout = "2s")]
fn order_blocking(#[context] State(app): State<App>) -> Result<u32, ToolError> {
    Handle::current().block_on(app.run("tea"))
}

fn tools() -> Toolset<App> {
    toolset![order, order_gift, order_again, order_blocking]
}

const NONE: &str = r#"{"article": "none"}"#;
const PANIC: &str = r#"{"article": "panic"}"#;

fn result(run: u32) -> String {
    json!({ "result": run }).to_string()
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_delivered_twice_runs_once() {
    let (app, _started) = App::closed();
    let webhooks = Webhooks::of(&tools(), &app);
    let (first, second) = (webhooks.start("order", TEA).await, webhooks.start("order", TEA).await);
    app.release(2);
    assert_eq!(first.await.expect("a response").text, result(1));
    assert_eq!(second.await.expect("a response").text, result(1));
    assert_eq!(webhooks.call("order", TEA).await.text, result(1), "also after the end of the first call");
    assert_eq!(app.runs(), 1);
}

#[tokio::test(start_paused = true)]
async fn without_once_it_runs_twice() {
    let (app, _started) = App::closed();
    let webhooks = Webhooks::of(&tools(), &app);
    let (first, second) = (webhooks.start("order_again", TEA).await, webhooks.start("order_again", TEA).await);
    app.release(2);
    assert_eq!(first.await.expect("a response").text, result(1));
    assert_eq!(second.await.expect("a response").text, result(2));
}

#[tokio::test]
async fn another_call_is_not_a_repetition() {
    let app = App::open();
    let webhooks = Webhooks::of(&tools(), &app);
    assert_eq!(webhooks.call("order", TEA).await.text, result(1));
    assert_eq!(webhooks.call("order", " {\"article\":\"te\\u0061\"}").await.text, result(1), "the same arguments");
    assert_eq!(webhooks.call("order", r#"{"article": "rice"}"#).await.text, result(2));
    assert_eq!(webhooks.call("order_gift", TEA).await.text, result(3), "another tool");
    assert_eq!(webhooks.with(|caller| caller.by_agent("other")).call("order", TEA).await.text, result(4));
    let session = "00000000-0000-4000-8000-000000000002";
    assert_eq!(webhooks.with(|caller| caller.in_session(session)).call("order", TEA).await.text, result(5));
    assert_eq!(webhooks.call("order?claim=other", TEA).await.text, result(6), "another query");
    assert_eq!(webhooks.call("order", TEA).await.text, result(1), "the first one again");
}

#[tokio::test]
async fn a_failure_is_not_kept() {
    let app = App::open();
    let webhooks = Webhooks::of(&tools(), &app);
    for run in 1..3 {
        let error = webhooks.call("order", NONE).await.error();
        assert_eq!(error, Some(format!("run {run}: sold out")));
    }
    for _ in 0..2 {
        assert_eq!(webhooks.call("order", PANIC).await.error().as_deref(), Some("the tool failed"));
    }
    assert_eq!(app.runs(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_repetition_runs_if_the_first_call_fails() {
    for arguments in [NONE, PANIC] {
        let (app, _started) = App::closed();
        let webhooks = Webhooks::of(&tools(), &app);
        let (first, second) = (webhooks.start("order", arguments).await, webhooks.start("order", arguments).await);
        assert_eq!(app.runs(), 1);
        app.release(2);
        assert!(!first.await.expect("a response").is_success());
        assert!(!second.await.expect("a response").is_success());
        assert_eq!(app.runs(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_frees_its_key() {
    let (app, _started) = App::closed();
    let webhooks = Webhooks::of(&tools(), &app);
    let (first, second) = (webhooks.start("order", TEA).await, webhooks.start("order", TEA).await);
    first.abort();
    assert!(first.await.is_err_and(|error| error.is_cancelled()));
    app.release(1);
    assert_eq!(second.await.expect("a response").text, result(2));
}

#[tokio::test(start_paused = true)]
async fn a_result_is_kept_for_the_window() {
    let app = App::open();
    let webhooks = Webhooks::of(&tools(), &app);
    assert_eq!(webhooks.call("order", TEA).await.text, result(1));
    advance(Duration::from_secs(599)).await;
    assert_eq!(webhooks.call("order", TEA).await.text, result(1));
    advance(Duration::from_secs(2)).await;
    assert_eq!(webhooks.call("order", TEA).await.text, result(2), "the replay did not extend the window");
}

#[tokio::test(start_paused = true)]
async fn a_repetition_waits_until_shortly_before_its_own_deadline() {
    let (app, _started) = App::closed();
    let tools = tools();
    let call = Call::new("order", TEA.as_bytes()).in_session("s");
    let timeout = |seconds| Deadlines::new().default_timeout(Duration::from_secs(seconds));
    let mut first = pin!(tools.dispatch_within(&call, &app, timeout(60)));
    assert!(poll!(&mut first).is_pending());
    let began = Instant::now();
    let second = tools.dispatch_within(&call, &app, timeout(12)).await;
    assert_eq!(began.elapsed().as_secs(), 11);
    let Outcome::Rejected(message) = second else { panic!("{second:?}") };
    assert!(message.contains("the same call is still running"), "{message}");
    app.release(1);
    assert!(first.await.is_success());
    assert!(tools.dispatch_within(&call, &app, timeout(12)).await.is_success());
    assert_eq!(app.runs(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_repetition_does_not_run_beside_a_blocking_function_after_its_deadline() {
    let (app, mut started) = App::closed();
    let webhooks = Webhooks::of(&tools(), &app);
    let mut first = pin!(webhooks.call("order_blocking", "{}"));
    assert!(poll!(&mut first).is_pending());
    started.recv().await.expect("it runs");
    advance(Duration::from_secs(3)).await;
    assert!(!first.await.is_success());
    let mut second = pin!(webhooks.call("order_blocking", "{}"));
    assert!(poll!(&mut second).is_pending());
    assert_eq!(app.runs(), 1, "it waits");
    app.release(2);
    assert_eq!(second.await.text, result(2));
}

#[tokio::test]
async fn a_replayed_result_is_not_recorded() -> Result<(), StoreError> {
    let app = App::open();
    let tools = tools().with_store(MemoryStore::new());
    for _ in 0..3 {
        let call = Call::new("order", TEA.as_bytes()).in_session("s");
        assert!(tools.dispatch(call, &app).await.is_success());
    }
    let store = tools.store().expect("it was added");
    assert!(store.take_call("s", &["order"]).await?.is_some());
    assert!(store.take_call("s", &["order"]).await?.is_none(), "one call only");
    Ok(())
}

#[tokio::test]
async fn on_platforms_with_call_ids_a_repetition_has_the_same_id() {
    let (app, tools) = (App::open(), tools());
    let run = async |origin, id, arguments: &str| {
        let call = Call::new("order", arguments.as_bytes()).in_session("s").from_origin(origin).with_id(id);
        String::from_utf8(tools.dispatch(call, &app).await.into_json()).expect("text")
    };
    assert_eq!(run(CallOrigin::Everruns, "call_1", TEA).await, result(1));
    assert_eq!(run(CallOrigin::Everruns, "call_1", TEA).await, result(1));
    assert_eq!(run(CallOrigin::Everruns, "call_2", TEA).await, result(2));
    let rice = r#"{"article": "rice"}"#;
    assert_eq!(run(CallOrigin::Everruns, "call_1", rice).await, result(3), "model providers use ids again");
    assert_eq!(run(CallOrigin::Qoder, "call_1", TEA).await, result(4));
    assert_eq!(run(CallOrigin::Qoder, "call_1", TEA).await, result(4));
}

/// A tool that is written by hand.
#[derive(Deserialize, JsonSchema)]
struct Count {}

impl Tool for Count {
    const NAME: &'static str = "count";
    fn definition() -> Definition {
        Definition::new("Counts.").returns::<u32>().once(Duration::from_secs(60))
    }
}

impl Handler<App> for Count {
    async fn call(self, context: &Context<'_, App>) -> Result<Reply, ToolError> {
        Reply::json(&context.state().run("tea").await?)
    }
}

#[tokio::test]
async fn tools_without_the_macro_can_be_once() -> Result<(), BuildErrors> {
    let schema = json!({ "type": "object", "properties": {} });
    let count = |_arguments, State(app): State<App>| async move { app.run("tea").await };
    let count = DynamicTool::with_context("dynamic_count", "Counts.", schema, count).once(Duration::from_secs(60));
    let app = App::open();
    let webhooks = Webhooks::of(&Toolset::builder().tool::<Count>().dynamic(count).build()?, &app);
    for _ in 0..2 {
        assert_eq!(webhooks.call("count", "{}").await.text, result(1));
        assert_eq!(webhooks.call("dynamic_count", "{}").await.text, result(2));
    }
    Ok(())
}

#[tokio::test]
async fn the_key_of_a_call_is_the_same_in_the_context_of_a_tool() {
    /// Returns the key of the call.
    #[coral_tool]
    fn key(secret: String, #[context] call: CallContext) -> String {
        assert!(!secret.is_empty());
        assert!(!format!("{call:?}").contains("hunter2"), "arguments are not in `Debug`");
        call.idempotency_key()
    }
    let tools: Toolset = toolset![key];
    for call in [
        Call::new("key", br#"{"secret": "hunter2"}"#).in_session("s"),
        Call::new("key", br#"{"secret": "hunter2"}"#).in_session("s").by_agent("a").from_origin(CallOrigin::Coral),
        Call::new("key", br#"{"secret": "hunter2"}"#).in_session("s").from_origin(CallOrigin::Qoder).with_id("1"),
    ] {
        let key = call.idempotency_key();
        assert_eq!(key.len(), 64);
        assert_eq!(tools.dispatch(call, &()).await.into_json(), json!({ "result": key }).to_string().as_bytes());
    }
}
