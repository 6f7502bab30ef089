//! Every event, as coral-server 1.2 sends it.

use serde_json::{Value, json};

use super::TIME;

/// A message from coral-server 1.2.
fn message() -> Value {
    json!({"id": "m1", "threadId": "t1", "text": "private", "senderName": "a", "mentionNames": ["b"], "timestamp": TIME})
}

/// An event of this kind with these fields, at [`TIME`].
pub(super) fn event(kind: &str, fields: &Value) -> Value {
    let mut event = json!({"type": kind, "timestamp": TIME});
    let fields = fields.as_object().expect("an object").clone();
    event.as_object_mut().expect("an object").extend(fields);
    event
}

/// Every session event, as coral-server 1.2 sends it.
pub(super) fn session_events() -> Vec<Value> {
    let thread = json!({
        "id": "t1", "name": "Plan", "creatorName": "a", "participants": ["a", "b"], "messages": [],
        "state": {"state": "open"}, "timestamp": TIME
    });
    let filters = json!([
        {"type": "mentions", "name": "a"}, {"type": "thread", "threadId": "t1"}, {"type": "from", "name": "b"}
    ]);
    let usage = json!({"inputTokens": 4_000_000_000_u64, "outputTokens": 7});
    let call = json!({
        "agentName": "a", "modelName": "gpt", "providerRequestName": "MAIN", "statusCode": 200, "usage": usage
    });
    vec![
        event("runtime_started", &json!({"name": "a"})),
        event("runtime_stopped", &json!({"name": "a"})),
        event("agent_connected", &json!({"name": "a"})),
        event("agent_wait_start", &json!({"name": "a", "filters": filters})),
        event("agent_wait_stop", &json!({"name": "b", "message": message()})),
        event("agent_sleep_start", &json!({"name": "a"})),
        event("agent_sleep_stop", &json!({"name": "a"})),
        event("thread_created", &json!({"thread": thread})),
        event("thread_participant_added", &json!({"threadId": "t1", "name": "b"})),
        event("thread_participant_removed", &json!({"threadId": "t1", "name": "b"})),
        event("thread_closed", &json!({"threadId": "t1", "summary": "agreed"})),
        event("thread_message_sent", &json!({"message": message()})),
        event("docker_container_created", &json!({"containerId": "c1"})),
        event("docker_container_removed", &json!({"containerId": "c1"})),
        event("llm_proxy_call", &call),
    ]
}

/// Every manager event, as coral-server 1.2 sends it.
pub(super) fn manager_events() -> Vec<Value> {
    let session = |status: Value| json!({"id": "s1", "timestamp": TIME, "namespace": "n", "status": status, "annotations": {"k": "v"}});
    let pending = session(json!({"type": "pending_execution"}));
    let closing = session(json!({"type": "closing", "executionTime": TIME, "closingTime": TIME}));
    let namespace = json!({"name": "n", "deleteOnLastSessionExit": true, "annotations": {}});
    vec![
        event("namespace_created", &json!({"initialState": namespace})),
        event("session_created", &json!({"initialSessionState": pending, "namespaceState": namespace})),
        event("session_running", &json!({"sessionState": pending, "namespaceState": namespace})),
        event("session_closing", &json!({"sessionState": closing, "namespaceState": namespace})),
        event("session_closed", &json!({"finalSessionState": closing, "namespaceState": namespace})),
        event("namespace_closed", &json!({"finalState": namespace})),
    ]
}

/// A log line of each level; the error has every field that a line can have.
pub(super) fn log_events() -> Vec<Value> {
    let tags = json!([
        {"type": "namespace", "namespace": "n", "mdcMap": {"ns": "n"}},
        {"type": "session", "sessionId": "s1", "mdcMap": {"sid": "s1"}},
        {"type": "agent", "name": "a", "mdcMap": {"agent": "a"}},
        {"type": "proxy_request", "proxyNumber": 3, "mdcMap": {"pnum": "3"}},
        {"type": "stdout", "io": "out", "mdcMap": {"io": "stdout"}},
        {"type": "stdout", "io": "error", "mdcMap": {"io": "stderr"}},
        {"type": "sensitive"}
    ]);
    let plain = |level: &str| event(level, &json!({"text": "private", "tags": []}));
    let trace = ["org.example.Main.main(Main.kt:7)"];
    let error = event("error", &json!({"text": "private", "tags": tags, "exceptionStackTrace": trace}));
    vec![plain("info"), plain("warning"), plain("debug"), plain("trace"), error]
}
