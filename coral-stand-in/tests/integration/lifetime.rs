//! The lifecycle of sessions.

use coral_stand_in::coral::{AgentType, CoralStandIn};
use coral_tools::serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::client::{create, delete, get, post};
use crate::socket::{listen, listen_to_all};
use crate::{debug_agent, exiting_agent, puppet, request, request_with, start, u32_option};

fn path(id: &str) -> String {
    format!("/api/v1/local/session/default/{id}")
}

async fn status(coral: &CoralStandIn, id: &str) -> Option<String> {
    let response = get(coral, &path(id)).await;
    (response.status == 200).then(|| response.json()["status"]["type"].as_str().expect("a type").to_owned())
}

#[tokio::test]
async fn a_session_and_its_namespace_end_when_the_agents_have_stopped() {
    let coral = start().await;
    let mut events = listen_to_all(&coral).await;
    let (_, id) = create(&coral, &request(json!([exiting_agent()]))).await;
    for kind in [
        "namespace_created",
        "session_created",
        "session_running",
        "session_closing",
        "session_closed",
        "namespace_closed",
    ] {
        assert_eq!(events.event().await.expect(kind)["type"], kind);
    }
    let response = get(&coral, &path(&id)).await;
    assert_eq!((response.status, response.message().as_deref()), (404, Some("Namespace \"default\" does not exist")));
}

#[tokio::test]
async fn closing_a_session_cancels_its_agents() {
    struct OnDrop(mpsc::UnboundedSender<()>);
    impl Drop for OnDrop {
        fn drop(&mut self) {
            let _sent = self.0.send(());
        }
    }
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let (started, mut has_started) = mpsc::unbounded_channel();
    let coral = CoralStandIn::builder()
        .agent(AgentType::local("endless", "1.0.0"), move |_agent| {
            let (guard, started) = (OnDrop(sender.clone()), started.clone());
            async move {
                let _guard = guard;
                started.send(()).expect("the test receives");
                std::future::pending::<()>().await;
            }
        })
        .start()
        .await
        .expect("started");
    let (_, id) = create(&coral, &request(json!([debug_agent("endless", json!({}))]))).await;
    has_started.recv().await.expect("started");
    let response = delete(&coral, &path(&id)).await;
    assert_eq!((response.status, response.text.as_str()), (200, ""));
    assert_eq!(receiver.try_recv(), Ok(()), "the response follows the end of the agents");
    let response = delete(&coral, "/api/v1/local/session/nowhere/nothing").await;
    assert_eq!((response.status, response.message().as_deref()), (404, Some("Namespace \"nowhere\" does not exist")));
}

#[tokio::test]
async fn a_session_ends_at_its_ttl() {
    let coral = start().await;
    let mut events = listen_to_all(&coral).await;
    let agent = debug_agent("seed", json!({"START_DELAY": u32_option(3_600_000)}));
    create(&coral, &request_with(json!([agent]), json!({"ttl": 100}))).await;
    events.until("session_closed").await;
}

#[tokio::test]
async fn a_session_persists_as_requested() {
    for (mode, persists) in [
        (json!({"mode": "hold_after_exit", "duration": 3_600_000}), true),
        (json!({"mode": "minimum_time", "time": 3_600_000}), true),
        (json!({"mode": "minimum_time", "time": 0}), false),
        (json!({"mode": "none"}), false),
    ] {
        let coral = start().await;
        let mut events = listen_to_all(&coral).await;
        let (_, id) = create(&coral, &request_with(json!([exiting_agent()]), json!({"persistenceMode": mode}))).await;
        events.until(if persists { "session_closing" } else { "session_closed" }).await;
        let expected = persists.then(|| "closing".to_owned());
        assert_eq!(status(&coral, &id).await, expected, "{mode}");
    }
}

#[tokio::test]
async fn a_persistent_session_ends_after_its_hold_time() {
    let coral = start().await;
    let mut events = listen_to_all(&coral).await;
    let hold = json!({"persistenceMode": {"mode": "hold_after_exit", "duration": 1}});
    let (_, id) = create(&coral, &request_with(json!([exiting_agent()]), hold)).await;
    events.until("namespace_closed").await;
    assert_eq!(status(&coral, &id).await, None);
}

#[tokio::test]
async fn a_deferred_session_waits_to_be_executed() {
    let coral = start().await;
    let mut events = listen_to_all(&coral).await;
    let mut deferred = request(json!([puppet("a")]));
    deferred["execution"] = json!({"mode": "defer"});
    let (_, id) = create(&coral, &deferred).await;
    assert_eq!(status(&coral, &id).await.as_deref(), Some("pending_execution"));
    let state = get(&coral, &format!("{}/extended", path(&id))).await.json();
    assert_eq!(state["agents"][0]["status"], json!({"type": "waiting"}));

    let response = delete(&coral, &path(&id)).await;
    let message = "This session's agents have not been launched yet";
    assert_eq!((response.status, response.message().as_deref()), (500, Some(message)));

    let hold = json!({"persistenceMode": {"mode": "hold_after_exit", "duration": 3_600_000}});
    let response = post(&coral, &path(&id), &json!({"persistenceMode": {"mode": "hold"}})).await;
    let class = "org.coralprotocol.coralserver.session.SessionRuntimeSettings";
    assert_eq!(response.message(), Some(format!("Failed to convert request body to class {class}")));
    let response = post(&coral, &path(&id), &hold).await;
    assert_eq!((response.status, response.text.as_str()), (200, ""));
    assert_eq!(status(&coral, &id).await.as_deref(), Some("executed"));

    // The status is checked before the body.
    let response = post(&coral, &path(&id), &json!("nonsense")).await;
    assert_eq!((response.status, response.message().as_deref()), (400, Some("Session is not pending execution")));
    assert_eq!(delete(&coral, &path(&id)).await.status, 200);
    events.until("session_closing").await;
    assert_eq!(status(&coral, &id).await.as_deref(), Some("closing"));

    for (path, message) in [
        ("/api/v1/local/session/nowhere/x", "Namespace \"nowhere\" not found"),
        ("/api/v1/local/session/default/x", "Session not found"),
    ] {
        let response = post(&coral, path, &json!({})).await;
        assert_eq!((response.status, response.message().as_deref()), (404, Some(message)));
    }
}

#[tokio::test]
async fn a_session_without_agents_ends_only_at_its_ttl() {
    let coral = start().await;
    let mut events = listen_to_all(&coral).await;
    let (_, id) = create(&coral, &request(json!([]))).await;
    let response = delete(&coral, &path(&id)).await;
    assert_eq!((response.status, status(&coral, &id).await.as_deref()), (500, Some("executed")));
    create(&coral, &request_with(json!([]), json!({"ttl": 1}))).await;
    events.until("session_closed").await;
}

#[tokio::test]
async fn an_agent_that_cannot_run_stops_at_once() {
    let coral = start().await;
    let mut wrong_runtime = debug_agent("seed", json!({}));
    wrong_runtime["provider"] = json!({"type": "local", "runtime": "docker"});
    let mut linked = crate::named(debug_agent("seed", json!({})), "linked");
    linked["provider"] = json!({"type": "linked", "linkedServerName": "berlin", "runtime": "function"});
    let mut events = listen_to_all(&coral).await;
    let hold = json!({"persistenceMode": {"mode": "hold_after_exit", "duration": 3_600_000}});
    let (_, id) = create(&coral, &request_with(json!([wrong_runtime, linked]), hold)).await;
    events.until("session_closing").await;
    let state = get(&coral, &format!("{}/extended", path(&id))).await.json();
    let agents = state["agents"].as_array().expect("agents");
    let stopped: Vec<&Value> = agents.iter().map(|agent| &agent["status"]["type"]).collect();
    assert_eq!(stopped, ["stopped", "stopped"]);
    assert_eq!(state["threads"], json!([]), "the agent did nothing");
}

#[tokio::test]
async fn an_agent_stops_when_its_script_panics() {
    let coral = CoralStandIn::builder()
        .allow_script_panics()
        .agent(AgentType::local("shaky", "1.0.0"), |_agent| async { panic!("a script of the tests") });
    let coral = coral.start().await.expect("started");
    assert_panic_is_logged(&coral).await;

    // The call that creates the future may panic, too.
    let coral = CoralStandIn::builder().allow_script_panics().agent(AgentType::local("shaky", "1.0.0"), |agent| {
        let title = agent.options()["TITLE"].clone();
        async move { drop(title) }
    });
    let coral = coral.start().await.expect("started");
    assert_panic_is_logged(&coral).await;
}

async fn assert_panic_is_logged(coral: &CoralStandIn) {
    let mut events = listen_to_all(coral).await;
    let (_, id) = create(coral, &request(json!([debug_agent("shaky", json!({}))]))).await;
    events.until("session_closed").await;
    let logs = format!("/ws/v1/logs/{}?sessionFilter={id}&agentFilter=shaky", coral.key());
    let mut logs = listen(coral, &logs).await.expect("a websocket");
    let event = logs.until("error").await;
    assert_eq!(event["text"], "The script of agent shaky panicked");
}

/// A server with an agent type whose script reports its start.
async fn with_greeters() -> (CoralStandIn, mpsc::UnboundedReceiver<String>) {
    let (sender, begun) = mpsc::unbounded_channel();
    let coral = CoralStandIn::builder().agent(AgentType::local("greeter", "1.0.0"), move |agent| {
        let sender = sender.clone();
        async move {
            sender.send(agent.name().to_owned()).expect("the test receives");
            std::future::pending::<()>().await;
        }
    });
    (coral.start().await.expect("started"), begun)
}

/// A request with the blocking agents `a` and `b` in one group, and the agent `alone`.
fn blocking_request() -> Value {
    let greeter = |name| crate::named(debug_agent("greeter", json!({})), name);
    let mut request = request(json!([greeter("a"), greeter("b"), greeter("alone")]));
    for agent in ["0", "1"] {
        request.pointer_mut(&format!("/agentGraphRequest/agents/{agent}")).expect("an agent")["blocking"] = json!(true);
    }
    request["agentGraphRequest"]["groups"] = json!([["a", "b"]]);
    request
}

async fn connections(coral: &CoralStandIn, id: &str) -> Vec<Value> {
    let state = get(coral, &format!("{}/extended", path(id))).await.json();
    let agents = state["agents"].as_array().expect("agents").iter();
    agents.map(|agent| agent["status"]["connectionStatus"]["type"].clone()).collect()
}

#[tokio::test]
async fn blocking_agents_wait_for_each_other() {
    let (coral, mut begun) = with_greeters().await;
    let (_, id) = create(&coral, &blocking_request()).await;
    for _agent in 0..3 {
        begun.recv().await.expect("a started agent");
    }
    assert_eq!(connections(&coral, &id).await, ["connected", "connected", "connected"]);
}

#[tokio::test]
async fn a_blocking_agent_does_not_start_without_the_others() {
    let (coral, mut begun) = with_greeters().await;
    let mut request = blocking_request();
    // This agent never connects: the server does not exist.
    request["agentGraphRequest"]["agents"][1]["provider"] =
        json!({"type": "linked", "linkedServerName": "berlin", "runtime": "function"});
    request["execution"] = json!({"mode": "defer"});
    let (_, id) = create(&coral, &request).await;
    let events = format!("/ws/v1/events/{}/session/default/{id}", coral.key());
    let mut events = listen(&coral, &events).await.expect("a websocket");
    assert_eq!(post(&coral, &path(&id), &json!({})).await.status, 200);
    for _connected in ["a", "alone"] {
        events.until("agent_connected").await;
    }
    assert_eq!(begun.recv().await.as_deref(), Some("alone"));
    let waiting = connections(&coral, &id).await;
    assert_eq!((&waiting[0], &waiting[2]), (&json!("not_connected"), &json!("connected")));
    assert!(begun.try_recv().is_err(), "only `alone` has started");
}
