//! End to end: the application on a port, and agents that follow a script. On the stand-in, or on the real server that `CORAL_TEST_URL`
//! names, whose registry has the same agents.

mod browser;
mod client;
mod lessons;
mod page;

use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use coral_stand_in::coral::{AgentType, CoralStandIn, CoralStandInBuilder, ScriptedAgent, TestServer};
use coral_tools::shutdown::Shutdown;
use coral_tools::testing::AgentView;
use coral_tools::{BaseUrl, Coral, Sessions, WebhookConfig};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::lesson::{Lesson, NAMESPACE};

const SECOND: Duration = Duration::from_secs(1);
/// Longer than anything in these tests takes.
const LONG: Duration = Duration::from_secs(60);

/// The results that an agent reads.
type Results = mpsc::UnboundedReceiver<String>;

/// A server whose agent asks for questions and answers each of them twice.
async fn server(change: impl FnOnce(CoralStandInBuilder) -> CoralStandInBuilder) -> (TestServer, Results) {
    let (sender, results) = mpsc::unbounded_channel();
    let agent = AgentType::local("tutor", "1.0.0");
    let builder = CoralStandIn::builder().agent(agent, move |agent| tutor(agent, sender.clone()));
    (TestServer::start(change(builder)).await.expect("a server"), results)
}

async fn tutor(agent: ScriptedAgent, results: mpsc::UnboundedSender<String>) {
    let call = async |tool: &str, arguments: Value| -> AgentView {
        let view = agent.call_tool(tool, arguments).await;
        let _unless_the_test_has_ended = results.send(view.text.clone());
        view
    };
    loop {
        let next = call("request_question", json!({"message": "What would you like to know?"})).await;
        let Ok(next) = next.value::<Value>() else { return };
        let Some(question) = next["question"].as_str() else { continue };
        let answer = json!({"response": format!("About {question}:\r\n42")});
        for _ in 0..2 {
            call("answer_question", answer.clone()).await;
        }
        if question == "enough?" {
            return;
        }
    }
}

/// The application on a port.
struct App {
    url: String,
    sessions: Sessions<Lesson>,
    shutdown: Shutdown,
}

impl App {
    async fn start(server: &TestServer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        Self::start_on(listener, server, WebhookConfig::new(server.custom_tool_secret()), 2 * SECOND)
    }

    fn start_on(listener: TcpListener, server: &TestServer, webhooks: WebhookConfig, returns_within: Duration) -> Self {
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (sessions, shutdown) = (Sessions::new(coral(server)), Shutdown::new());
        let app = crate::App {
            sessions: sessions.clone(),
            lessons: Arc::default(),
            public_url: BaseUrl::new(&url).expect("a URL"),
            returns_within,
            shutdown: shutdown.clone(),
        };
        let router = crate::router(app, webhooks, server.webhook_secret());
        tokio::spawn(axum::serve(listener, router).with_graceful_shutdown(shutdown.requested()).into_future());
        Self { url, sessions, shutdown }
    }

    /// Waits until no session is open, here and on the server.
    async fn wait_until_closed(&self, server: &TestServer) {
        let is_closed = async || self.sessions.is_empty() && running(server).await == 0;
        let closed = async {
            // The end of a session on the server is not an event here.
            while !is_closed().await {
                tokio::time::sleep(SECOND / 20).await;
            }
        };
        tokio::time::timeout(LONG, closed).await.expect("closed in time");
    }
}

fn coral(server: &TestServer) -> Coral {
    Coral::server(server.url(), server.key())
}

/// The number of sessions on the server.
async fn running(server: &TestServer) -> usize {
    coral(server).sessions_in(NAMESPACE).await.map_or(0, |sessions| sessions.len())
}
