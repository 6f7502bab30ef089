//! The client, against a server whose answers are written down to the byte, and against the stand-in.

pub(crate) mod answers;
mod calls;
mod conversation;
mod events;
mod generations;
mod live;
mod messages;
mod refusals;
mod registry;
mod repeating;
mod waiting;

use coral_tools::{Agent, Coral, Runtime, SessionRequest};

use self::answers::{Answer, Answers};

const KEY: &str = "the-key-that-nobody-may-see";

/// A client that repeats nothing, of a coral-server 1.2.
fn coral(answers: &Answers) -> Coral {
    Coral::server(answers.url(), KEY).dialect(coral_tools::Dialect::Server1_2).retries(0)
}

fn request() -> SessionRequest {
    SessionRequest::in_namespace("default").agent(Agent::local("writer", "1.0.0", Runtime::Docker))
}

/// What a server says when it has created a session.
fn created() -> Answer {
    Answer::json(200, "{\n    \"namespace\": \"default\",\n    \"sessionId\": \"s1\"\n}")
}
