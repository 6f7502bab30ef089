//! A session to follow without a Coral: three agents on a stand-in, and a connection that breaks.

use std::error::Error;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use coral_stand_in::coral::{StandIn, StandInBuilder};
use coral_tools::session::RuntimeSettings;
use coral_tools::{Agent, ClientError, Coral, Runtime, Session, SessionRequest};
use serde_json::json;
use tokio::sync::Notify;
use tokio::time::sleep;

use crate::conversation::{AGENTS, speak};
use crate::follow::follow;
use crate::screen::Screen;

/// How often the session is looked at. Once a second, which is usual, would be slow to see the end of this one.
const OFTEN: Duration = Duration::from_millis(50);
/// How long one can see that the agents are missing.
const MISSING: Duration = Duration::from_millis(700);
/// More than it takes.
const LONGEST: Duration = Duration::from_secs(60);

/// Starts a stand-in with a session on it, and shows that session until it has ended.
pub(crate) async fn run(screen: &mut Screen) -> Result<(), Box<dyn Error>> {
    let breaking = Arc::new(Notify::new());
    let server = coral(&breaking).start().await?;
    let coral = Coral::server(server.url(), server.key()).poll_interval(OFTEN);
    let session = coral.create_session(&request()).await?;

    let meanwhile = async {
        launch(&session).await?;
        breaking.notified().await;
        server.drop_connections();
        pending::<Result<(), ClientError>>().await
    };
    tokio::select! {
        followed = follow(&session, screen) => followed?,
        failed = meanwhile => failed?,
    }
    server.stop().await;
    Ok(())
}

/// A stand-in with agents that speak. The one whose turn it is has the connections broken.
fn coral(breaking: &Arc<Notify>) -> StandInBuilder {
    let entry = json!({"registryAgent": {
        "info": {"identifier": {"name": "speaker", "version": "1.0.0", "registrySourceId": {"type": "local"}}},
        "runtimes": {"docker": {"image": "speaker:1.0.0"}},
    }});
    let breaking = breaking.clone();
    StandIn::builder().agent(entry, move |agent| {
        let breaking = breaking.clone();
        // An agent that Coral does not let speak stops; the others wait for it until the session's time is over.
        async move { drop(speak(&agent, &breaking).await) }
    })
}

fn request() -> SessionRequest {
    let speaker = |name| Agent::local("speaker", "1.0.0", Runtime::Docker).named(name);
    let request = SessionRequest::in_namespace("demonstration").group(AGENTS).deferred();
    AGENTS.into_iter().map(speaker).fold(request, SessionRequest::agent)
}

async fn launch(session: &Session) -> Result<(), ClientError> {
    sleep(MISSING).await;
    session.execute(&RuntimeSettings::new().ttl(LONGEST).hold_after_exit(LONGEST)).await
}
