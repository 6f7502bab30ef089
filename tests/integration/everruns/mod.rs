//! The Everruns client, with the stand-in and its faults.

mod batches;
mod calls;
mod interrupted;
mod listening;
mod long_turns;
mod messages;
mod pauses;
mod request;
mod results;
mod resume;
mod scripted;
mod streams;
mod turns;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use coral_stand_in::everruns::{EverrunsStandIn, EverrunsStandInBuilder, Fault, Step};
use coral_tools::platform::everruns::{NewSession, Session};
use coral_tools::platform::{RunError, Turn};
use coral_tools::{CallContext, Everruns, State, ToolError, Toolset, coral_tool, toolset};
use serde_json::{Value, json};
use tokio::sync::Notify;

/// State of the tools.
#[derive(Clone, Default)]
struct App {
    /// The ids of the calls that ran.
    runs: Arc<Mutex<Vec<String>>>,
    entered: Arc<Notify>,
    opened: Arc<Notify>,
}

impl App {
    fn runs(&self) -> Vec<String> {
        self.runs.lock().expect("no panic").clone()
    }

    /// Waits until a tool waits.
    async fn has_entered(&self) {
        within(self.entered.notified()).await;
    }
}

/// Looks up an order.
#[coral_tool]
fn lookup_order(
    /// The order number.
    number: String,
    #[context] call: CallContext,
    #[context] State(app): State<App>,
) -> Result<String, ToolError> {
    app.runs.lock().expect("no panic").push(call.call_id().unwrap_or_default().to_owned());
    match number.as_str() {
        "none" => Err(ToolError::new("order not found")),
        number => Ok(format!("{number} is on its way")),
    }
}

/// Waits until it is released.
#[coral_tool]
async fn wait(#[context] call: CallContext, #[context] State(app): State<App>) {
    app.runs.lock().expect("no panic").push(call.call_id().unwrap_or_default().to_owned());
    app.entered.notify_one();
    app.opened.notified().await;
}

fn tools() -> Toolset<App> {
    toolset![lookup_order, wait]
}

/// The agent requests these orders in one batch.
fn looks_up(numbers: &[&str]) -> Step {
    Step::calls(numbers.iter().map(|number| ("lookup_order", json!({"number": number}))))
}

fn waits() -> Step {
    Step::calls([("wait", json!({}))])
}

/// Two parallel calls of which one fails, then another round.
fn two_rounds() -> EverrunsStandInBuilder {
    EverrunsStandIn::builder().turn([looks_up(&["A1", "none"]), looks_up(&["B2"]), Step::message("All is well.")])
}

async fn start(builder: EverrunsStandInBuilder) -> EverrunsStandIn {
    builder.start().await.expect("a stand-in")
}

async fn with(fault: Fault) -> EverrunsStandIn {
    start(two_rounds().fault(fault)).await
}

/// A client that polls fast and does not retry.
fn everruns(stand_in: &EverrunsStandIn) -> Everruns {
    Everruns::at(stand_in.url()).key(stand_in.key()).poll_interval(Duration::from_millis(5)).retries(0)
}

async fn session(stand_in: &EverrunsStandIn) -> Session {
    let request = NewSession::without_agent().tools(&tools());
    everruns(stand_in).create_session(&request).await.expect("a session")
}

/// A complete turn in a new session.
async fn turn(stand_in: &EverrunsStandIn, app: &App) -> Result<Turn, RunError> {
    let session = session(stand_in).await;
    within(session.run(&tools(), app).message("Where are my orders?")).await
}

async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future).await.expect("no timeout")
}

/// The bodies of the `POST` requests to this path.
fn posted(stand_in: &EverrunsStandIn, path: &str) -> Vec<Value> {
    let posts =
        stand_in.requests().into_iter().filter(|request| request.method == "POST" && request.path.ends_with(path));
    posts.map(|request| request.body).collect()
}

/// Each call ran once and has one result, and the turn has one message.
fn assert_complete(stand_in: &EverrunsStandIn, app: &App, turn: &Turn) {
    assert_eq!(turn.text(), "All is well.", "{turn:?}");
    assert_eq!(turn.messages.len(), 1, "{turn:?}");
    assert_one_result_each(stand_in, app);
}

fn assert_one_result_each(stand_in: &EverrunsStandIn, app: &App) {
    let calls = stand_in.calls();
    let ids: Vec<_> = calls.iter().map(|call| call.id.clone()).collect();
    assert_eq!(app.runs(), ids, "each ran once, in order");
    assert!(calls.iter().all(|call| call.result_count == 1), "{calls:?}");
    let results: Vec<_> = stand_in.tool_results().into_iter().map(|result| (result.status, result.text)).collect();
    let results: Vec<_> = results.iter().map(|(status, text)| (*status, text.as_str())).collect();
    assert_eq!(
        results,
        [
            ("success", r#"{"result":"A1 is on its way"}"#),
            ("error", r#"{"success":false,"error":"order not found"}"#),
            ("success", r#"{"result":"B2 is on its way"}"#),
        ]
    );
}

/// Counts the `GET` requests to this path.
fn get_count(stand_in: &EverrunsStandIn, path: &str) -> usize {
    stand_in.requests().iter().filter(|request| request.method == "GET" && request.path.contains(path)).count()
}
