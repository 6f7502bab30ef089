//! How sessions live and end.

use coral_stand_in::coral::CoralStandIn;
use coral_tools::serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::client::{create, delete, get, post};
use crate::socket::{listen, listen_to_all};
use crate::{brief, debug_agent, entry, puppet, request, request_with, start, u32_option};

fn path(id: &str) -> String {
    format!("/api/v1/local/session/default/{id}")
}

async fn status(coral: &CoralStandIn, id: &str) -> Option<String> {
    let reply = get(coral, &path(id)).await;
    (reply.status == 200).then(|| reply.json()["status"]["type"].as_str().expect("a type").to_owned())
}

#[tokio::test]
async fn a_session_ends_when_its_agents_have_stopped_and_its_namespace_with_it() {
    let coral = start().await;
    let mut events = listen_to_all(&coral).await;
    let (_, id) = create(&coral, &request(json!([brief()]))).await;
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
    let reply = get(&coral, &path(&id)).await;
    assert_eq!((reply.status, reply.message().as_deref()), (404, Some("Namespace \"default\" does not exist")));
}

#[tokio::test]
async fn closing_a_session_cancels_its_agents() {
    struct OnDrop(mpsc::UnboundedSender<()>);
    impl Drop for OnDrop {
        fn drop(&mut self) {
            let _told = self.0.send(());
        }
    }
    let (tell, mut told) = mpsc::unbounded_channel();
    let (started, mut has_started) = mpsc::unbounded_channel();
    let coral = CoralStandIn::builder()
        .agent(entry("endless", json!({})), move |_agent| {
            let (guard, started) = (OnDrop(tell.clone()), started.clone());
            async move {
                let _guard = guard;
                started.send(()).expect("a test that listens");
                std::future::pending::<()>().await;
            }
        })
        .start()
        .await
        .expect("started");
    let (_, id) = create(&coral, &request(json!([debug_agent("endless", json!({}))]))).await;
    has_started.recv().await.expect("started");
    let reply = delete(&coral, &path(&id)).await;
    assert_eq!((reply.status, reply.text.as_str()), (200, ""));
    assert_eq!(told.try_recv(), Ok(()), "it returns after the agents have stopped");
    let reply = delete(&coral, "/api/v1/local/session/nowhere/nothing").await;
    assert_eq!((reply.status, reply.message().as_deref()), (404, Some("Namespace \"nowhere\" does not exist")));
}

#[tokio::test]
async fn a_session_that_lives_too_long_is_ended() {
    let coral = start().await;
    let mut events = listen_to_all(&coral).await;
    let agent = debug_agent("seed", json!({"START_DELAY": u32_option(3_600_000)}));
    create(&coral, &request_with(json!([agent]), json!({"ttl": 100}))).await;
    events.until("session_closed").await;
}

#[tokio::test]
async fn a_session_is_held_as_it_was_asked_to_be() {
    for (mode, is_held) in [
        (json!({"mode": "hold_after_exit", "duration": 3_600_000}), true),
        (json!({"mode": "minimum_time", "time": 3_600_000}), true),
        (json!({"mode": "minimum_time", "time": 0}), false),
        (json!({"mode": "none"}), false),
    ] {
        let coral = start().await;
        let mut events = listen_to_all(&coral).await;
        let (_, id) = create(&coral, &request_with(json!([brief()]), json!({"persistenceMode": mode}))).await;
        events.until(if is_held { "session_closing" } else { "session_closed" }).await;
        let expected = is_held.then(|| "closing".to_owned());
        assert_eq!(status(&coral, &id).await, expected, "{mode}");
    }
}

#[tokio::test]
async fn what_is_held_goes_when_its_time_is_over() {
    let coral = start().await;
    let mut events = listen_to_all(&coral).await;
    let hold = json!({"persistenceMode": {"mode": "hold_after_exit", "duration": 1}});
    let (_, id) = create(&coral, &request_with(json!([brief()]), hold)).await;
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

    let reply = delete(&coral, &path(&id)).await;
    let message = "This session's agents have not been launched yet";
    assert_eq!((reply.status, reply.message().as_deref()), (500, Some(message)));

    let hold = json!({"persistenceMode": {"mode": "hold_after_exit", "duration": 3_600_000}});
    let reply = post(&coral, &path(&id), &json!({"persistenceMode": {"mode": "hold"}})).await;
    let class = "org.coralprotocol.coralserver.session.SessionRuntimeSettings";
    assert_eq!(reply.message(), Some(format!("Failed to convert request body to class {class}")));
    let reply = post(&coral, &path(&id), &hold).await;
    assert_eq!((reply.status, reply.text.as_str()), (200, ""));
    assert_eq!(status(&coral, &id).await.as_deref(), Some("executed"));

    // Told before the body is looked at.
    let reply = post(&coral, &path(&id), &json!("nonsense")).await;
    assert_eq!((reply.status, reply.message().as_deref()), (400, Some("Session is not pending execution")));
    assert_eq!(delete(&coral, &path(&id)).await.status, 200);
    events.until("session_closing").await;
    assert_eq!(status(&coral, &id).await.as_deref(), Some("closing"));

    for (path, message) in [
        ("/api/v1/local/session/nowhere/x", "Namespace \"nowhere\" not found"),
        ("/api/v1/local/session/default/x", "Session not found"),
    ] {
        let reply = post(&coral, path, &json!({})).await;
        assert_eq!((reply.status, reply.message().as_deref()), (404, Some(message)));
    }
}

#[tokio::test]
async fn a_session_without_agents_never_ends_by_itself() {
    let coral = start().await;
    let mut events = listen_to_all(&coral).await;
    let (_, id) = create(&coral, &request(json!([]))).await;
    let reply = delete(&coral, &path(&id)).await;
    assert_eq!((reply.status, status(&coral, &id).await.as_deref()), (500, Some("executed")));
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
async fn an_agent_whose_script_panics_has_stopped() {
    let coral =
        CoralStandIn::builder().agent(entry("shaky", json!({})), |_agent| async { panic!("a script of the tests") });
    let coral = coral.start().await.expect("started");
    panics_and_stops(&coral).await;

    // Also where there is no future yet.
    let coral = CoralStandIn::builder().agent(entry("shaky", json!({})), |agent| {
        let title = agent.options()["TITLE"].clone();
        async move { drop(title) }
    });
    let coral = coral.start().await.expect("started");
    panics_and_stops(&coral).await;
}

async fn panics_and_stops(coral: &CoralStandIn) {
    let mut events = listen_to_all(coral).await;
    let (_, id) = create(coral, &request(json!([debug_agent("shaky", json!({}))]))).await;
    events.until("session_closed").await;
    let logs = format!("/ws/v1/logs/{}?sessionFilter={id}&agentFilter=shaky", coral.key());
    let mut logs = listen(coral, &logs).await.expect("a websocket");
    let event = logs.until("error").await;
    assert_eq!(event["text"], "The script of agent shaky panicked");
}

/// A server with an agent type whose script says that it has begun.
async fn with_greeters() -> (CoralStandIn, mpsc::UnboundedReceiver<String>) {
    let (tell, begun) = mpsc::unbounded_channel();
    let coral = CoralStandIn::builder().agent(entry("greeter", json!({})), move |agent| {
        let tell = tell.clone();
        async move {
            tell.send(agent.name().to_owned()).expect("a test that listens");
            std::future::pending::<()>().await;
        }
    });
    (coral.start().await.expect("started"), begun)
}

/// `a` and `b` block and are in a group; `alone` does neither.
fn blocking() -> Value {
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
async fn agents_that_block_wait_for_each_other() {
    let (coral, mut begun) = with_greeters().await;
    let (_, id) = create(&coral, &blocking()).await;
    for _agent in 0..3 {
        begun.recv().await.expect("an agent that begins");
    }
    assert_eq!(connections(&coral, &id).await, ["connected", "connected", "connected"]);
}

#[tokio::test]
async fn an_agent_that_blocks_does_not_begin_without_the_others() {
    let (coral, mut begun) = with_greeters().await;
    let mut request = blocking();
    // It never arrives: there is no such server.
    request["agentGraphRequest"]["agents"][1]["provider"] =
        json!({"type": "linked", "linkedServerName": "berlin", "runtime": "function"});
    request["execution"] = json!({"mode": "defer"});
    let (_, id) = create(&coral, &request).await;
    let events = format!("/ws/v1/events/{}/session/default/{id}", coral.key());
    let mut events = listen(&coral, &events).await.expect("a websocket");
    assert_eq!(post(&coral, &path(&id), &json!({})).await.status, 200);
    for _arrived in ["a", "alone"] {
        events.until("agent_connected").await;
    }
    assert_eq!(begun.recv().await.as_deref(), Some("alone"));
    let waiting = connections(&coral, &id).await;
    assert_eq!((&waiting[0], &waiting[2]), (&json!("not_connected"), &json!("connected")));
    assert!(begun.try_recv().is_err(), "nobody else has begun");
}
