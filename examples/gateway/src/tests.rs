//! The application on a port, and agents that follow scripts: on the stand-in, or on the real server of `CORAL_TEST_URL`, whose registry
//! has the same agents.

use std::future::pending;
use std::net::SocketAddr;
use std::time::Duration;

use coral_stand_in::coral::{AgentOption, AgentType, CoralStandIn, ScriptedAgent, TestServer};
use coral_tools::shutdown::Shutdown;
use coral_tools::{BaseUrl, Coral, Secret, Sessions};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use crate::prediction::NAMESPACE;
use crate::{App, api, tools};

/// Longer than any of these tests takes.
const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_secs(2);

/// Starts a server, whose interface agents send what they read.
async fn start_server() -> (TestServer, mpsc::UnboundedReceiver<String>) {
    let (sender, received) = mpsc::unbounded_channel();
    let interface = AgentType::local("interface", "1.0.0").option("TASK", AgentOption::text());
    let mut builder = CoralStandIn::builder().agent(interface, move |agent| run_interface(agent, sender.clone()));
    for idle in ["predict", "firecrawl"] {
        builder = builder.agent(AgentType::local(idle, "1.0.0"), |_| pending());
    }
    (TestServer::start(builder).await.expect("a server"), received)
}

async fn run_interface(agent: ScriptedAgent, sender: mpsc::UnboundedSender<String>) {
    let task: Value = serde_json::from_str(agent.options()["TASK"].as_str().expect("a string")).expect("JSON");
    let title = task["title"].as_str().expect("a title");
    let submit = async |result: Value| {
        let view = agent.call_tool("send_prediction_result", json!({"result": result})).await;
        drop(sender.send(view.text));
    };
    let markets = task["markets"].as_array().expect("markets").iter();
    let predictions: Vec<_> = markets.map(|market| json!({"market": market, "probability": 0.25})).collect();
    match title {
        "silent" => pending().await,
        "lazy" => return,
        "bad" => submit(json!("a string")).await,
        _ => {}
    }
    submit(json!({"predictions": predictions})).await;
    if title == "twice" {
        submit(json!({"predictions": predictions})).await;
        submit(json!({"predictions": [{"market": "x", "probability": 1}]})).await;
    }
    pending::<()>().await;
}

struct Gateway {
    url: String,
    sessions: Sessions<()>,
    shutdown: Shutdown,
    client: reqwest::Client,
}

impl Gateway {
    async fn start(coral: Coral, secret: Secret, timeout: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (sessions, shutdown) = (Sessions::new(coral.poll_interval(Duration::from_millis(50))), Shutdown::new());
        let app = App {
            sessions: sessions.clone(),
            tools: tools(),
            base_url: BaseUrl::new(&url).expect("a URL").join("coral"),
            predictors: ["predict".to_owned()].into(),
            timeout,
            shutdown: shutdown.clone(),
        };
        let app = api::router(app, secret).expect("valid tools");
        tokio::spawn(axum::serve(listener, app).with_graceful_shutdown(shutdown.requested()).into_future());
        Self { url, sessions, shutdown, client: reqwest::Client::new() }
    }

    async fn on(server: &TestServer, timeout: Duration) -> Self {
        Self::start(Coral::server(server.url(), server.key()), server.custom_tool_secret(), timeout).await
    }

    async fn ask(&self, path: &str, title: &str) -> (u16, Value) {
        let question = json!({"title": title, "markets": ["rain", "snow"]});
        let request = self.client.post(format!("{}{path}", self.url)).json(&question);
        let response = request.send().await.expect("a response");
        (response.status().as_u16(), response.json().await.expect("JSON"))
    }

    /// Waits until the gateway and the server have no session.
    async fn wait_until_empty(&self) {
        let empty = async {
            while !self.sessions.is_empty() || self.running().await > 0 {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(LONG, empty).await.expect("sessions are closed");
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
async fn the_submitted_prediction_is_returned() {
    let (server, mut received) = start_server().await;
    let gateway = Gateway::on(&server, LONG).await;
    for path in ["/predict/single/predict", "/predict/benchmark"] {
        for title in ["bad", "twice", "good"] {
            let (status, body) = gateway.ask(path, title).await;
            assert_eq!((status, &body["predictions"][1]["market"]), (200, &json!("snow")), "{title}: {body}");
        }
    }
    gateway.wait_until_empty().await;
    assert_eq!(gateway.ask("/predict/single/unknown", "good").await.0, 404);
    if server.stand_in().is_some() {
        assert!(received.recv().await.expect("a result").contains("result"), "the first one was bad");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_and_no_call_is_too_early() {
    let (server, _received) = start_server().await;
    let gateway = Gateway::on(&server, LONG).await;
    let count = if server.stand_in().is_some() { 200 } else { 8 };
    for (status, body) in join_all((0..count).map(|_| gateway.ask("/predict/single/predict", "good"))).await {
        assert_eq!(status, 200, "{body}");
    }
    gateway.wait_until_empty().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_prediction_the_status_is_that_of_a_gateway() {
    let (server, _received) = start_server().await;
    let gateway = Gateway::on(&server, SHORT).await;
    assert_eq!(gateway.ask("/predict/single/predict", "silent").await.0, 504);
    // Agents of a real server do not follow this script.
    if server.stand_in().is_some() {
        let gateway = Gateway::on(&server, LONG).await;
        assert_eq!(gateway.ask("/predict/single/predict", "lazy").await.0, 502);
    }
    let unreachable = Coral::server("http://127.0.0.1:9", "key").retries(0);
    let gateway = Gateway::start(unreachable, server.custom_tool_secret(), LONG).await;
    assert_eq!(gateway.ask("/predict/single/predict", "good").await.0, 502);
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_disconnect_leave_no_session() {
    let (server, _received) = start_server().await;
    let gateway = Gateway::on(&server, LONG).await;
    for milliseconds in [5, 20, 100, 1500] {
        let client = gateway.ask("/predict/benchmark", "silent");
        timeout(Duration::from_millis(milliseconds), client).await.expect_err("the client disconnects");
    }
    gateway.wait_until_empty().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_shutdown_clients_get_a_response_and_sessions_are_closed() {
    let (server, _received) = start_server().await;
    let gateway = Gateway::on(&server, LONG).await;
    let shut_down = async {
        while gateway.running().await < 2 {
            sleep(Duration::from_millis(20)).await;
        }
        gateway.shutdown.request();
    };
    let client = || gateway.ask("/predict/benchmark", "silent");
    let ((first, _), (second, _), ()) = tokio::join!(client(), client(), shut_down);
    assert_eq!((first, second), (503, 503));
    assert_eq!(gateway.sessions.close_all(LONG).await, 0);
    assert_eq!(gateway.running().await, 0);
    let address: SocketAddr = gateway.url.trim_start_matches("http://").parse().expect("an address");
    tokio::net::TcpStream::connect(address).await.expect_err("the server has ended");
}
