//! Follows a session live in the terminal.
//!
//! `cargo run -p watch` shows a demonstration: three agents of its own on a stand-in for Coral, and a connection that
//! breaks. `cargo run -p watch -- NAMESPACE SESSION` follows a session of the server that the environment variables name.

mod connection;
mod demonstration;
mod follow;
mod message;
mod progress;
mod screen;
mod script;
mod summary;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;
use coral_tools::Coral;

use crate::follow::follow;
use crate::screen::Screen;

/// Follows a session live: its agents as they connect and its messages as they arrive, until it has ended.
///
/// The session is on Coral Cloud, with the key in CORAL_API_KEY, or on the server at CORAL_CLOUD_API_URL. Without arguments, a
/// demonstration is shown, which needs neither.
#[derive(Debug, Parser)]
struct Arguments {
    /// The namespace of the session.
    #[arg(requires = "session")]
    namespace: Option<String>,

    /// The id of the session.
    session: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut screen = Screen::stdout();
    match run(Arguments::parse(), &mut screen).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            screen.print_error(&*error);
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments, screen: &mut Screen) -> Result<(), Box<dyn Error>> {
    match (arguments.namespace, arguments.session) {
        (Some(namespace), Some(session)) => follow(&Coral::from_env()?.session(namespace, session), screen).await?,
        _ => demonstration::run(screen).await?,
    }
    Ok(())
}
