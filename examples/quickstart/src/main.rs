//! A session from its request to its end.
//!
//! `cargo run -p quickstart` serves two tools, starts a fake Coral server on this machine, creates a session on it and prints
//! the calls, the messages and the report of its agents. It checks each step and fails if one is not as expected.
//! `cargo run -p quickstart -- --serve` only serves the tools.

mod agents;
mod application;
mod atlas;
mod calls;
mod checks;
mod layout;
mod request;
mod screen;
mod serve;
mod sessions;
#[cfg(test)]
mod tests;
mod tools;

use std::error::Error;
use std::future::IntoFuture;
use std::process::ExitCode;
use std::time::Duration;

use coral_tools::client::ReceivedMessage;
use coral_tools::testing::CoralCaller;
use coral_tools::{Coral, Dialect, Session, SessionEndReport};
use futures_util::TryStreamExt;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

use crate::agents::AgentResult;
use crate::application::{App, Secrets, listen, router, tools};
use crate::request::{WRITER, request, settings};
use crate::screen::Screen;
use crate::sessions::Report;

/// Longer than the demonstration takes.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The number of steps that are checked.
const STEPS: usize = 9;
/// Shorter than the default of one second, so that the end of the session is noticed at once.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut screen = Screen::new();
    let outcome = match std::env::args().nth(1).as_deref() {
        None => timeout(TIMEOUT, demonstrate(&mut screen)).await.unwrap_or_else(|elapsed| Err(elapsed.into())),
        Some("--serve") => serve::serve(&screen).await.map(|()| true),
        Some(_) => Err("usage: quickstart [--serve]".into()),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            screen.error(&*error);
            ExitCode::FAILURE
        }
    }
}

/// Runs the demonstration. Returns `false` if a step is not as expected.
async fn demonstrate(screen: &mut Screen) -> Result<bool> {
    // A fake Coral server, whose agents follow a script.
    let (sender, results) = unbounded_channel();
    let server = agents::coral(sender).start().await?;
    let coral = Coral::server(server.url(), server.key()).poll_interval(POLL_INTERVAL);

    // The application serves the tools, with the secrets that Coral signs with.
    let app = App::new()?;
    let (listener, address) = listen().await?;
    let base_url = format!("http://{address}/coral");
    let secrets = Secrets { custom_tools: server.custom_tool_secret(), session_end: server.webhook_secret() };
    let serving = tokio::spawn(axum::serve(listener, router(app.clone(), secrets)).into_future());

    // The session is registered with the application before it is executed, so that no call arrives earlier.
    let request = request(&tools(), &base_url);
    screen.request(&request.to_json(Dialect::Server1_2)?);
    coral.check(&request).await?;
    // Coral does not check the URLs of the tools.
    let custom_tools = tools().custom_tools(base_url.as_str())?;
    coral.probe_webhooks(&custom_tools, server.custom_tool_secret()).await.into_result()?;
    let session = coral.create_session(&request).await?;
    app.sessions.register(session.id());
    session.execute(&settings(&base_url)).await?;
    let state = session.wait_until_connected(TIMEOUT).await?;
    screen.connected(&state, &checks::connected(&state));

    // Calls and messages are printed until the application has the report and closes the session.
    let (messages, (report, end)) =
        tokio::try_join!(follow(&session, results, screen), close_after_report(&app, &session))?;
    screen.report(&report, &checks::report(&report));
    screen.end(&end, &checks::end(&end, &session, &messages));

    // Calls with a wrong secret or from an unknown session are rejected.
    let caller = CoralCaller::new(server.custom_tool_secret()).in_session(session.id()).by_agent(WRITER);
    for (caller, call) in calls::rejected_calls(&caller) {
        let request = caller.request(&format!("{base_url}/{}", call.tool), call.arguments)?;
        screen.call(&call, &caller.send(&request).await?);
    }

    server.stop().await;
    serving.abort();
    Ok(screen.conclude(STEPS))
}

/// Prints messages and results of calls until the session has ended. Returns the messages.
async fn follow(
    session: &Session,
    mut results: UnboundedReceiver<AgentResult>,
    screen: &mut Screen,
) -> Result<Vec<ReceivedMessage>> {
    let mut stream = session.messages();
    let mut messages = Vec::new();
    loop {
        tokio::select! {
            // Results are received before the session can end.
            biased;
            Some(result) = results.recv() => {
                let (call, result) = result?;
                screen.call(call, &result);
            }
            message = stream.try_next() => {
                let Some(message) = message? else { return Ok(messages) };
                screen.message(&message);
                messages.push(message);
            }
        }
    }
}

/// Waits for the report and until all agents are idle, then closes the session. Returns both reports.
async fn close_after_report(app: &App, session: &Session) -> Result<(Report, SessionEndReport)> {
    let not_registered = "the session is not registered";
    let report = app.sessions.wait_for_report(session.id()).await.ok_or(not_registered)?;
    session.wait_until_idle(TIMEOUT).await?;
    session.close().await?;
    let end = app.sessions.wait_for_end(session.id()).await.ok_or(not_registered)?;
    Ok((report, end))
}
