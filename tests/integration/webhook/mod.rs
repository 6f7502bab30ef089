//! The webhook as Coral's side sees it.

mod agents;
mod lifetime;
mod log;
mod mounting;
mod refusals;
mod session_end;
mod signatures;

use std::sync::Arc;

use axum::Router;
use coral_tools::schemars::JsonSchema;
use coral_tools::serde::{Deserialize, Serialize};
use coral_tools::testing::{CallerError, CoralCaller};
use coral_tools::{
    CallContext, Context, Definition, Handler, Reply, Secret, State, Tool, ToolError, Toolset, WebhookConfig,
    coral_tool, toolset,
};
use tokio::sync::{Notify, mpsc};

const SECRET: &str = "test-secret";

/// Where the tests' tools are served.
const BASE: &str = "http://localhost";

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
struct Caller {
    session: String,
    agent: String,
    namespace: Option<String>,
}

/// Says who calls.
#[coral_tool]
async fn who(#[context] call: CallContext) -> Caller {
    Caller {
        session: call.session_id().to_owned(),
        agent: call.agent_name().unwrap_or_default().to_owned(),
        namespace: call.namespace().map(str::to_owned),
    }
}

/// Says the same again.
#[coral_tool]
fn echo(
    /// What to say.
    #[arg(default = "nothing".to_owned())]
    text: String,
) -> String {
    text
}

/// Adds one.
#[coral_tool]
fn increment(
    /// What to add to.
    number: u32,
) -> u32 {
    number + 1
}

/// Fails in a way that is not for agents.
#[coral_tool]
fn fail() -> Result<(), ToolError> {
    Err(std::io::Error::other("password=hunter2"))?
}

/// Panics.
#[coral_tool]
fn explode() {
    panic!("hunter2");
}

/// Says on which thread it runs, and within which span.
#[coral_tool(blocking)]
fn stand() -> (String, Option<&'static str>) {
    let span = tracing::Span::current().metadata().map(tracing::Metadata::name);
    (format!("{:?}", std::thread::current().id()), span)
}

/// A text with a rule of its own.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
struct Code(String);

impl TryFrom<String> for Code {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "loud" => Err("no product has the code LOUD".to_owned()),
            _ if text.len() == 4 => Ok(Self(text)),
            _ => Err("codes have 4 letters".to_owned()),
        }
    }
}

/// Orders a product.
#[coral_tool]
fn order(code: Code) -> String {
    code.0
}

/// Forgets to say that it returns something.
#[derive(Debug, Deserialize, JsonSchema)]
struct Forgetful {}

impl Tool for Forgetful {
    const NAME: &'static str = "forgetful";
    fn definition() -> Definition {
        Definition::new("Counts.").takes::<Self>()
    }
}

impl<S: Sync> Handler<S> for Forgetful {
    async fn call(self, _context: &Context<'_, S>) -> Result<Reply, ToolError> {
        Reply::json(&[1, 2, 3])
    }
}

/// Knows no session.
#[coral_tool]
fn stranger() -> Result<(), ToolError> {
    Err(ToolError::unknown_session())
}

/// Would take forever, and may take a second.
#[coral_tool(timeout = "1s")]
async fn dawdle() {
    std::future::pending::<()>().await;
}

/// Would take forever, and is allowed to.
#[coral_tool(timeout = "10m")]
async fn linger() {
    std::future::pending::<()>().await;
}

/// Waits until the test lets it go, and tells when it starts and when it is dropped.
#[coral_tool]
async fn wait(#[context] State(doorman): State<Doorman>) {
    let _leaving = Leaving(doorman.left);
    let _told = doorman.entered.send(());
    doorman.gate.notified().await;
}

/// The application of these tests.
#[derive(Debug, Clone)]
struct Doorman {
    entered: mpsc::UnboundedSender<()>,
    left: mpsc::UnboundedSender<()>,
    gate: Arc<Notify>,
}

/// What a test watches of [`wait`].
#[derive(Debug)]
struct Watch {
    entered: mpsc::UnboundedReceiver<()>,
    left: mpsc::UnboundedReceiver<()>,
    gate: Arc<Notify>,
}

#[derive(Debug)]
struct Leaving(mpsc::UnboundedSender<()>);

impl Drop for Leaving {
    fn drop(&mut self) {
        let _told = self.0.send(());
    }
}

fn doorman() -> (Doorman, Watch) {
    let (entered, seen_entering) = mpsc::unbounded_channel();
    let (left, seen_leaving) = mpsc::unbounded_channel();
    let gate = Arc::new(Notify::new());
    let watch = Watch { entered: seen_entering, left: seen_leaving, gate: Arc::clone(&gate) };
    (Doorman { entered, left, gate }, watch)
}

fn tools() -> Toolset<Doorman> {
    toolset![who, echo, increment, fail, explode, stand, order, Forgetful, stranger, dawdle, linger, wait]
}

fn app(config: impl Into<WebhookConfig>) -> Router {
    tools().webhooks(config).with_state(doorman().0)
}

fn secret() -> Secret {
    Secret::new(SECRET)
}

fn coral() -> CoralCaller {
    CoralCaller::new(secret())
}

/// What an agent sees of a call of `tool` with JSON as the model wrote it.
async fn call(tool: &str, arguments: &str) -> Result<String, CallerError> {
    let sees = coral().call_in_process(app(secret()), &format!("{BASE}/{tool}"), arguments).await?;
    Ok(sees.text)
}
