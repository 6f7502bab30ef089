//! From two functions to a server that Coral calls, and a stand-in for Coral that calls it.
//!
//! `cargo run -p quickstart` serves the tools on this machine, prints the `customTools` of a session request, plays
//! Coral over a socket, and shows what the agent would see. It checks itself: it fails where an answer is not as
//! expected. `cargo run -p quickstart -- --serve` keeps serving.

mod atlas;
mod calls;
mod layout;
mod reports;
mod screen;
#[cfg(test)]
mod tests;
mod tools;

use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;

use axum::Router;
use coral_tools::dev::CoralCaller;
use coral_tools::{Secret, Toolset, toolset};
use tokio::net::TcpListener;

use crate::atlas::Atlas;
use crate::calls::{AGENT, SESSION, calls};
use crate::reports::Reports;
use crate::screen::Screen;
use crate::tools::{App, find_time_zones, submit_report};

const SECRET_VARIABLE: &str = "CORAL_CUSTOM_TOOL_SECRET";
const DEMO_SECRET: &str = "demo-secret";

fn tools() -> Toolset<App> {
    toolset![submit_report, find_time_zones]
}

fn app(state: App, secret: Secret) -> Router {
    Router::new().nest("/coral", tools().webhooks(secret)).with_state(state)
}

/// The application, with one session that it has created.
fn state() -> Result<App, csv::Error> {
    let reports = Reports::default();
    reports.expect_from(SESSION);
    Ok(App { reports, atlas: Atlas::load()? })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let outcome = match std::env::args().nth(1).as_deref() {
        None => demonstrate().await,
        Some("--serve") => serve().await.map(|()| true),
        Some(_) => Err("usage: quickstart [--serve]".into()),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            Screen::new().complain(&*error);
            ExitCode::FAILURE
        }
    }
}

/// Plays Coral against the server. `false` where an answer is not as expected.
async fn demonstrate() -> Result<bool, Box<dyn Error>> {
    let secret = Secret::new(DEMO_SECRET);
    let (listener, address) = listen().await?;
    let app = app(state()?, secret.clone());
    let server = tokio::spawn(async move { axum::serve(listener, app).await });

    let mut screen = Screen::new();
    let base_url = format!("http://{address}/coral");
    screen.custom_tools(&serde_json::to_value(tools().custom_tools(&base_url)?)?);
    let coral = CoralCaller::new(secret).in_session(SESSION).by_agent(AGENT);
    for call in calls(&coral) {
        let request = call.caller.request(&format!("{base_url}/{}", call.tool), call.arguments)?;
        let sees = call.caller.send(&request).await?;
        let faults = call.expected.faults(&sees);
        screen.call(&call, &request, &sees, &faults);
    }
    server.abort();
    Ok(screen.conclude())
}

/// Serves until it is stopped.
async fn serve() -> Result<(), Box<dyn Error>> {
    let (secret, shown) = match std::env::var_os(SECRET_VARIABLE) {
        Some(_) => (Secret::from_env(SECRET_VARIABLE)?, None),
        None => (Secret::new(DEMO_SECRET), Some(DEMO_SECRET)),
    };
    let (listener, address) = listen().await?;
    Screen::new().how_to_call(&format!("http://{address}/coral"), SECRET_VARIABLE, shown);
    Ok(axum::serve(listener, app(state()?, secret)).await?)
}

/// Any free port of this machine alone.
async fn listen() -> std::io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}
