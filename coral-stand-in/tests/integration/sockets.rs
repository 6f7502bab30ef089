//! Events and logs over websockets.

use coral_tools::serde_json::{Value, json};

use crate::client::{create, delete, get, get_until, post};
use crate::socket::{listen, listen_to_all};
use crate::{debug_agent, exiting_agent, puppet, request, start, u32_option};

fn deferred(agents: Value) -> Value {
    let mut request = request(agents);
    request["execution"] = json!({"mode": "defer"});
    request
}

fn in_namespace(name: &str, annotations: impl Into<Value>) -> Value {
    let mut request = request(json!([exiting_agent()]));
    request["namespaceProvider"]["namespaceRequest"] = json!({"name": name, "annotations": annotations.into()});
    request
}

#[tokio::test]
async fn a_session_socket_sends_all_events_and_closes_at_the_end() {
    let coral = start().await;
    let options = json!({"SEED_THREAD_COUNT": u32_option(10), "SEED_MESSAGE_COUNT": u32_option(10)});
    let (_, id) = create(&coral, &deferred(json!([debug_agent("seed", options)]))).await;
    let path = format!("/ws/v1/events/{}/session/default/{id}", coral.key());
    let mut events = listen(&coral, &path).await.expect("a websocket");
    post(&coral, &format!("/api/v1/local/session/default/{id}"), &json!({})).await;
    let kinds = events.remaining_types().await;
    let count = |kind: &str| kinds.iter().filter(|found| *found == kind).count();
    assert_eq!((count("thread_created"), count("thread_message_sent")), (10, 100));
    assert_eq!((kinds[0].as_str(), kinds[1].as_str()), ("runtime_started", "agent_connected"));
    assert_eq!(kinds.last().map(String::as_str), Some("runtime_stopped"));
}

#[tokio::test]
async fn events_have_the_json_format_of_the_server() {
    let coral = start().await;
    let (_, id) = create(&coral, &request(json!([puppet("a")]))).await;
    let path = format!("/ws/v1/events/{}/session/default/{id}", coral.key());
    let mut events = listen(&coral, &path).await.expect("a websocket");
    let new = json!({"threadName": "t", "participantNames": []});
    post(&coral, &format!("/api/v1/puppet/default/{id}/a/thread"), &new).await;
    let text = loop {
        let text = events.text().await.expect("an event");
        if text.contains("thread_created") {
            break text;
        }
    };
    let head = "{\n    \"type\": \"thread_created\",\n    \"timestamp\": \"";
    assert!(text.starts_with(head) && text.contains("\n    \"thread\": {\n        \"id\": "), "{text}");
}

#[tokio::test]
async fn a_waiting_agent_has_events() {
    let coral = start().await;
    let echo = debug_agent("echo", json!({"ITERATION_COUNT": u32_option(1)}));
    let (_, id) = create(&coral, &deferred(json!([echo, puppet("a")]))).await;
    let path = format!("/ws/v1/events/{}/session/default/{id}", coral.key());
    let mut events = listen(&coral, &path).await.expect("a websocket");
    post(&coral, &format!("/api/v1/local/session/default/{id}"), &json!({})).await;
    let waits = events.until("agent_wait_start").await;
    assert_eq!((&waits["name"], &waits["filters"]), (&json!("echo"), &json!([])));
    let status = |state: &Value| state["agents"][0]["status"]["connectionStatus"].clone();
    let path = format!("/api/v1/local/session/default/{id}/extended");
    // The event precedes the change of the status.
    let state = get_until(&coral, &path, |state| status(state)["communicationStatus"]["type"] != "thinking").await;
    let waiting = json!({"type": "connected", "communicationStatus": {"type": "waiting_message"}});
    assert_eq!(status(&state), waiting);
    let a = format!("/api/v1/puppet/default/{id}/a/thread");
    let thread = post(&coral, &a, &json!({"threadName": "t", "participantNames": ["echo"]})).await.json();
    let message = json!({"threadId": thread["thread"]["id"], "content": "x", "mentions": []});
    let sent = post(&coral, &format!("{a}/message"), &message).await.json();
    assert_eq!(events.until("agent_wait_stop").await["message"], sent["message"]);
}

#[tokio::test]
async fn session_events_are_filtered_by_namespace() {
    let coral = start().await;
    let path = format!("/ws/v1/events/{}/lsm?namespaceFilter=ns1", coral.key());
    let (mut all, mut some) = (listen_to_all(&coral).await, listen(&coral, &path).await.expect("a websocket"));
    for name in ["ns2", "ns1", "ns2"] {
        create(&coral, &in_namespace(name, json!({}))).await;
        all.until("namespace_closed").await;
    }
    let mut filtered = Vec::new();
    for _event in 0..6 {
        filtered.push(some.event().await.expect("an event"));
    }
    let kinds: Vec<&str> = filtered.iter().map(|event| event["type"].as_str().expect("a type")).collect();
    let expected = [
        "namespace_created",
        "session_created",
        "session_running",
        "session_closing",
        "session_closed",
        "namespace_closed",
    ];
    assert_eq!(kinds, expected);
    assert_eq!(filtered[0]["initialState"]["name"], "ns1");
    assert_eq!(filtered[2]["sessionState"]["status"]["type"], "pending_execution", "the event precedes the change");
    assert_eq!(filtered[4]["finalSessionState"]["status"]["type"], "closing");
    assert_eq!(filtered[5]["finalState"]["name"], "ns1");
}

#[tokio::test]
async fn session_events_are_filtered_by_namespace_annotations() {
    let coral = start().await;
    // {"filtered":"true"}
    let path = format!("/ws/v1/events/{}/lsm?namespaceAnnotationFilters=eyJmaWx0ZXJlZCI6InRydWUifQ==", coral.key());
    let mut some = listen(&coral, &path).await.expect("a websocket");
    for (name, annotations) in
        [("a", json!({})), ("b", json!({"filtered": "true", "x": "y"})), ("c", json!({"filtered": "false"}))]
    {
        create(&coral, &in_namespace(name, annotations)).await;
    }
    let created = some.event().await.expect("an event");
    assert_eq!((&created["type"], &created["initialState"]["name"]), (&json!("namespace_created"), &json!("b")));
    for (filter, status) in [("W10=", 400), ("e30=", 101), ("!", 500), ("bm90IEpTT04=", 400)] {
        let path = format!("/ws/v1/events/{}/lsm?namespaceAnnotationFilters={filter}", coral.key());
        assert_eq!(listen(&coral, &path).await.err().unwrap_or(101), status, "{filter}");
    }
}

#[tokio::test]
async fn unauthorized_clients_are_rejected_before_the_upgrade() {
    let coral = start().await;
    for (path, status) in [
        ("/ws/v1/events/wrong/session/default/x", 401),
        ("/ws/v1/events/wrong/lsm", 401),
        ("/ws/v1/events/lsm", 401),
        ("/ws/v1/logs/wrong", 401),
        ("/ws/v1/logs", 401),
        ("/ws/v1/events/stand-in-key/session/default/x", 404),
    ] {
        assert_eq!(listen(&coral, path).await.err(), Some(status), "{path}");
    }
    let response = get(&coral, "/ws/v1/events/wrong/lsm").await;
    assert_eq!((response.status, response.message().as_deref()), (401, Some("Invalid token")));
    let response = get(&coral, "/ws/v1/events/stand-in-key/session/default/x").await;
    assert_eq!((response.status, response.message().as_deref()), (404, Some("Namespace \"default\" does not exist")));
}

#[tokio::test]
async fn logs_are_replayed_and_filtered() {
    let coral = start().await;
    let mut lives = listen_to_all(&coral).await;
    let tool = |name: &str| {
        let options = json!({
            "TOOL_NAME": {"type": "string", "value": name},
            "TOOL_INPUT": {"type": "string", "value": "{\"threadName\": \"t\", \"participantNames\": []}"},
        });
        debug_agent("tool", options)
    };
    let (_, first) = create(&coral, &request(json!([tool("coral_create_thread")]))).await;
    lives.until("namespace_closed").await;
    let (_, second) = create(&coral, &request(json!([tool("no_such_tool")]))).await;
    lives.until("namespace_closed").await;

    let path = |query: &str| format!("/ws/v1/logs/{}?{query}", coral.key());
    // The debug events of a session are not sensitive.
    let of_first = path(&format!("sessionFilter={first}&agentFilter=tool"));
    let event = listen(&coral, &of_first).await.expect("a websocket").until("debug").await;
    let tags = event["tags"].as_array().expect("tags");
    assert!(tags.contains(&json!({"type": "session", "sessionId": first, "mdcMap": {"sid": first}})), "{event}");
    assert!(tags.contains(&json!({"type": "agent", "name": "tool", "mdcMap": {"agent": "tool"}})), "{event}");

    let warned = path(&format!("sessionFilter={second}&agentFilter=tool"));
    let event = listen(&coral, &warned).await.expect("a websocket").until("warning").await;
    assert_eq!(event["text"], "Failed to call tool no_such_tool: Tool no_such_tool not found");

    let last = listen(&coral, &path("limit=1&namespaceFilter=default")).await.expect("a websocket").event().await;
    assert_eq!(last.expect("an event")["text"], "Agent tool runtime exited");

    let mut live = listen(&coral, &path("limit=0")).await.expect("a websocket");
    let (_, third) = create(&coral, &request(json!([puppet("a")]))).await;
    delete(&coral, &format!("/api/v1/local/session/default/{third}")).await;
    let event = live.event().await.expect("an event");
    assert!(event["text"].as_str().is_some_and(|text| text.contains(&third)), "{event}");
}

#[tokio::test]
async fn an_inserted_message_has_an_event_and_is_the_last() {
    let coral = start().await;
    let (_, id) = create(&coral, &request(json!([puppet("a")]))).await;
    let a = format!("/api/v1/puppet/default/{id}/a/thread");
    let thread = post(&coral, &a, &json!({"threadName": "t", "participantNames": []})).await.json();
    let thread = thread["thread"]["id"].as_str().expect("an id").to_owned();
    let message = json!({"threadId": thread, "content": "now", "mentions": []});
    post(&coral, &format!("{a}/message"), &message).await;
    let path = format!("/ws/v1/events/{}/session/default/{id}", coral.key());
    let mut events = listen(&coral, &path).await.expect("a websocket");
    let inserted = coral.insert_message(&id, &thread, "a", "then", std::time::UNIX_EPOCH).expect("an id");
    let event = events.until("thread_message_sent").await["message"].clone();
    assert_eq!((&event["id"], &event["timestamp"]), (&json!(inserted), &json!("1970-01-01T00:00:00Z")));
    let state = get(&coral, &format!("/api/v1/local/session/default/{id}/extended")).await.json();
    assert_eq!(state["threads"][0]["messages"][1], event);
}
