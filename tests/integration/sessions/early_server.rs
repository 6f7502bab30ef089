//! A server that calls a tool of a session before it responds to the request that creates the session.

use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::{Json, Router};
use coral_tools::testing::{AgentView, CoralCaller};
use coral_tools::{Secret, SessionRequest};
use serde_json::{Value, json};
use tokio::net::TcpListener;

const SESSION: &str = "7d0d7c9e-7df3-4f63-9f0e-1f4d3f0f4a11";

#[derive(Clone)]
pub(super) struct EarlyServer {
    secret: Secret,
    received: Arc<Mutex<Vec<(String, AgentView)>>>,
}

impl EarlyServer {
    /// Starts a server, and returns its URL.
    pub(super) async fn start(secret: Secret) -> (Self, String) {
        let server = Self { secret, received: Arc::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let app = Router::new().fallback(create).with_state(server.clone());
        tokio::spawn(axum::serve(listener, app).into_future());
        (server, url)
    }

    /// The URLs of the tool `job_number`, and the results of its calls.
    pub(super) fn calls(&self) -> Vec<(String, AgentView)> {
        self.received.lock().expect("not poisoned").clone()
    }

    /// Calls the tool as an agent of this session.
    pub(super) async fn call(&self, session: &str, url: &str) -> AgentView {
        CoralCaller::new(self.secret.clone()).in_session(session).call(url, ()).await.expect("a request")
    }

    /// The id of each session.
    pub(super) fn session() -> &'static str {
        SESSION
    }
}

async fn create(State(server): State<EarlyServer>, Json(body): Json<Value>) -> Json<Value> {
    let tool = &body["agentGraphRequest"]["customTools"]["job_number"];
    let url = tool["transport"]["url"].as_str().expect("a URL").to_owned();
    let view = server.call(SESSION, &url).await;
    server.received.lock().expect("not poisoned").push((url, view));
    Json(json!({"namespace": "default", "sessionId": SESSION}))
}

/// The session is not closed when it is dropped, because the server has no other requests.
pub(super) fn request(base_url: &str) -> SessionRequest {
    super::reading(7, base_url)
}
