//! The smallest tool server: one function, served to Coral.
//!
//! ```sh
//! CORAL_CUSTOM_TOOL_SECRET=secret cargo run -p hello
//! ```

use std::error::Error;

use axum::Router;
use coral_tools::{Secret, Toolset, coral_tool, toolset};
use tokio::net::TcpListener;

/// Greets somebody by name.
#[coral_tool(read_only)]
async fn greet(
    /// The name to greet.
    #[arg(min_length = 1)]
    name: String,
) -> String {
    format!("Hello, {name}!")
}

fn tools() -> Toolset {
    toolset![greet]
}

fn app(secret: Secret) -> Router {
    Router::new().nest("/coral", tools().webhooks(secret))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // Prints why a request was rejected, and how calls ended; with `RUST_LOG=warn`, only failures.
    tracing_subscriber::fmt::init();
    let app = app(Secret::from_env("CORAL_CUSTOM_TOOL_SECRET")?);
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    Ok(axum::serve(listener, app).await?)
}

#[cfg(test)]
mod tests {
    use coral_tools::Secret;
    use coral_tools::testing::Harness;

    use super::{app, greet, tools};

    #[tokio::test]
    async fn a_tool_is_a_function() {
        assert_eq!(greet("Zoë".into()).await, "Hello, Zoë!");
    }

    #[tokio::test]
    async fn an_agent_reads_the_result() {
        let harness = Harness::new(&tools(), ());
        let response = harness.call(greet { name: "Zoë".into() }).await;
        assert_eq!(response.value(), Ok("Hello, Zoë!".to_owned()));
    }

    #[tokio::test]
    async fn webhooks_can_be_nested() {
        let secret = Secret::new("secret");
        let harness = Harness::from_router(app(secret.clone()), "/coral", secret);
        assert!(harness.call(("greet", r#"{"name": "Zoë"}"#)).await.is_success());
    }
}
