//! The stand-in for a server, as its clients see it: by raw HTTP, with nothing of the toolkit's own in between.

mod client;
mod creating;
mod socket;

use coral_tools::serde_json::{Value, json};

/// A request for a session with these agents, executed at once.
fn request(agents: Value) -> Value {
    json!({
        "agentGraphRequest": {"agents": agents},
        "namespaceProvider": {"type": "create_if_not_exists", "namespaceRequest": {"name": "default"}},
    })
}

/// One of the agents for debugging.
fn debug_agent(agent: &str, options: Value) -> Value {
    json!({
        "id": {"name": agent, "version": "1.0.0", "registrySourceId": {"type": "local"}},
        "name": agent,
        "provider": {"type": "local", "runtime": "function"},
        "options": options,
    })
}

fn puppet() -> Value {
    debug_agent("puppet", json!({}))
}
