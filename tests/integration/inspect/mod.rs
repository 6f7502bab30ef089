//! What registries say of agents, and requests that are checked against it before they are sent.

mod bounds;
mod damage;
mod generated;
mod properties;
mod reading;
mod rules;

use coral_tools::registry::RegistryAgent;
use coral_tools::{Agent, Runtime, SessionRequest, from_json};
use serde_json::{Value, json};

/// The sample of the Coral Cloud API guide, to the letter.
const GUIDE: &str = include_str!("samples/guide.json");
/// As coral-server 1.1 prints it.
const SERVER_1_1: &str = include_str!("samples/server_1_1.json");
/// As coral-server 1.2 does.
const SERVER_1_2: &str = include_str!("samples/server_1_2.json");

fn read(json: &str) -> RegistryAgent {
    from_json(json.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

/// An entry for `writer` with these options.
fn entry(options: &Value) -> RegistryAgent {
    let id = json!({"name": "writer", "version": "1.0.0", "registrySourceId": {"type": "local"}});
    let agent = json!({"info": {"identifier": id}, "runtimes": {"docker": {}}, "options": options});
    read(&json!({"registryAgent": agent, "restrictions": []}).to_string())
}

fn writer() -> Agent {
    Agent::local("writer", "1.0.0", Runtime::Docker)
}

/// All that is wrong with an agent by an entry, without its subject, which is the agent each time.
#[track_caller]
fn faults(entry: &RegistryAgent, agent: Agent) -> Vec<String> {
    let request = SessionRequest::in_namespace("default").agent(agent);
    let Err(errors) = request.check_with([entry]) else { return Vec::new() };
    assert!(request.check().is_ok(), "an entry alone finds fault: {errors}");
    errors.iter().map(|error| error.message().to_owned()).collect()
}

/// All that is wrong with one value of an option, `X`, that is as told.
#[track_caller]
fn faults_of(option: &Value, value: impl Into<coral_tools::session::OptionValue>) -> Vec<String> {
    faults(&entry(&json!({"X": option})), writer().option("X", value))
}
