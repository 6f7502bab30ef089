//! Calls of custom tools: how long they run, and how many at a time.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use coral_stand_in::coral::{AgentType, CoralStandIn, ScriptedAgent};
use coral_tools::serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;

use crate::client::{TIMEOUT, create, delete};
use crate::socket::listen_to_all;
use crate::{debug_agent, request, request_with};

/// Reports the end of a call when it is dropped.
struct CallEnd {
    sender: mpsc::UnboundedSender<&'static str>,
    outcome: &'static str,
}

impl Drop for CallEnd {
    fn drop(&mut self) {
        // The test may have ended.
        let _sent = self.sender.send(self.outcome);
    }
}

/// An application whose responses wait for a permit. It reports the start and the end of each call.
struct SlowApplication {
    url: String,
    permits: Arc<Semaphore>,
    calls: mpsc::UnboundedReceiver<&'static str>,
}

impl SlowApplication {
    async fn start() -> Self {
        let (sender, calls) = mpsc::unbounded_channel();
        let permits = Arc::new(Semaphore::new(0));
        let permits_of_calls = permits.clone();
        let app: Router = Router::new().fallback(async move || {
            sender.send("started").expect("the test receives");
            let mut end = CallEnd { sender: sender.clone(), outcome: "dropped" };
            permits_of_calls.acquire().await.expect("never closed").forget();
            end.outcome = "finished";
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, permits, calls }
    }

    async fn next(&mut self) -> Option<&'static str> {
        timeout(TIMEOUT, self.calls.recv()).await.expect("no timeout")
    }
}

/// A request for an agent `caller` with these tools.
fn calling(tools: &[(&str, &str)], settings: &Value) -> Value {
    let mut agent = debug_agent("caller", json!({}));
    agent["customToolAccess"] = tools.iter().map(|(name, _)| *name).collect();
    let mut request = request_with(json!([agent]), settings.clone());
    for (name, url) in tools {
        request["agentGraphRequest"]["customTools"][name] = json!({"transport": {"type": "http", "url": url}});
    }
    request
}

async fn with_caller<F>(script: impl Fn(ScriptedAgent) -> F + Send + Sync + 'static) -> CoralStandIn
where
    F: Future<Output = ()> + Send + 'static,
{
    CoralStandIn::builder().agent(AgentType::local("caller", "1.0.0"), script).start().await.expect("started")
}

#[tokio::test]
async fn a_call_outlives_a_closed_session() {
    let mut app = SlowApplication::start().await;
    let coral = with_caller(|agent| async move { drop(agent.call_tool("slow", ()).await) }).await;
    let (_, id) = create(&coral, &calling(&[("slow", &app.url)], &json!({}))).await;
    assert_eq!(app.next().await, Some("started"));
    let response = delete(&coral, &format!("/api/v1/local/session/default/{id}")).await;
    assert_eq!(response.status, 200);
    app.permits.add_permits(1);
    assert_eq!(app.next().await, Some("finished"));
}

#[tokio::test]
async fn a_call_outlives_the_ttl_of_its_session() {
    let mut app = SlowApplication::start().await;
    let coral = with_caller(|agent| async move { drop(agent.call_tool("slow", ()).await) }).await;
    let mut events = listen_to_all(&coral).await;
    create(&coral, &calling(&[("slow", &app.url)], &json!({"ttl": 500}))).await;
    assert_eq!(app.next().await, Some("started"));
    events.until("session_closed").await;
    app.permits.add_permits(1);
    assert_eq!(app.next().await, Some("finished"));
}

#[tokio::test]
async fn a_stopped_server_drops_its_calls() {
    let mut app = SlowApplication::start().await;
    let coral = with_caller(|agent| async move { drop(agent.call_tool("slow", ()).await) }).await;
    create(&coral, &calling(&[("slow", &app.url)], &json!({}))).await;
    assert_eq!(app.next().await, Some("started"));
    coral.stop().await;
    assert_eq!(app.next().await, Some("dropped"));
}

#[tokio::test]
async fn at_most_100_calls_to_a_host_run_at_a_time() {
    let (mut app, mut other) = (SlowApplication::start().await, SlowApplication::start().await);
    let coral = with_caller(|agent| async move {
        let calls = (0..150).map(|_| agent.call_tool("slow", ()));
        let calls = futures_util::future::join_all(calls);
        futures_util::future::join(calls, agent.call_tool("other", ())).await;
    })
    .await;
    create(&coral, &calling(&[("slow", &app.url), ("other", &other.url)], &json!({}))).await;
    for _call in 0..100 {
        assert_eq!(app.next().await, Some("started"));
    }
    // Calls to other hosts do not wait; when this one has arrived, further ones would have, too.
    assert_eq!(other.next().await, Some("started"));
    assert!(app.calls.try_recv().is_err(), "the 101st call waits");
    app.permits.add_permits(150);
    for _event in 0..200 {
        app.next().await.expect("50 further starts and 150 ends");
    }
}

/// The first 100 calls reach their time limit. The next one, which has waited as long, is then made.
#[tokio::test]
async fn waiting_for_another_call_is_not_part_of_the_time_limit() {
    let mut app = SlowApplication::start().await;
    let (sender, mut results) = mpsc::unbounded_channel();
    let script = move |agent: ScriptedAgent| {
        let sender = sender.clone();
        async move {
            let calls = futures_util::future::join_all((0..101).map(|_| agent.call_tool("slow", ()))).await;
            drop(sender.send(calls));
        }
    };
    let coral =
        CoralStandIn::builder().call_timeout(Duration::from_secs(2)).agent(AgentType::local("caller", "1.0.0"), script);
    let coral = coral.start().await.expect("started");
    create(&coral, &calling(&[("slow", &app.url)], &json!({}))).await;
    for _call in 0..100 {
        assert_eq!(app.next().await, Some("started"));
    }
    let mut events = Vec::new();
    for _event in 0..101 {
        events.push(app.next().await.expect("100 dropped calls and the start of another one"));
    }
    events.sort_unstable();
    assert_eq!((events[0], events[99], events[100]), ("dropped", "dropped", "started"));
    app.permits.add_permits(1);
    let results = timeout(TIMEOUT, results.recv()).await.expect("no timeout").expect("results");
    let failed = results.iter().filter(|view| view.is_error).count();
    assert_eq!((failed, results.len()), (100, 101));
}

#[tokio::test]
async fn threads_and_namespaces_are_returned_in_the_order_of_a_hash_map() {
    let coral = crate::start().await;
    let names = ["two", "one", "b", "a", "zeta", "alpha"];
    for name in names {
        crate::client::post(&coral, "/api/v1/local/namespace", &json!({"name": name})).await;
    }
    let listed = crate::client::get(&coral, "/api/v1/local/namespace").await.json();
    let listed: Vec<&str> =
        listed.as_array().expect("a list").iter().map(|entry| entry["name"].as_str().expect("a name")).collect();
    assert_eq!(listed, ["zeta", "a", "b", "one", "alpha", "two"]);

    let seed = debug_agent("seed", json!({"SEED_THREAD_COUNT": {"type": "u32", "value": 50}}));
    let mut events = listen_to_all(&coral).await;
    let hold = json!({"persistenceMode": {"mode": "hold_after_exit", "duration": 3_600_000}});
    let mut request = request(json!([seed]));
    request["execution"] = json!({"mode": "immediate", "runtimeSettings": hold});
    let (_, id) = create(&coral, &request).await;
    events.until("session_closing").await;
    let state = crate::client::get(&coral, &format!("/api/v1/local/session/default/{id}/extended")).await.json();
    let times: Vec<&str> = state["threads"]
        .as_array()
        .expect("threads")
        .iter()
        .map(|thread| thread["timestamp"].as_str().expect("a time"))
        .collect();
    assert_eq!(times.len(), 50);
    assert!(!times.is_sorted(), "fifty threads are in the order of creation");
}
