//! The fake Coral server, tested with raw HTTP requests, without the client of the toolkit.

mod access;
mod agent_logs;
mod agents;
mod application;
mod calls;
mod client;
mod connections;
mod creating;
mod documents;
mod lifetime;
mod logs;
mod mutated_bodies;
mod namespaces;
mod options;
mod program;
mod programs;
mod puppet;
mod registry;
mod reports;
mod scripts;
mod socket;
mod sockets;
mod states;
mod strictness;
mod test_server;

use coral_stand_in::coral::{CoralStandIn, EmulatedVersion};
use coral_tools::serde_json::{Value, json};

async fn start() -> CoralStandIn {
    CoralStandIn::start().await.expect("started")
}

async fn start_version(version: EmulatedVersion) -> CoralStandIn {
    CoralStandIn::builder().emulates(version).start().await.expect("started")
}

/// A request for a session with these agents in the namespace `default`, which is executed immediately.
fn request(agents: impl Into<Value>) -> Value {
    json!({
        "agentGraphRequest": {"agents": agents.into()},
        "namespaceProvider": {"type": "create_if_not_exists", "namespaceRequest": {"name": "default"}},
    })
}

/// The same with these runtime settings.
fn request_with(agents: impl Into<Value>, settings: impl Into<Value>) -> Value {
    let mut request = request(agents);
    request["execution"] = json!({"mode": "immediate", "runtimeSettings": settings.into()});
    request
}

/// An agent of a debug type, named like its type.
fn debug_agent(agent: &str, options: impl Into<Value>) -> Value {
    json!({
        "id": {"name": agent, "version": "1.0.0", "registrySourceId": {"type": "local"}},
        "name": agent,
        "provider": {"type": "local", "runtime": "function"},
        "options": options.into(),
    })
}

fn named(mut agent: Value, name: &str) -> Value {
    agent["name"] = name.into();
    agent
}

fn puppet(name: &str) -> Value {
    named(debug_agent("puppet", json!({})), name)
}

/// An agent that exits immediately.
fn exiting_agent() -> Value {
    debug_agent("seed", json!({}))
}

fn u32_option(value: u32) -> Value {
    json!({"type": "u32", "value": value})
}

/// The JSON of an agent type, for the registry.
fn agent_type(name: &str, options: impl Into<Value>) -> Value {
    json!({"registryAgent": {
        "info": {
            "description": "An agent of the tests",
            "identifier": {"name": name, "version": "1.0.0", "registrySourceId": {"type": "local"}},
        },
        "runtimes": {"function": {}},
        "options": options.into(),
    }})
}
