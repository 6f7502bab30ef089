//! Research by a team of agents, live in the browser.
//!
//! | route | |
//! | --- | --- |
//! | `POST /research` | starts a research about the uploaded text, and returns its id |
//! | `GET /research/{id}/events` | the results as server-sent events: those since `Last-Event-ID`, the following ones, and `end` |
//! | `GET /research/{id}/status` | whether the research is running, and the number of its results |
//!
//! The session is closed when no browser has been connected for ten seconds.
//!
//! ```sh
//! CORAL_CLOUD_API_URL=http://localhost:5555 CORAL_API_KEY=dev CORAL_CUSTOM_TOOL_SECRET=secret PUBLIC_URL=http://localhost:3000 \
//!     cargo run -p research
//! curl -H 'content-type: text/plain' -d 'Ada Lovelace, 1843' localhost:3000/research
//! curl -N localhost:3000/research/{id}/events
//! ```
//!
//! | variable | meaning |
//! | --- | --- |
//! | `CORAL_API_KEY`, `CORAL_CLOUD_API_URL` | the key, and the URL of a server that is not Coral Cloud |
//! | `CORAL_CUSTOM_TOOL_SECRET` | the secret with which the server signs calls |
//! | `PUBLIC_URL` | the URL of this program for the server |

mod api;
mod team;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::time::Duration;

use coral_tools::shutdown::Shutdown;
use coral_tools::{BaseUrl, Coral, Secret, Sessions};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let sessions = Sessions::new(Coral::from_env()?).instance("research-1");
    // Those of an earlier process that was killed.
    sessions.close_left_over(team::NAMESPACE).await?;
    let base_url = BaseUrl::from_env("PUBLIC_URL")?.join("coral");
    let app = api::router(sessions.clone(), base_url, Secret::from_env("CORAL_CUSTOM_TOOL_SECRET")?)?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    let shutdown = Shutdown::on_signal()?;
    let requested = shutdown.requested();
    let server = axum::serve(listener, app).with_graceful_shutdown(async move {
        requested.await;
        // Ends the events of all browsers, for which the server would wait.
        sessions.close_all(Duration::from_secs(15)).await;
    });
    Ok(shutdown.run_with_timeout(Duration::from_secs(20), server).await?)
}
