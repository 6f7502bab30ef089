//! Qoder Cloud Agents, against the fake server.

mod connections;
mod failures;
mod other_clients;
mod recovery;
mod requests;
mod results;
mod resuming;
mod retries;
mod scripted;
mod sessions;
mod streams;
mod tools_and_agents;
mod turns;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use coral_stand_in::qoder::{QoderStandIn, QoderStandInBuilder, Step};
use coral_tools::platform::qoder::{NewAgent, NewEnvironment, NewSession, Session};
use coral_tools::platform::{RunError, Turn};
use coral_tools::{Qoder, State, ToolError, Toolset, coral_tool, toolset};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How many times tools have run.
#[derive(Debug, Clone, Default)]
struct Runs(Arc<AtomicUsize>);

impl Runs {
    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// Look up an order by ID.
#[coral_tool]
fn lookup_order(
    /// Order ID
    order_id: String,
    #[context] State(runs): State<Runs>,
) -> Result<String, ToolError> {
    runs.0.fetch_add(1, Ordering::Relaxed);
    match order_id.as_str() {
        "lost" => Err(ToolError::new("no such order")),
        id => Ok(format!("{id} is shipped")),
    }
}

fn tools() -> Toolset<Runs> {
    toolset![lookup_order]
}

fn order(id: &str) -> (&'static str, Value) {
    ("lookup_order", json!({"order_id": id}))
}

fn qoder(stand_in: &QoderStandIn) -> Qoder {
    Qoder::at(stand_in.url()).key(stand_in.key())
}

async fn started(builder: QoderStandInBuilder) -> QoderStandIn {
    builder.start().await.expect("a stand-in")
}

/// Creates a session whose agent has the tools.
async fn session_of(qoder: &Qoder) -> Session {
    let environment = qoder.create_environment(&NewEnvironment::cloud("demo")).await.expect("an environment");
    let agent = NewAgent::new("demo-agent", "ultimate").system("Use tools.").tools(&tools());
    let agent = qoder.create_agent(&agent).await.expect("an agent");
    qoder.create_session(&NewSession::new(&agent, &environment.id)).await.expect("a session")
}

/// Fails if the future takes longer than 30 s.
async fn with_timeout<T>(future: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(30), future).await.expect("it takes longer than 30 s")
}

async fn ask(session: &Session, runs: &Runs) -> Result<Turn, RunError> {
    with_timeout(session.run(&tools(), runs).message("Where are my orders?")).await
}

/// A fake server whose model performs these steps after the first message.
fn turn(steps: impl IntoIterator<Item = Step>) -> QoderStandInBuilder {
    QoderStandIn::builder().turn(steps)
}

/// Serves one turn.
async fn served(builder: QoderStandInBuilder) -> (Result<Turn, RunError>, QoderStandIn, Runs) {
    let stand_in = started(builder).await;
    let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
    let turn = ask(&session, &runs).await;
    (turn, stand_in, runs)
}

/// Serves one turn that fails.
async fn error_message(builder: QoderStandInBuilder) -> String {
    served(builder).await.0.expect_err("an error").to_string()
}

/// Sends a request that the client never sends, and returns the whole response.
async fn raw(stand_in: &QoderStandIn, line: &str, headers: &str, body: &str) -> String {
    let host = stand_in.url().trim_start_matches("http://");
    let length = body.len();
    let request = format!(
        "{line} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}",
        stand_in.key(),
    );
    with_timeout(async {
        let mut socket = TcpStream::connect(host).await.expect("a connection");
        socket.write_all(request.as_bytes()).await.expect("sent");
        let mut response = String::new();
        socket.read_to_string(&mut response).await.expect("a response");
        response
    })
    .await
}
