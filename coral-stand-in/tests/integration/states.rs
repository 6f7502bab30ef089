//! The state of a session, in the form of each version.

use std::time::{Duration, UNIX_EPOCH};

use coral_stand_in::coral::{CoralStandIn, EmulatedVersion};
use coral_tools::serde_json::{self, Value, json};
use coral_tools::state::SessionState;

use crate::client::{create, delete, get, get_until, post};
use crate::{puppet, request, start_version};

/// A session with a message.
async fn session_with_message(version: EmulatedVersion) -> (CoralStandIn, String) {
    let coral = start_version(version).await;
    let mut request = request(json!([puppet("a"), puppet("b")]));
    request["agentGraphRequest"]["groups"] = json!([["a", "b"]]);
    let (_, id) = create(&coral, &request).await;
    let a = format!("/api/v1/puppet/default/{id}/a/thread");
    let thread = post(&coral, &a, &json!({"threadName": "t", "participantNames": ["b"]})).await.json();
    let message = json!({"threadId": thread["thread"]["id"], "content": "hi", "mentions": ["b"]});
    assert_eq!(post(&coral, &format!("{a}/message"), &message).await.status, 200);
    (coral, id)
}

async fn state(coral: &CoralStandIn, id: &str) -> Value {
    let extended = if coral.emulated_version() == EmulatedVersion::Cloud { "" } else { "/extended" };
    let path = format!("/api/v1/local/session/default/{id}{extended}");
    let all_connected = |state: &Value| {
        let agents = state["agents"].as_array().expect("agents");
        agents
            .iter()
            .all(|agent| agent["isConnected"] == true || agent["status"]["connectionStatus"]["type"] == "connected")
    };
    get_until(coral, &path, all_connected).await
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[tokio::test]
async fn coral_server_1_2_returns_every_field() {
    let (coral, id) = session_with_message(EmulatedVersion::Server1_2).await;
    let state = state(&coral, &id).await;
    assert_eq!(keys(&state), ["base", "agents", "threads"]);
    assert_eq!(keys(&state["base"]), ["id", "timestamp", "namespace", "status", "annotations"]);
    let agent = &state["agents"][0];
    let expected =
        ["name", "registryAgentIdentifier", "status", "description", "links", "annotations", "tokensByModel"];
    assert_eq!(keys(agent), expected);
    assert_eq!(keys(&agent["status"]), ["type", "connectionStatus", "startTime"]);
    assert_eq!(agent["registryAgentIdentifier"]["registrySourceId"], json!({"type": "local"}));
    let thread = &state["threads"][0];
    let expected = ["id", "name", "creatorName", "participants", "messages", "state", "timestamp"];
    assert_eq!(keys(thread), expected);
    assert_eq!(keys(&thread["messages"][0]), ["id", "threadId", "text", "senderName", "mentionNames", "timestamp"]);
    let base = get(&coral, &format!("/api/v1/local/session/default/{id}")).await.json();
    assert_eq!(base, state["base"]);
}

#[tokio::test]
async fn coral_server_1_1_returns_neither_start_nor_tokens() {
    let (coral, id) = session_with_message(EmulatedVersion::Server1_1).await;
    let state = state(&coral, &id).await;
    let agent = &state["agents"][0];
    assert_eq!(keys(agent), ["name", "registryAgentIdentifier", "status", "description", "links", "annotations"]);
    assert_eq!(keys(&agent["status"]), ["type", "connectionStatus"]);
}

#[tokio::test]
async fn coral_cloud_returns_flat_states_with_milliseconds() {
    let (coral, id) = session_with_message(EmulatedVersion::Cloud).await;
    let state = state(&coral, &id).await;
    assert_eq!(keys(&state), ["id", "namespace", "timestamp", "closing", "agents", "threads"]);
    let agent = &state["agents"][0];
    assert_eq!(
        (&agent["isConnected"], &agent["isWaiting"], &agent["links"]),
        (&json!(true), &json!(false), &json!(["b"]))
    );
    assert_eq!(agent["registryAgentIdentifier"], json!({"name": "puppet", "version": "1.0.0", "source": "local"}));
    let message = &state["threads"][0]["messages"][0];
    assert!(state["timestamp"].is_i64() && message["timestamp"].is_i64());
    assert_eq!(get(&coral, &format!("/api/v1/session/default/{id}")).await.json(), state);
    let listed = json!([{"sessionId": id, "closing": false}]);
    assert_eq!(get(&coral, "/api/v1/session/default").await.json(), listed);
    assert_eq!(get(&coral, "/api/v1/session").await.json(), json!([{"namespace": "default", "sessions": listed}]));
    let response = delete(&coral, &format!("/api/v1/session/default/{id}")).await;
    assert_eq!((response.status, response.text.as_str()), (200, ""));
}

#[tokio::test]
async fn the_client_decodes_the_same_from_every_version() {
    let mut views = Vec::new();
    for version in [EmulatedVersion::Server1_2, EmulatedVersion::Server1_1, EmulatedVersion::Cloud] {
        let (coral, id) = session_with_message(version).await;
        let state = serde_json::from_value::<SessionState>(state(&coral, &id).await).expect("a state");
        assert_eq!(state.id, id);
        let agents: Vec<(String, bool)> =
            state.agents().iter().map(|agent| (agent.name.clone(), agent.is_connected())).collect();
        let messages: Vec<String> = state.messages().iter().map(|(_, message)| message.text().into_owned()).collect();
        views.push((agents, messages));
    }
    assert_eq!(views[0], (vec![("a".into(), true), ("b".into(), true)], vec!["hi".into()]));
    assert!(views.iter().all(|view| *view == views[0]), "{views:?}");
}

#[tokio::test]
async fn timestamps_have_groups_of_three_fraction_digits() {
    let (coral, id) = session_with_message(EmulatedVersion::Server1_2).await;
    let thread = state(&coral, &id).await["threads"][0]["id"].as_str().expect("an id").to_owned();
    let second = UNIX_EPOCH + Duration::from_secs(1_767_109_139);
    for (nanos, written) in [
        (0, "2025-12-30T15:38:59Z"),
        (5_000_000, "2025-12-30T15:38:59.005Z"),
        (5_000, "2025-12-30T15:38:59.000005Z"),
        (5, "2025-12-30T15:38:59.000000005Z"),
    ] {
        let at = second + Duration::from_nanos(nanos);
        let message = coral.insert_message(&id, &thread, "ghost", "boo", at).expect("an id");
        let state = state(&coral, &id).await;
        let last = state["threads"][0]["messages"].as_array().and_then(|messages| messages.last().cloned());
        let last = last.expect("a message");
        assert_eq!(
            (&last["id"], &last["timestamp"], &last["senderName"]),
            (&json!(message), &json!(written), &json!("ghost"))
        );
    }
    assert_eq!(coral.insert_message(&id, "nowhere", "ghost", "boo", second), None);
    assert_eq!(coral.insert_message("nothing", &thread, "ghost", "boo", second), None);
}

#[tokio::test]
async fn coral_cloud_executes_deferred_sessions() {
    let coral = start_version(EmulatedVersion::Cloud).await;
    let mut deferred = request(json!([puppet("a")]));
    deferred["execution"] = json!({"mode": "defer"});
    let (_, id) = create(&coral, &deferred).await;
    let path = format!("/api/v1/local/session/default/{id}");
    assert_eq!(get(&coral, &path).await.json()["agents"][0]["isConnected"], false);
    let settings = json!({"ttl": 60_000, "persistenceMode": {"type": "HoldAfterExit", "holdTime": 60_000}});
    assert_eq!(post(&coral, &path, &settings).await.status, 200);
    assert_eq!(delete(&coral, &path).await.status, 200);
    // The agents have stopped; the status `closing` follows.
    let listed = get_until(&coral, "/api/v1/session/default", |listed| listed[0]["closing"] == true).await;
    assert_eq!(listed[0]["sessionId"], json!(id));
}
