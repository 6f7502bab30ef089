//! Requests for sessions, as servers and Coral Cloud's two documents have them.

mod decoder;
mod generate;
mod golden;
mod limits;
mod properties;
mod refused;
mod rules;
mod values;

use coral_tools::{Agent, Runtime, SessionRequest};

/// An agent of the guide's type.
fn agent(name: &str) -> Agent {
    Agent::local("natural-tone-agent", "1.1.0", Runtime::Docker).named(name)
}

/// A session with one agent, `writer`.
fn session() -> SessionRequest {
    SessionRequest::in_namespace("default").agent(agent("writer"))
}
