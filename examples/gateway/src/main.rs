//! Predictions by a team of agents, over HTTP.
//!
//! `POST /predict/single/{agent}` and `POST /predict/benchmark` create a session, wait up to five minutes for the prediction that its
//! interface agent submits, and return it. The session is closed then, and also if the client disconnects, if the gateway shuts
//! down, and, after a crash, at its next start.
//!
//! ```sh
//! CORAL_CLOUD_API_URL=http://localhost:5555 CORAL_API_KEY=dev CORAL_CUSTOM_TOOL_SECRET=secret PUBLIC_URL=http://localhost:3000 \
//!     PREDICTORS=predict INSTANCE=gateway-1 LISTEN=127.0.0.1:3000 cargo run -p gateway
//! curl -H 'content-type: application/json' -d '{"title": "Weather", "markets": ["rain"]}' localhost:3000/predict/single/predict
//! ```
//!
//! | variable | meaning |
//! | --- | --- |
//! | `CORAL_API_KEY`, `CORAL_CLOUD_API_URL` | the key, and the URL of a server that is not Coral Cloud |
//! | `CORAL_CUSTOM_TOOL_SECRET` | the secret with which the server signs calls |
//! | `PUBLIC_URL` | the URL of this program for the server |
//! | `PREDICTORS` | the agents that predict, such as `predict,oracle`; of the local registry, version 1.0.0, like `interface` and `firecrawl` |
//! | `INSTANCE` | the name of this process, by which it finds its sessions after a crash |
//! | `LISTEN` | the address to listen on |

mod api;
mod prediction;
#[cfg(test)]
mod tests;

use std::env;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use coral_tools::shutdown::Shutdown;
use coral_tools::store::MemoryStore;
use coral_tools::{BaseUrl, Coral, Secret, Sessions, Toolset, toolset};
use tokio::net::TcpListener;

use crate::prediction::{NAMESPACE, send_prediction_result};

/// The state of the routes for clients.
#[derive(Clone)]
struct App {
    sessions: GatewaySessions,
    tools: Toolset<GatewaySessions>,
    base_url: BaseUrl,
    predictors: Arc<[String]>,
    /// How long a client waits for a prediction.
    timeout: Duration,
    shutdown: Shutdown,
}

/// Sessions without a value, because their results are awaited.
type GatewaySessions = Sessions<()>;

fn tools() -> Toolset<GatewaySessions> {
    toolset![send_prediction_result].with_store(MemoryStore::new())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let shutdown = Shutdown::on_signal()?;
    let sessions = Sessions::new(Coral::from_env()?).instance(variable("INSTANCE")?);
    let app = App {
        sessions: sessions.clone(),
        tools: tools(),
        base_url: BaseUrl::from_env("PUBLIC_URL")?.join("coral"),
        predictors: variable("PREDICTORS")?.split(',').map(str::to_owned).collect(),
        timeout: Duration::from_secs(300),
        shutdown: shutdown.clone(),
    };
    let app = api::router(app, Secret::from_env("CORAL_CUSTOM_TOOL_SECRET")?)?;
    // Those of an earlier process that was killed.
    sessions.close_left_over(NAMESPACE).await?;
    let listener = TcpListener::bind(variable("LISTEN")?).await?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    let server = axum::serve(listener, app).with_graceful_shutdown(shutdown.requested());
    let ended = shutdown.run_with_timeout(Duration::from_secs(15), server).await;
    sessions.close_all(Duration::from_secs(15)).await;
    Ok(ended?)
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|error| format!("{name}: {error}"))
}
