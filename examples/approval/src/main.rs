//! Refunds that an employee approves, edits or denies before they are made.
//!
//! `GET /approvals` lists the calls that wait, and `POST /approvals/{ticket}` decides: `{"decision": "approve"}`, `"approve_for_session"`,
//! `"approve_with"` with `arguments`, or `"deny"` with a `reason`.
//!
//! ```sh
//! CORAL_CUSTOM_TOOL_SECRET=secret cargo run -p approval
//! ```

mod decide;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use coral_tools::shutdown::Shutdown;
use coral_tools::{Approval, Context, Secret, ToolError, Toolset, coral_tool, toolset};
use tokio::net::TcpListener;

/// The state of the application: the routes for employees need its tools.
#[derive(Debug, Clone)]
struct App {
    tools: Toolset<App>,
}

/// Refunds a part of the price of an order.
#[coral_tool]
fn refund(
    /// The number of the order.
    order: u32,
    /// The amount in EUR.
    #[arg(minimum = 1)]
    euros: u32,
) -> String {
    format!("refunded {euros} EUR of order {order}")
}

/// Decides which refunds need an employee.
fn refund_policy(refund: &refund, _context: &Context<'_, App>) -> Result<Approval, ToolError> {
    Ok(match refund.euros {
        0..=50 => Approval::not_needed(),
        51..=1000 => Approval::required("an employee decides about refunds of more than 50 EUR"),
        _ => Approval::denied("at most 1000 EUR can be refunded"),
    })
}

fn app(secret: Secret) -> Router {
    let tools: Toolset<App> = toolset![refund].with_approval(refund_policy);
    Router::new()
        .nest("/coral", tools.webhooks(secret))
        .route("/approvals", get(decide::list))
        .route("/approvals/{ticket}", post(decide::decide))
        .with_state(App { tools })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let secret = Secret::from_env("CORAL_CUSTOM_TOOL_SECRET")?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    // Ctrl+C ends it when the running calls have ended.
    let shutdown = Shutdown::on_signal()?;
    let server = axum::serve(listener, app(secret)).with_graceful_shutdown(shutdown.requested());
    Ok(shutdown.run_with_timeout(Duration::from_secs(15), server).await?)
}
