//! People approve what agents ask for.
//!
//! No agent can wait for a person: Coral gives a call 15 seconds. So `request_approval` answers with a ticket at once,
//! a person decides over `POST /approvals/{ticket}`, and the agent looks with `check_approval`.
//!
//! ```sh
//! CORAL_CUSTOM_TOOL_SECRET=secret cargo run -p stateful
//! ```

mod customer;
mod desk;
mod list;
#[cfg(test)]
mod tests;
mod tools;

use std::error::Error;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use coral_tools::{FromRef, Secret, State, Toolset, toolset};
use tokio::net::TcpListener;

use crate::customer::Sessions;
use crate::desk::{Decision, Desk};
use crate::list::ListApprovals;
use crate::tools::{Instance, check_approval, request_approval};

/// The state of the application; each part of it is what some tool or route asks for.
#[derive(Debug, Clone, Default)]
struct App {
    desk: Desk,
    sessions: Sessions,
}

impl FromRef<App> for Desk {
    fn from_ref(app: &App) -> Self {
        app.desk.clone()
    }
}

fn tools() -> Toolset<App> {
    toolset![request_approval, check_approval, ListApprovals]
}

fn app(state: App, secret: Secret) -> Router {
    // A layer's extension reaches the tools as it reaches a handler.
    let webhooks = tools().webhooks(secret).layer(axum::Extension(Instance("blue")));
    Router::new().nest("/coral", webhooks).route("/approvals/{ticket}", post(decide)).with_state(state)
}

/// A person decides. A real application would ask who it is.
async fn decide(State(desk): State<Desk>, Path(ticket): Path<u64>, Json(decision): Json<Decision>) -> StatusCode {
    if desk.decide(ticket, decision) { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let secret = Secret::from_env("CORAL_CUSTOM_TOOL_SECRET")?;
    let state = App::default();
    // Whoever creates a session remembers for whom; see `Sessions`.
    state.sessions.open("6f1c2e7a-3b84-4d09-9a5e-2c7d81f0b364", "Ada");
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    Ok(axum::serve(listener, app(state, secret)).await?)
}
