//! Session requests, compared with servers and with Coral Cloud's two documents.

mod checks;
mod decoder;
mod decoder_rejects;
mod dialects;
mod generate;
mod golden;
mod option_values;
mod properties;

use coral_tools::{Agent, Runtime, SessionRequest};

/// An agent of the type in the guide.
fn agent(name: &str) -> Agent {
    Agent::local("natural-tone-agent", "1.1.0", Runtime::Docker).named(name)
}

/// A session with one agent, `writer`.
fn session() -> SessionRequest {
    SessionRequest::in_namespace("default").agent(agent("writer"))
}
