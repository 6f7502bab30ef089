//! Approvals of any action: agents request them, and a person decides.
//!
//! A call cannot wait for a person, because Coral limits it to 15 seconds. Therefore `request_approval` returns a ticket at once,
//! a person decides with `POST /approvals/{ticket}`, and the agent polls with `check_approval`. The example `approval` is simpler, for
//! an action that is itself a call of a tool: the library keeps the tickets, and runs the tool when the call was approved.
//!
//! ```sh
//! CORAL_CUSTOM_TOOL_SECRET=secret cargo run -p stateful
//! ```

mod approval_store;
mod customer;
mod list_approvals;
#[cfg(test)]
mod tests;
mod tools;

use std::error::Error;
use std::time::Duration;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use coral_tools::shutdown::Shutdown;
use coral_tools::{FromRef, Secret, State, Toolset, toolset};
use tokio::net::TcpListener;

use crate::approval_store::{ApprovalStore, Decision};
use crate::customer::SessionStore;
use crate::list_approvals::ListApprovals;
use crate::tools::{Instance, check_approval, request_approval};

/// The state of the application. Tools and routes extract its parts.
#[derive(Debug, Clone, Default)]
struct App {
    approvals: ApprovalStore,
    sessions: SessionStore,
}

impl FromRef<App> for ApprovalStore {
    fn from_ref(app: &App) -> Self {
        app.approvals.clone()
    }
}

fn tools() -> Toolset<App> {
    toolset![request_approval, check_approval, ListApprovals]
}

fn app(state: App, secret: Secret) -> Router {
    // Tools can extract the extension of a layer, as axum handlers can.
    let webhooks = tools().webhooks(secret).layer(axum::Extension(Instance("blue")));
    Router::new().nest("/coral", webhooks).route("/approvals/{ticket}", post(decide)).with_state(state)
}

/// Stores the decision of a person. A real application would authenticate the person.
async fn decide(
    State(approvals): State<ApprovalStore>,
    Path(ticket): Path<u64>,
    Json(decision): Json<Decision>,
) -> StatusCode {
    if approvals.decide(ticket, decision) { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // Prints why a request was rejected, and how calls ended; with `RUST_LOG=warn`, only failures.
    tracing_subscriber::fmt::init();
    let secret = Secret::from_env("CORAL_CUSTOM_TOOL_SECRET")?;
    let state = App::default();
    // A real application registers a session when it creates it.
    state.sessions.register("6f1c2e7a-3b84-4d09-9a5e-2c7d81f0b364", "Ada");
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    // Ctrl+C ends it when the running calls have ended.
    let shutdown = Shutdown::on_signal()?;
    let server = axum::serve(listener, app(state, secret)).with_graceful_shutdown(shutdown.requested());
    Ok(shutdown.run_with_timeout(Duration::from_secs(15), server).await?)
}
