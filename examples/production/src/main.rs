//! A tool server to deploy: two tenants with a secret each, JSON logs, metrics, health and readiness, graceful shutdown.
//!
//! ```sh
//! TENANTS=acme,globex CORAL_CUSTOM_TOOL_SECRET_ACME=secret-1 CORAL_CUSTOM_TOOL_SECRET_GLOBEX=secret-2 cargo run -p production
//! ```
//!
//! Tools are served at `/{tenant}/coral` on port 3000, and `/health`, `/ready` and `/metrics` on port 9000, which is not for the
//! internet. `config.rs` lists all environment variables.

mod app;
mod config;
mod metrics;
mod operations;
mod server;
mod tenant;
#[cfg(test)]
mod tests;
mod tools;

use std::error::Error;
use std::process::ExitCode;

use coral_tools::shutdown::Shutdown;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::config::Config;

fn main() -> ExitCode {
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env_lossy();
    tracing_subscriber::fmt().json().flatten_event(true).with_span_list(false).with_env_filter(filter).init();
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        // In the log, because the error of a `main` is not JSON.
        Err(error) => {
            tracing::error!(%error, "the program failed");
            ExitCode::FAILURE
        }
    }
}

fn start() -> Result<(), Box<dyn Error>> {
    let config = Config::from_env()?;
    let runtime = Runtime::new()?;
    let ended = runtime.block_on(run(config));
    // Does not wait for functions that block, unlike the drop of the runtime.
    runtime.shutdown_background();
    ended
}

async fn run(config: Config) -> Result<(), Box<dyn Error>> {
    let shutdown = Shutdown::on_signal()?;
    let operations = TcpListener::bind(config.operations_address).await?;
    let webhooks = TcpListener::bind(config.webhook_address).await?;
    tracing::info!(webhooks = %webhooks.local_addr()?, operations = %operations.local_addr()?, "listening");

    // Served until the process ends, so that readiness and metrics can be read during the shutdown.
    let operations_routes = operations::router(shutdown.clone(), metrics::install()?);
    tokio::spawn(axum::serve(operations, operations_routes).into_future());

    let app = app::router(config.tenants)?;
    let server = server::serve(webhooks, app, config.limits, shutdown.requested_for(config.drain_time));
    shutdown.run_with_timeout(config.shutdown_timeout, server).await?;
    tracing::info!("all calls have ended");
    Ok(())
}
