//! Middleware around calls: what it sees and decides, its order, and the tools that it is for.

mod cache;
mod limits;
mod repetition;
mod scope;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use coral_tools::middleware::{Middleware, Next};
use coral_tools::testing::Harness;
use coral_tools::{Call, Context, Outcome, State, ToolError, Toolset, coral_tool, toolset};
use serde_json::json;

/// The state of the application: what happened, in order.
#[derive(Debug, Clone, Default)]
struct Events(Arc<Mutex<Vec<String>>>);

impl Events {
    fn add(&self, event: impl Into<String>) {
        self.0.lock().expect("no panic").push(event.into());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().expect("no panic"))
    }
}

/// Returns the text.
#[coral_tool(read_only)]
fn echo(text: String, #[context] State(events): State<Events>) -> String {
    events.add(format!("echo {text}"));
    text
}

/// Fails.
#[coral_tool]
fn fail(#[context] State(events): State<Events>) -> Result<(), ToolError> {
    events.add("fail");
    Err(ToolError::new("it failed"))
}

/// Never finishes. Its timeout is 1 s.
#[coral_tool(timeout = "1s")]
async fn hang() {
    std::future::pending::<()>().await;
}

fn tools() -> Toolset<Events> {
    toolset![echo, fail, hang]
}

/// Adds an event before and after a call.
struct Trace(&'static str);

impl Middleware<Events> for Trace {
    async fn call(&self, context: &Context<'_, Events>, next: Next<'_, Events>) -> Outcome {
        context.state().add(format!("{} before", self.0));
        let outcome = next.run().await;
        context.state().add(format!("{} after: {}", self.0, outcome.label()));
        outcome
    }
}

/// Adds everything that a middleware sees.
async fn observe(context: &Context<'_, Events>, next: Next<'_, Events>) -> Outcome {
    let tool = next.descriptor();
    let arguments = String::from_utf8_lossy(context.call().arguments());
    let read_only = tool.hints().read_only;
    context.state().add(format!(
        "{} {:?} {:?} {arguments} {read_only:?}",
        tool.name(),
        context.session_id(),
        context.agent_name()
    ));
    next.run().await
}

/// Rejects everything, in an application with any state.
async fn reject<S: Sync>(_context: &Context<'_, S>, _next: Next<'_, S>) -> Outcome {
    Outcome::rejected("closed; come back tomorrow")
}

#[tokio::test]
async fn a_middleware_sees_the_call_the_tool_and_the_outcome() {
    let events = Events::default();
    let harness =
        Harness::new(&tools().with(observe).with(Trace("trace")), events.clone()).in_session("s").by_agent("a");
    assert_eq!(harness.call(("fail", r#"{}"#)).await.error(), Some("it failed"));
    let expected =
        ["trace before", r#"fail Some("s") Some("a") {} None"#, "fail", "trace after: failed"].map(str::to_owned);
    assert_eq!(events.take(), expected);
    harness.call(echo { text: "x".to_owned() }).await;
    let seen = events.take().join(
        "
",
    );
    assert!(seen.contains(r#"echo Some("s") Some("a") {"#) && seen.contains(r#""text": "x""#), "{seen}");
    assert!(seen.contains("} Some(true)"), "{seen}");
    harness.call(("echo", json!({"txet": 1}))).await;
    assert_eq!(events.take().last().map(String::as_str), Some("trace after: bad_arguments"));
}

#[tokio::test]
async fn a_middleware_can_respond_without_the_tool() {
    let events = Events::default();
    let response = Harness::new(&tools().with(reject), events.clone()).call(("fail", ())).await;
    assert_eq!(response.status(), Some(200), "the agent reads the message");
    assert_eq!(response.text(), r#"{"success":false,"error":"closed; come back tomorrow"}"#);
    assert!(events.take().is_empty(), "the tool did not run");
}

#[tokio::test]
async fn the_middleware_that_is_added_last_sees_a_call_first() {
    let events = Events::default();
    let tools = tools().with(Trace("1")).with_for::<fail>(Trace("2")).with(Trace("3"));
    tools.dispatch(Call::new("fail", b"{}"), &events).await;
    let expected =
        ["3 before", "2 before", "1 before", "fail", "1 after: failed", "2 after: failed", "3 after: failed"];
    assert_eq!(events.take(), expected);
}

#[tokio::test]
async fn a_middleware_can_run_the_rest_of_a_call_again() {
    let events = Events::default();
    let tools = tools().with(Trace("inner")).with(async |_: &Context<'_, Events>, next: Next<'_, Events>| {
        next.clone().run().await;
        next.run().await
    });
    tools.dispatch(Call::new("fail", b"{}"), &events).await;
    assert_eq!(events.take(), ["inner before", "fail", "inner after: failed"].repeat(2));
}

#[tokio::test]
async fn a_middleware_can_replace_an_outcome() {
    let tools = tools().with(async |_: &Context<'_, Events>, next: Next<'_, Events>| match next.run().await {
        Outcome::Failed(message) => Outcome::Failed(format!("{message}; try `echo`")),
        other => other,
    });
    let harness = Harness::new(&tools, Events::default());
    assert_eq!(harness.call(("fail", ())).await.error(), Some("it failed; try `echo`"));
    assert!(harness.call(echo { text: String::new() }).await.is_success());
}

#[tokio::test]
async fn a_middleware_that_panics_fails_only_its_call() {
    let tools = tools().with_for::<fail>(async |context: &Context<'_, Events>, _: Next<'_, Events>| {
        panic!("secret of {}", context.tool())
    });
    let harness = Harness::new(&tools, Events::default());
    assert_eq!(harness.call(("fail", ())).await.text(), r#"{"success":false,"error":"the tool failed"}"#);
    assert!(harness.call(echo { text: String::new() }).await.is_success());
}

#[tokio::test(start_paused = true)]
async fn the_deadline_of_a_call_includes_its_middleware() {
    let tools = tools().with(async |_: &Context<'_, Events>, next: Next<'_, Events>| {
        tokio::time::sleep(Duration::from_millis(900)).await;
        let outcome = next.run().await;
        tokio::time::sleep(Duration::from_secs(60)).await;
        outcome
    });
    let harness = Harness::new(&tools, Events::default());
    let start = tokio::time::Instant::now();
    for (tool, timeout) in [("hang", 1), ("fail", 12)] {
        let error = harness.call((tool, ())).await.error().map(str::to_owned);
        assert_eq!(
            error,
            Some(format!("the tool did not finish within {timeout} s and was stopped; it may have had an effect"))
        );
    }
    assert!(start.elapsed() < Duration::from_secs(14));
}
