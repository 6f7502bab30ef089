//! Decoding the state of sessions.

mod cursor;
mod events;
mod malformed;
mod namespaces;
mod reports;
mod server_versions;
mod session_state;
mod tolerance;

use coral_tools::from_json;
use coral_tools::state::SessionState;
use serde_json::{Value, json};

/// The sample in the Coral Cloud API guide, unchanged.
const GUIDE: &str = include_str!("samples/guide.json");
/// The same session from coral-server 1.1.
const SERVER_1_1: &str = include_str!("samples/server_1_1.json");
/// The same session from coral-server 1.2.
const SERVER_1_2: &str = include_str!("samples/server_1_2.json");
/// The same session from a server after 1.2, as far as these are known.
const LATER: &str = include_str!("samples/later.json");

const ALL: [&str; 4] = [GUIDE, SERVER_1_1, SERVER_1_2, LATER];

fn read(json: &str) -> SessionState {
    from_json(json.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn state(json: &Value) -> SessionState {
    read(&json.to_string())
}

/// The extended state of a session with these agents and threads.
fn session(agents: &Value, threads: &Value) -> SessionState {
    let base =
        json!({"id": "s", "namespace": "n", "timestamp": "2026-05-08T14:56:15Z", "status": {"type": "executed"}});
    state(&json!({"base": base, "agents": agents, "threads": threads}))
}

fn message(id: &str, timestamp: &str) -> Value {
    json!({"id": id, "threadId": "t", "text": id, "senderName": "a", "mentionNames": [], "timestamp": timestamp})
}

fn thread(id: &str, messages: &[Value]) -> Value {
    json!({
        "id": id, "name": id, "creatorName": "a", "participants": ["a"], "messages": messages,
        "state": {"state": "open"}, "timestamp": "2026-05-08T14:56:15Z"
    })
}

fn ids(messages: &[(&coral_tools::state::Thread, &coral_tools::state::Message)]) -> Vec<String> {
    messages.iter().map(|(_, message)| message.id.clone()).collect()
}
