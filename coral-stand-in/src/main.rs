//! Fake servers as a program, for applications in any language.
//!
//! ```sh
//! coral-stand-in coral --server-version 1.2
//! coral-stand-in everruns --port 9300
//! coral-stand-in qoder --key my-key
//! ```

mod cli;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Arguments, start};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let ansi = io::IsTerminal::is_terminal(&io::stderr());
    if !arguments.quiet {
        tracing_subscriber::fmt().with_writer(io::stderr).with_target(false).with_ansi(ansi).init();
    }
    match start(&arguments).await {
        Ok((_server, announcement)) => {
            // A closed pipe does not stop the server.
            let _result = writeln!(io::stdout(), "{announcement}\nCtrl-C stops the server.");
            let _result = tokio::signal::ctrl_c().await;
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _result = writeln!(io::stderr(), "coral-stand-in: {error}");
            ExitCode::FAILURE
        }
    }
}
