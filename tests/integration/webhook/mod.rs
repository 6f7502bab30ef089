//! The webhook, called as Coral calls it.

mod call_context;
mod concurrency;
mod configuration;
mod execution;
mod late_bodies;
mod log;
pub(crate) mod log_capture;
mod log_output;
mod log_windows;
mod metrics;
mod mounting;
mod rejections;
mod session_end;
mod signatures;

use std::sync::Arc;

use axum::Router;
use coral_tools::schemars::JsonSchema;
use coral_tools::serde::{Deserialize, Serialize};
use coral_tools::testing::{CallerError, CoralCaller};
use coral_tools::{
    ArgumentError, CallContext, Context, Definition, Handler, RejectedArgument, Reply, Secret, State, Tool, ToolError,
    Toolset, WebhookConfig, coral_tool, toolset,
};
use tokio::sync::{Notify, mpsc};

const SECRET: &str = "test-secret";

/// The base URL of the tools.
const BASE: &str = "http://localhost";

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
struct Caller {
    session: String,
    agent: String,
    namespace: Option<String>,
}

/// Returns the caller.
#[coral_tool]
async fn get_caller(#[context] call: CallContext) -> Caller {
    Caller {
        session: call.session_id().to_owned(),
        agent: call.agent_name().unwrap_or_default().to_owned(),
        namespace: call.namespace().map(str::to_owned),
    }
}

/// Returns its argument.
#[coral_tool]
fn echo(
    /// The text to return.
    #[arg(default = "nothing".to_owned())]
    text: String,
) -> String {
    text
}

/// Adds one.
#[coral_tool]
fn increment(
    /// The number to add to.
    number: u32,
) -> u32 {
    number + 1
}

/// Fails with an error that is not shown to agents.
#[coral_tool]
fn fail() -> Result<(), ToolError> {
    Err(std::io::Error::other("password=hunter2"))?
}

/// Panics.
#[coral_tool]
fn panics() {
    panic!("hunter2");
}

/// Returns the thread on which it runs, and the name of the current span.
#[coral_tool(blocking)]
fn thread_and_span() -> (String, Option<&'static str>) {
    let span = tracing::Span::current().metadata().map(tracing::Metadata::name);
    (format!("{:?}", std::thread::current().id()), span)
}

/// A string whose type has a rule that its schema does not have.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
struct Code(String);

/// The error of a code with another length, for the agent.
struct WrongLength;

impl std::fmt::Display for WrongLength {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("codes have 4 letters")
    }
}

impl ArgumentError for WrongLength {}

impl TryFrom<String> for Code {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "loud" => Err("no product has the code LOUD".to_owned()),
            _ if text.len() == 4 => Ok(Self(text)),
            _ => Err(RejectedArgument::from(WrongLength).to_string()),
        }
    }
}

/// Orders a product.
#[coral_tool]
fn order(code: Code) -> String {
    code.0
}

/// Returns a value whose type its definition does not declare.
#[derive(Debug, Deserialize, JsonSchema)]
struct UndeclaredResult {}

impl Tool for UndeclaredResult {
    const NAME: &'static str = "undeclared_result";
    fn definition() -> Definition {
        Definition::new("Counts.").takes::<Self>()
    }
}

impl<S: Sync> Handler<S> for UndeclaredResult {
    async fn call(self, _context: &Context<'_, S>) -> Result<Reply, ToolError> {
        Reply::json(&[1, 2, 3])
    }
}

/// Rejects every session.
#[coral_tool]
fn unknown_session() -> Result<(), ToolError> {
    Err(ToolError::unknown_session())
}

/// Never finishes. Its timeout is 1 s.
#[coral_tool(timeout = "1s")]
async fn hang_1s() {
    std::future::pending::<()>().await;
}

/// Never finishes. Its timeout is 10 minutes.
#[coral_tool(timeout = "10m")]
async fn hang_10m() {
    std::future::pending::<()>().await;
}

/// Waits until the test releases it. Notifies the test when it starts and when it is dropped.
#[coral_tool]
async fn wait(#[context] State(app): State<AppState>) {
    let _notifier = DropNotifier(app.dropped);
    let _sent = app.started.send(());
    app.release.notified().await;
}

/// The state of the application.
#[derive(Debug, Clone)]
struct AppState {
    started: mpsc::UnboundedSender<()>,
    dropped: mpsc::UnboundedSender<()>,
    release: Arc<Notify>,
}

/// Observes and releases the calls of [`wait`].
#[derive(Debug)]
struct WaitControl {
    started: mpsc::UnboundedReceiver<()>,
    dropped: mpsc::UnboundedReceiver<()>,
    release: Arc<Notify>,
}

#[derive(Debug)]
struct DropNotifier(mpsc::UnboundedSender<()>);

impl Drop for DropNotifier {
    fn drop(&mut self) {
        let _sent = self.0.send(());
    }
}

fn app_state() -> (AppState, WaitControl) {
    let (started, started_receiver) = mpsc::unbounded_channel();
    let (dropped, dropped_receiver) = mpsc::unbounded_channel();
    let release = Arc::new(Notify::new());
    let control = WaitControl { started: started_receiver, dropped: dropped_receiver, release: Arc::clone(&release) };
    (AppState { started, dropped, release }, control)
}

fn tools() -> Toolset<AppState> {
    toolset![
        get_caller,
        echo,
        increment,
        fail,
        panics,
        thread_and_span,
        order,
        UndeclaredResult,
        unknown_session,
        hang_1s,
        hang_10m,
        wait
    ]
}

fn app(config: impl Into<WebhookConfig>) -> Router {
    tools().webhooks(config).with_state(app_state().0)
}

fn secret() -> Secret {
    Secret::new(SECRET)
}

fn coral() -> CoralCaller {
    CoralCaller::new(secret())
}

/// The text that an agent sees of a call of `tool` with these arguments, as JSON.
async fn call(tool: &str, arguments: &str) -> Result<String, CallerError> {
    let view = coral().call_in_process(app(secret()), &format!("{BASE}/{tool}"), arguments).await?;
    Ok(view.text)
}
