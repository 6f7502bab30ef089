//! The client, against servers with prepared responses and against the stand-in.

mod abandoned;
mod closing;
mod dialect_detection;
mod errors;
mod events;
mod every_server;
mod floods;
mod messages;
mod registry;
mod requests;
mod retries;
mod session_server;
pub(crate) mod stand_in;
pub(crate) mod test_server;
mod waiting;

use coral_tools::{Agent, Coral, Dialect, Runtime, SessionRequest};

use self::test_server::{TestResponse, TestServer};

const KEY: &str = "the-key-that-nobody-may-see";

/// A client without retries, for a coral-server 1.2.
fn coral(server: &TestServer) -> Coral {
    Coral::server(server.url(), KEY).dialect(Dialect::Server1_2).retries(0)
}

fn request() -> SessionRequest {
    SessionRequest::in_namespace("default").agent(Agent::local("writer", "1.0.0", Runtime::Docker))
}

/// The response to a request that creates a session.
fn created() -> TestResponse {
    TestResponse::json(200, "{\n    \"namespace\": \"default\",\n    \"sessionId\": \"s1\"\n}")
}
