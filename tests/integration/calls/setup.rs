//! An application, and agents whose steps are in their options.

use coral_stand_in::coral::{AgentOption, AgentType, CoralStandIn, ScriptedAgent};
use coral_tools::store::MemoryStore;
use coral_tools::{Agent, Coral, Runtime, Session, SessionRequest, Toolset, toolset};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpListener;

use super::{give_up, submit_report};

/// An application with the tools `submit_report` and `give_up`, whose calls are recorded.
pub(super) struct Application {
    pub(super) coral: Coral,
    pub(super) tools: Toolset,
    pub(super) base_url: String,
    server: CoralStandIn,
}

impl Application {
    pub(super) async fn start() -> Self {
        let worker = AgentType::local("worker", "1.0.0").option("STEPS", AgentOption::text());
        let server = CoralStandIn::builder().agent(worker, follow_steps).start().await.expect("a server");
        let tools: Toolset = toolset![submit_report, give_up].with_store(MemoryStore::new());
        let app = axum::Router::new().nest("/coral", tools.webhooks(server.custom_tool_secret()));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base_url = format!("http://{}/coral", listener.local_addr().expect("an address"));
        tokio::spawn(axum::serve(listener, app).into_future());
        let coral = Coral::server(server.url(), server.key()).poll_interval(Duration::from_millis(50));
        Self { coral, tools, base_url, server }
    }

    pub(super) async fn stop_server(self) {
        self.server.stop().await;
    }

    /// Creates a session of these agents.
    pub(super) async fn session(&self, agents: impl IntoIterator<Item = Agent>) -> Session {
        let request = SessionRequest::in_namespace("default").tools(&self.tools, self.base_url.as_str());
        let request = agents.into_iter().fold(request, SessionRequest::agent);
        self.coral.create_session(&request).await.expect("a session")
    }
}

/// An agent that does this, and stops.
pub(super) fn agent(name: &str, steps: &[Value]) -> Agent {
    let steps = json!(steps).to_string();
    let agent = Agent::local("worker", "1.0.0", Runtime::Function).named(name).option("STEPS", steps);
    agent.can_call::<submit_report>().can_call::<give_up>()
}

/// A step: a call of `submit_report`.
pub(super) fn report(title: &str) -> Value {
    json!(["submit_report", {"title": title}])
}

/// A step: a call of `give_up`.
pub(super) fn give_up_because(reason: &str) -> Value {
    json!(["give_up", {"reason": reason}])
}

/// The last step of an agent that does not stop.
pub(super) fn stay() -> Value {
    json!(["stay"])
}

async fn follow_steps(agent: ScriptedAgent) {
    let steps: Vec<Vec<Value>> =
        serde_json::from_str(agent.options()["STEPS"].as_str().expect("a string")).expect("steps");
    for step in steps {
        match &step[..] {
            [tool, arguments] => {
                let view = agent.call_tool(tool.as_str().expect("a name"), arguments.clone()).await;
                assert!(view.is_success(), "{view:?}");
            }
            _ => std::future::pending().await,
        }
    }
}
