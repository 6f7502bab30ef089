//! A session on a stand-in: three agents, and a connection that breaks.

use std::error::Error;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use coral_stand_in::coral::{AgentType, CoralStandIn, CoralStandInBuilder};
use coral_tools::session::RuntimeSettings;
use coral_tools::{Agent, ClientError, Coral, Runtime, Session, SessionRequest};
use tokio::sync::Notify;
use tokio::time::sleep;

use crate::follow::follow;
use crate::screen::Screen;
use crate::script::{AGENTS, run_agent};

/// The default, one second, would be slow to detect the end of such a short session.
const POLL_INTERVAL: Duration = Duration::from_millis(50);
/// How long the agents are shown as missing.
const LAUNCH_DELAY: Duration = Duration::from_millis(700);
/// More than the demonstration takes.
const MAX_DURATION: Duration = Duration::from_secs(60);

/// Starts a stand-in with a session on it, and shows that session until it has ended.
pub(crate) async fn run(screen: &mut Screen) -> Result<(), Box<dyn Error>> {
    let break_connection = Arc::new(Notify::new());
    let server = stand_in(&break_connection).start().await?;
    let coral = Coral::server(server.url(), server.key()).poll_interval(POLL_INTERVAL);
    let session = coral.create_session(&request()).await?;

    let control = async {
        launch(&session).await?;
        break_connection.notified().await;
        server.drop_connections();
        pending::<Result<(), ClientError>>().await
    };
    tokio::select! {
        followed = follow(&session, screen) => followed?,
        failed = control => failed?,
    }
    server.stop().await;
    Ok(())
}

/// Creates a stand-in whose agents follow the script, and notify `break_connection` where the script breaks the connection.
fn stand_in(break_connection: &Arc<Notify>) -> CoralStandInBuilder {
    let break_connection = break_connection.clone();
    CoralStandIn::builder().agent(AgentType::local("speaker", "1.0.0"), move |agent| {
        let break_connection = break_connection.clone();
        // An agent whose request is rejected stops; the others wait for its messages until the session's time is over.
        async move { drop(run_agent(&agent, &break_connection).await) }
    })
}

fn request() -> SessionRequest {
    let speaker = |name| Agent::local("speaker", "1.0.0", Runtime::Docker).named(name);
    let request = SessionRequest::in_namespace("demonstration").group(AGENTS).deferred();
    AGENTS.into_iter().map(speaker).fold(request, SessionRequest::agent)
}

async fn launch(session: &Session) -> Result<(), ClientError> {
    sleep(LAUNCH_DELAY).await;
    session.execute(&RuntimeSettings::new().ttl(MAX_DURATION).hold_after_exit(MAX_DURATION)).await
}
