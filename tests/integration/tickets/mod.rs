//! Calls whose result is kept for their repetitions, or comes later.

mod application;
mod deferred;
mod failures;
mod once;
mod result_tool;
mod stand_in;
mod wait_for;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use coral_tools::testing::{AgentView, CoralCaller};
use coral_tools::{Deferred, Secret, State, ToolError, Toolset, coral_tool, toolset};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;

/// The state of an application whose tools wait at a gate.
#[derive(Debug, Clone)]
struct App {
    runs: Arc<AtomicU32>,
    gate: Arc<Semaphore>,
    started: mpsc::UnboundedSender<()>,
}

/// Receives an item when a tool starts.
type Started = mpsc::UnboundedReceiver<()>;

impl App {
    fn open() -> Self {
        Self::with_gate(1000).0
    }

    fn closed() -> (Self, Started) {
        Self::with_gate(0)
    }

    fn with_gate(permits: usize) -> (Self, Started) {
        let (started, receiver) = mpsc::unbounded_channel();
        (Self { runs: Arc::default(), gate: Arc::new(Semaphore::new(permits)), started }, receiver)
    }

    fn runs(&self) -> u32 {
        self.runs.load(Ordering::SeqCst)
    }

    /// Lets this many runs pass the gate.
    fn release(&self, runs: usize) {
        self.gate.add_permits(runs);
    }

    /// A run of a tool: waits at the gate, then fails or panics if that is the article, or returns the number of the run.
    async fn run(&self, article: &str) -> Result<u32, ToolError> {
        let run = self.runs.fetch_add(1, Ordering::SeqCst) + 1;
        let _sent = self.started.send(());
        self.gate.acquire().await.expect("an open semaphore").forget();
        match article {
            "none" => Err(ToolError::new(format!("run {run}: sold out"))),
            "panic" => panic!("run {run}"),
            _ => Ok(run),
        }
    }
}

/// The webhooks of a toolset, and who calls them.
#[derive(Debug, Clone)]
struct Webhooks {
    router: Router,
    caller: CoralCaller,
}

impl Webhooks {
    fn of(tools: &Toolset<App>, app: &App) -> Self {
        let secret = || Secret::new("test-secret");
        Self { router: tools.webhooks(secret()).with_state(app.clone()), caller: CoralCaller::new(secret()) }
    }

    fn with(&self, change: impl FnOnce(CoralCaller) -> CoralCaller) -> Self {
        Self { router: self.router.clone(), caller: change(self.caller.clone()) }
    }

    async fn call(&self, tool: &str, arguments: &str) -> AgentView {
        let url = format!("http://localhost/{tool}");
        self.caller.call_in_process(self.router.clone(), &url, arguments).await.expect("a response")
    }

    /// Starts a call and returns when it waits for something. Needs paused time.
    async fn start(&self, tool: &'static str, arguments: &'static str) -> JoinHandle<AgentView> {
        let webhooks = self.clone();
        let call = tokio::spawn(async move { webhooks.call(tool, arguments).await });
        tokio::time::sleep(Duration::from_millis(50)).await;
        call
    }
}

/// The result of a review.
#[derive(Debug, Serialize, JsonSchema)]
struct Review {
    /// The number of the run.
    run: u32,
}

/// Reviews an article.
#[coral_tool]
async fn review(article: String, #[context] State(app): State<App>) -> Deferred<Review> {
    Deferred::new(async move { app.run(&article).await.map(|run| Review { run }) })
}

/// Asks a person.
#[coral_tool]
fn ask(question: String) -> Deferred<String> {
    assert!(!question.is_empty());
    Deferred::by_application("the person has not replied yet").time_to_live(Duration::from_secs(600))
}

fn deferred_tools() -> Toolset<App> {
    toolset![review, ask]
}

const TEA: &str = r#"{"article": "tea"}"#;

fn json_of(view: &AgentView) -> Value {
    serde_json::from_str(&view.text).expect("JSON")
}

/// The id of the ticket that an agent has received.
fn ticket_id(view: &AgentView) -> String {
    let json = json_of(view);
    json["ticket"]["id"].as_str().unwrap_or_else(|| panic!("not a ticket: {json}")).to_owned()
}

fn ticket_argument(id: &str) -> String {
    json!({ "ticket": id }).to_string()
}
