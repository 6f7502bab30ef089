//! The application on a port, and agents that follow scripts: on the stand-in, or on the real server of `CORAL_TEST_URL`, whose registry
//! has the same agents.

use std::future::pending;
use std::time::Duration;

use coral_stand_in::coral::{AgentType, CoralStandIn, ScriptedAgent, TestServer};
use coral_tools::{BaseUrl, Coral, Sessions};
use futures_util::future::join_all;
use reqwest::Client;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use crate::api;
use crate::team::NAMESPACE;

/// Longer than any of these tests takes.
const LONG: Duration = Duration::from_secs(60);

async fn start_server() -> TestServer {
    let mut builder =
        CoralStandIn::builder().agent(AgentType::local("research-interface", "1.0.0"), send_three_results);
    for idle in ["planner", "searcher", "reader", "critic", "writer"] {
        builder = builder.agent(AgentType::local(idle, "1.0.0"), |_| pending());
    }
    TestServer::start(builder).await.expect("a server")
}

/// Sends the last result twice.
async fn send_three_results(agent: ScriptedAgent) {
    let text: String = agent.call_tool("get_initial_request", json!({})).await.value().expect("a string");
    for part in [0, 1, 2, 2] {
        let result = format!("# Part {part}\n{text}");
        let view = agent.call_tool("send_research_result", json!({"result": result})).await;
        assert!(view.is_success(), "{view:?}");
    }
    pending::<()>().await;
}

struct Application {
    url: String,
    sessions: Sessions<String>,
    client: Client,
}

impl Application {
    async fn on(server: &TestServer) -> Self {
        Self::start(server, Coral::server(server.url(), server.key()).poll_interval(Duration::from_millis(50))).await
    }

    async fn start(server: &TestServer, coral: Coral) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let base_url = BaseUrl::new(&url).expect("a URL").join("coral");
        let sessions = Sessions::new(coral);
        let app = api::router(sessions.clone(), base_url, server.custom_tool_secret()).expect("valid tools");
        tokio::spawn(axum::serve(listener, app).into_future());
        Self { url, sessions, client: Client::new() }
    }

    async fn upload(&self, text: &'static str) -> (u16, String) {
        let response = self.client.post(format!("{}/research", self.url)).body(text).send().await.expect("a response");
        let status = response.status().as_u16();
        let body: Value = response.json().await.expect("JSON");
        (status, body["id"].as_str().unwrap_or_default().to_owned())
    }

    /// Reads the events after `last` until one of them contains `end`, as a browser does.
    async fn events(&self, id: &str, last: usize, end: &str) -> String {
        let request = self.client.get(format!("{}/research/{id}/events", self.url)).header("last-event-id", last);
        let mut response = request.send().await.expect("a response");
        let mut text = String::new();
        let read = async {
            while !text.contains(end) {
                let chunk = response.chunk().await.expect("no error").expect("a further event");
                text.push_str(&String::from_utf8_lossy(&chunk));
            }
        };
        timeout(LONG, read).await.expect("in time");
        text
    }

    async fn status(&self, id: &str) -> Value {
        let request = self.client.get(format!("{}/research/{id}/status", self.url));
        request.send().await.expect("a response").json().await.expect("JSON")
    }

    /// Returns the number of sessions that run on the server.
    async fn running(&self) -> usize {
        match self.sessions.coral().sessions_in(NAMESPACE).await {
            Ok(sessions) => sessions.iter().filter(|session| !session.is_closing()).count(),
            Err(error) if error.is_not_found() => 0,
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn results_are_live_and_replayed_until_the_viewers_have_left() {
    let server = start_server().await;
    let app = Application::on(&server).await;
    let (status, id) = app.upload("Ada, programmer, 1843").await;
    assert_eq!(status, 201);
    let first = app.events(&id, 0, "# Part 1").await;
    assert!(first.contains("# Part 0") && first.contains("Ada"), "{first}");
    let rest = app.events(&id, 2, "# Part 2").await;
    assert!(!rest.contains("# Part 1"), "{rest}");
    assert_eq!(app.status(&id).await, json!({"status": "running", "results": 3}), "the repeated one does not count");

    let ended = async {
        while app.status(&id).await["status"] != "ended" {
            sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(LONG, ended).await.expect("it ends without viewers");
    assert_eq!(app.running().await, 0);
    let all = app.events(&id, 0, "event: end").await;
    assert_eq!(all.matches("event: result").count(), 3, "{all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_and_no_call_is_too_early() {
    let server = start_server().await;
    let app = Application::on(&server).await;
    let count = if server.stand_in().is_some() { 50 } else { 3 };
    let research = async |_| {
        let (_, id) = app.upload("x").await;
        app.events(&id, 0, "# Part 2").await
    };
    for events in join_all((0..count).map(research)).await {
        assert_eq!(events.matches("event: result").count(), 3, "{events}");
    }
    assert_eq!(app.sessions.close_all(LONG).await, 0);
    assert_eq!(app.running().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn viewers_receive_the_end_at_the_shutdown() {
    let server = start_server().await;
    let app = Application::on(&server).await;
    let (_, id) = app.upload("x").await;
    app.events(&id, 0, "# Part 2").await;
    let (events, not_closed) = tokio::join!(app.events(&id, 3, "event: end"), app.sessions.close_all(LONG));
    assert_eq!((events.matches("event: result").count(), not_closed), (0, 0), "{events}");
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_have_a_status() {
    let server = start_server().await;
    let app = Application::on(&server).await;
    assert_eq!(app.upload(" ").await.0, 422);
    let unknown = format!("{}/research/{}/events", app.url, Uuid::new_v4());
    assert_eq!(app.client.get(unknown).send().await.expect("a response").status(), 404);
    let unreachable = Coral::server("http://127.0.0.1:9", "key").retries(0);
    assert_eq!(Application::start(&server, unreachable).await.upload("x").await.0, 502);
}
