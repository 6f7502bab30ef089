//! A session from its request to its end.
//!
//! `cargo run -p quickstart` serves two tools on this machine, starts a stand-in for Coral there, creates a session on it,
//! and shows what its agents do: what they see of each answer, what they say, what they hand in. It checks itself: it
//! fails where something is not as expected. `cargo run -p quickstart -- --serve` serves the tools alone.

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

use coral_tools::client::NewMessage;
use coral_tools::testing::CoralCaller;
use coral_tools::{Coral, Dialect, Session, SessionEndReport};
use futures_util::TryStreamExt;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

use crate::agents::Seen;
use crate::application::{App, Secrets, listen, router, tools};
use crate::request::{WRITER, request, settings};
use crate::screen::Screen;
use crate::sessions::Report;

/// More than all of it takes.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many things are shown and checked.
const THINGS: usize = 9;
/// How often the session is looked at. Once a second, which is usual, would be slow to see the end of this one.
const OFTEN: Duration = Duration::from_millis(50);

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut screen = Screen::new();
    let outcome = match std::env::args().nth(1).as_deref() {
        None => timeout(PATIENCE, demonstrate(&mut screen)).await.unwrap_or_else(|late| Err(late.into())),
        Some("--serve") => serve::serve(&screen).await.map(|()| true),
        Some(_) => Err("usage: quickstart [--serve]".into()),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            screen.complain(&*error);
            ExitCode::FAILURE
        }
    }
}

/// The whole story. `false` where something is not as expected.
async fn demonstrate(screen: &mut Screen) -> Result<bool> {
    // Coral: a stand-in on this machine, whose agents follow a script.
    let (seen, answers) = unbounded_channel();
    let server = agents::coral(seen).start().await?;
    let coral = Coral::server(server.url(), server.key()).poll_interval(OFTEN);

    // The application: it serves what Coral calls, and knows the secrets that Coral signs with.
    let app = App::new()?;
    let (listener, address) = listen().await?;
    let base_url = format!("http://{address}/coral");
    let secrets = Secrets { custom_tools: server.custom_tool_secret(), session_end: server.webhook_secret() };
    let serving = tokio::spawn(axum::serve(listener, router(app.clone(), secrets)).into_future());

    // The session: created, known to the application, and only then executed, so that no call comes before that.
    let request = request(&tools(), &base_url);
    screen.request(&request.to_json(Dialect::Server1_2)?);
    coral.check(&request).await?;
    let session = coral.create_session(&request).await?;
    app.sessions.register(session.id());
    session.execute(&settings(&base_url)).await?;
    let state = session.wait_until_connected(PATIENCE).await?;
    screen.connected(&state, &checks::connected(&state));

    // What happens in it, as it happens, until the application has its answer and ends it.
    let (said, (report, end)) = tokio::try_join!(follow(&session, answers, screen), await_answer(&app, &session))?;
    screen.answer(&report, &checks::answer(&report));
    screen.end(&end, &checks::end(&end, &session, &said));

    // Who is not Coral, or comes from elsewhere, is refused.
    let caller = CoralCaller::new(server.custom_tool_secret()).in_session(session.id()).by_agent(WRITER);
    for (caller, call) in calls::refused(&caller) {
        let request = caller.request(&format!("{base_url}/{}", call.tool), call.arguments)?;
        screen.call(&call, &caller.send(&request).await?);
    }

    server.stop().await;
    serving.abort();
    Ok(screen.conclude(THINGS))
}

/// Shows what is said and what agents see, until the session has ended. Returns what was said.
async fn follow(
    session: &Session,
    mut answers: UnboundedReceiver<Seen>,
    screen: &mut Screen,
) -> Result<Vec<NewMessage>> {
    let mut messages = session.messages();
    let mut said = Vec::new();
    loop {
        tokio::select! {
            // What agents have seen is there before the session can end.
            biased;
            Some(seen) = answers.recv() => {
                let (call, sees) = seen?;
                screen.call(call, &sees);
            }
            message = messages.try_next() => {
                let Some(message) = message? else { return Ok(said) };
                screen.message(&message);
                said.push(message);
            }
        }
    }
}

/// Waits until the report is there and nobody is at work any more, and ends the session. Returns what came of it.
async fn await_answer(app: &App, session: &Session) -> Result<(Report, SessionEndReport)> {
    let unknown = "the application does not know its own session";
    let report = app.sessions.report_of(session.id()).await.ok_or(unknown)?;
    session.wait_until_idle(PATIENCE).await?;
    session.close().await?;
    let end = app.sessions.end_of(session.id()).await.ok_or(unknown)?;
    Ok((report, end))
}
