//! Sessions that the application owns, on the stand-in and on servers with prepared responses.

mod calls;
mod closing;
mod early_server;
mod forgetting;
mod holding_proxy;
mod left_over;
mod opening;
mod reports;

use std::time::Duration;

use axum::Router;
use coral_stand_in::coral::{
    AgentOption, AgentType, CoralStandIn, CoralStandInBuilder, EmulatedVersion, ScriptedAgent,
};
use coral_tools::{
    Agent, Coral, Dialect, Runtime, Secret, SessionRequest, SessionValue, Sessions, Toolset, coral_tool, toolset,
};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::client::test_server::{TestResponse, TestServer};

/// Longer than any of these tests takes.
const LONG: Duration = Duration::from_secs(60);
const EACH: [EmulatedVersion; 3] = [EmulatedVersion::Server1_2, EmulatedVersion::Server1_1, EmulatedVersion::Cloud];

/// The value of a session.
struct Job {
    number: usize,
    /// The number of calls.
    calls: watch::Sender<usize>,
}

impl Job {
    fn new(number: usize) -> Self {
        Self { number, calls: watch::Sender::new(0) }
    }
}

/// Returns the number of the job.
#[coral_tool]
fn job_number(#[context] SessionValue(job): SessionValue<Job>) -> usize {
    job.calls.send_modify(|calls| *calls += 1);
    job.number
}

fn tools() -> Toolset<Sessions<Job>> {
    toolset![job_number]
}

/// Reads the number of its job at once, which must be the one in its options.
async fn reader(agent: ScriptedAgent) {
    let number = agent.call_tool("job_number", json!({})).await;
    let expected = agent.options()["NUMBER"].as_str().expect("a string").parse().expect("a number");
    assert_eq!(number.value::<usize>(), Ok(expected), "{number:?}");
}

fn builder(version: EmulatedVersion) -> CoralStandInBuilder {
    let agent = AgentType::local("reader", "1.0.0").option("NUMBER", AgentOption::text());
    CoralStandIn::builder().emulates(version).connection_delay(Duration::ZERO).agent(agent, reader)
}

async fn started(version: EmulatedVersion) -> CoralStandIn {
    builder(version).start().await.expect("a stand-in")
}

fn coral(stand_in: &CoralStandIn) -> Coral {
    Coral::server(stand_in.url(), stand_in.key()).poll_interval(Duration::from_millis(50))
}

/// Serves the tools, and returns their base URL.
async fn serve(app: Router<Sessions<Job>>, sessions: &Sessions<Job>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base_url = format!("http://{}/coral", listener.local_addr().expect("an address"));
    let app = Router::new().nest("/coral", app).with_state(sessions.clone());
    tokio::spawn(axum::serve(listener, app).into_future());
    base_url
}

async fn serve_tools(secret: Secret, sessions: &Sessions<Job>) -> String {
    serve(tools().webhooks(secret), sessions).await
}

/// A session whose agent reads the number of its job.
fn reading(number: usize, base_url: &str) -> SessionRequest {
    reading_with(&tools(), number, base_url)
}

fn reading_with(tools: &Toolset<Sessions<Job>>, number: usize, base_url: &str) -> SessionRequest {
    let agent = Agent::local("reader", "1.0.0", Runtime::Function).option("NUMBER", number.to_string());
    SessionRequest::in_namespace("default").agent(agent.can_call::<job_number>()).tools(tools, base_url).ttl(LONG)
}

/// A session whose agent waits.
fn waiting() -> SessionRequest {
    waiting_without_ttl().ttl(LONG)
}

fn waiting_without_ttl() -> SessionRequest {
    SessionRequest::in_namespace("default").agent(Agent::local("puppet", "1.0.0", Runtime::Function))
}

/// The number of sessions that run.
async fn running(coral: &Coral) -> usize {
    let namespaces = coral.sessions().await.expect("a list");
    let sessions = namespaces.iter().flat_map(|namespace| namespace.sessions.iter().flatten());
    sessions.filter(|session| !session.is_closing()).count()
}

/// Sessions on a server with prepared responses.
fn prepared(server: &TestServer) -> Sessions<Job> {
    Sessions::new(Coral::server(server.url(), "key").dialect(Dialect::Server1_2).retries(0))
}

fn created(id: &str) -> TestResponse {
    TestResponse::json(200, &json!({"namespace": "default", "sessionId": id}).to_string())
}

fn ok() -> TestResponse {
    TestResponse::new(200, "", "")
}
