//! `--serve`: serves the tools, for calls with `curl` or from a Coral server.

use std::env;
use std::error::Error;
use std::time::Duration;

use coral_tools::shutdown::Shutdown;
use coral_tools::{Secret, SecretError};

use crate::application::{App, Secrets, listen, router};
use crate::screen::Screen;

/// The only session whose calls are accepted.
pub(crate) const SESSION: &str = "6f1c2e7a-3b84-4d09-9a5e-2c7d81f0b364";
/// Default of the environment variables.
pub(crate) const DEMO_SECRET: &str = "demo-secret";

const CUSTOM_TOOLS: &str = "CORAL_CUSTOM_TOOL_SECRET";
const SESSION_END: &str = "CORAL_WEBHOOK_SECRET";

/// Serves until Ctrl+C, and then until the running calls have ended.
pub(crate) async fn serve(screen: &Screen) -> Result<(), Box<dyn Error>> {
    // Prints why a request was rejected, and how calls ended; with `RUST_LOG=warn`, only failures.
    tracing_subscriber::fmt::init();
    let secrets = Secrets { custom_tools: secret(CUSTOM_TOOLS)?, session_end: secret(SESSION_END)? };
    let demo_secret = env::var_os(CUSTOM_TOOLS).is_none().then_some(DEMO_SECRET);
    let app = App::new()?;
    app.sessions.register(SESSION);
    let (listener, address) = listen().await?;
    screen.how_to_call(&format!("http://{address}/coral"), CUSTOM_TOOLS, demo_secret);
    let shutdown = Shutdown::on_signal()?;
    let server = axum::serve(listener, router(app, secrets)).with_graceful_shutdown(shutdown.requested());
    Ok(shutdown.run_with_timeout(Duration::from_secs(15), server).await?)
}

fn secret(variable: &str) -> Result<Secret, SecretError> {
    if env::var_os(variable).is_some() { Secret::from_env(variable) } else { Ok(Secret::new(DEMO_SECRET)) }
}
