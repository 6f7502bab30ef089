//! The application: its state, its tools and its routes.

use std::net::SocketAddr;

use axum::Router;
use coral_tools::webhook::session_end;
use coral_tools::{FromRef, Secret, SessionEndReport, ToolError, Toolset, toolset};
use tokio::net::TcpListener;

use crate::atlas::Atlas;
use crate::sessions::Sessions;
use crate::tools::{find_time_zones, submit_report};

/// The state of the application.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub(crate) sessions: Sessions,
    pub(crate) atlas: Atlas,
}

impl App {
    pub(crate) fn new() -> Result<Self, csv::Error> {
        Ok(Self { sessions: Sessions::default(), atlas: Atlas::load()? })
    }
}

impl FromRef<App> for Sessions {
    fn from_ref(app: &App) -> Self {
        app.sessions.clone()
    }
}

impl FromRef<App> for Atlas {
    fn from_ref(app: &App) -> Self {
        app.atlas.clone()
    }
}

/// The secrets with which Coral signs: one for tool calls, another for reports of a session's end.
#[derive(Debug)]
pub(crate) struct Secrets {
    pub(crate) custom_tools: Secret,
    pub(crate) session_end: Secret,
}

pub(crate) fn tools() -> Toolset<App> {
    toolset![submit_report, find_time_zones]
}

/// The routes for Coral, below `/coral`.
pub(crate) fn router(app: App, secrets: Secrets) -> Router {
    let ended = session_end(secrets.session_end, async |report: SessionEndReport, app: App| {
        app.sessions.save_end(report).ok_or_else(ToolError::unknown_session)
    });
    Router::new().nest("/coral", tools().webhooks(secrets.custom_tools).merge(ended)).with_state(app)
}

/// Listens on a free port of 127.0.0.1.
pub(crate) async fn listen() -> std::io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}
