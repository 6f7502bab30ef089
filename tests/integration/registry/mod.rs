//! Registry agents, and requests that are checked against them.

mod agent_options;
mod checks;
mod constraints;
mod decoding;
mod malformed;
mod properties;

use coral_tools::registry::RegistryAgent;
use coral_tools::{Agent, Runtime, SessionRequest, from_json};
use serde_json::{Value, json};

/// The sample in the Coral Cloud API guide, unchanged.
const GUIDE: &str = include_str!("samples/guide.json");
/// A response of coral-server 1.1.
const SERVER_1_1: &str = include_str!("samples/server_1_1.json");
/// A response of coral-server 1.2.
const SERVER_1_2: &str = include_str!("samples/server_1_2.json");

fn read(json: &str) -> RegistryAgent {
    from_json(json.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

/// A registry agent `writer` with these options.
fn registry_agent_with(options: &Value) -> RegistryAgent {
    let id = json!({"name": "writer", "version": "1.0.0", "registrySourceId": {"type": "local"}});
    let agent = json!({"info": {"identifier": id}, "runtimes": {"docker": {}}, "options": options});
    read(&json!({"registryAgent": agent, "restrictions": []}).to_string())
}

fn writer() -> Agent {
    Agent::local("writer", "1.0.0", Runtime::Docker)
}

/// The problems of an agent of a registry agent's type, without their subject, which is always the agent.
#[track_caller]
fn problems(registry_agent: &RegistryAgent, agent: Agent) -> Vec<String> {
    let request = SessionRequest::in_namespace("default").agent(agent);
    let Err(errors) = request.check_with([registry_agent]) else { return Vec::new() };
    assert!(request.check().is_ok(), "without the registry agent there are problems: {errors}");
    errors.iter().map(|error| error.message().to_owned()).collect()
}

/// The problems of a value for an option `X` with this specification.
#[track_caller]
fn option_problems(option: &Value, value: impl Into<coral_tools::session::OptionValue>) -> Vec<String> {
    problems(&registry_agent_with(&json!({"X": option})), writer().option("X", value))
}
