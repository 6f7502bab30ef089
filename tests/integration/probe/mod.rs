//! Probes of the webhooks' public URL, over sockets of this machine.

mod addresses;
mod hops;
mod urls;
mod verification;

use axum::Router;
use coral_tools::probe::{ProbeFailure, ProbeReport};
use coral_tools::{Secret, Toolset, WebhookConfig, WebhookProbe, coral_tool, toolset};
use tokio::net::TcpListener;

const SECRET: &str = "secret-of-the-application";

/// Returns its argument. A probe must not call it.
#[coral_tool]
fn echo(text: String) -> String {
    panic!("called with {text}")
}

/// Takes no arguments. A probe must not call it.
#[coral_tool]
fn ping() {
    panic!("called")
}

fn tools() -> Toolset {
    toolset![ping, echo]
}

fn secret() -> Secret {
    Secret::new(SECRET)
}

/// An application with webhooks under `/coral` and a page of its own.
fn application(config: impl Into<WebhookConfig>) -> Router {
    Router::new().nest("/coral", tools().webhooks(config)).route("/health", axum::routing::get(async || "healthy"))
}

/// Serves a router. Returns its `host:port`.
async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(axum::serve(listener, router).into_future());
    address
}

async fn probe(base_url: &str) -> ProbeReport {
    let tools = tools().custom_tools(base_url).expect("valid tools");
    // In a task, as an application may start it: the future is `Send`.
    tokio::spawn(async move { WebhookProbe::new(secret()).probe(&tools).await }).await.expect("no panic")
}

/// Probes webhooks under `/coral` of a router.
async fn probe_router(router: Router) -> ProbeReport {
    probe(&format!("http://{}/coral", serve(router).await)).await
}

/// The failure of every tool, if it is the same.
fn failure(report: &ProbeReport) -> &ProbeFailure {
    let failures: Vec<_> = report.failures().map(|(_, failure)| failure).collect();
    assert!(failures.len() == 2 && failures[0] == failures[1], "{report}");
    failures[0]
}
