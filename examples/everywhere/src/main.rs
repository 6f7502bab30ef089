//! One toolset on three platforms: `cargo run -p everywhere -- --on coral`, `everruns` or `qoder`.
//!
//! The program starts a fake server of the platform on this machine. Its agent makes two calls in parallel, one of which returns
//! an error, and the program prints the results that the agent reads. The tools do not depend on the platform.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is a program for a terminal")]

mod on_coral;
mod on_everruns;
mod on_qoder;
#[cfg(test)]
mod tests;
mod tools;

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::tools::{Orders, tools};

/// Longer than the example takes.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The user's message to the agent.
const MESSAGE: &str = "Where is order A1? And cancel B2, please.";
/// The agent's last message.
const LAST_MESSAGE: &str = "A1 is packed. B2 has already been shipped; you can return it.";

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// One toolset on three platforms.
#[derive(Debug, Parser)]
struct Arguments {
    /// The platform that runs the agent.
    #[arg(long)]
    on: Platform,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Platform {
    Coral,
    Everruns,
    Qoder,
}

/// The results that the agent read, and its last message.
#[derive(Debug, PartialEq)]
struct Conversation {
    results: Vec<String>,
    last_message: String,
}

/// The calls that the agent makes in parallel.
fn calls() -> [(&'static str, Value); 2] {
    [("lookup_order", json!({"number": "A1"})), ("cancel_order", json!({"number": "B2"}))]
}

async fn run(on: Platform) -> Result<Conversation> {
    let (tools, orders) = (tools(), Orders::examples());
    match on {
        Platform::Coral => on_coral::run(&tools, orders).await,
        Platform::Everruns => on_everruns::run(&tools, &orders).await,
        Platform::Qoder => on_qoder::run(&tools, &orders).await,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Arguments { on } = Arguments::parse();
    let conversation = timeout(TIMEOUT, run(on)).await.unwrap_or_else(|elapsed| Err(elapsed.into()));
    match conversation {
        Ok(conversation) => {
            println!("on {on:?}\n\nuser    {MESSAGE}");
            for ((tool, arguments), result) in calls().iter().zip(&conversation.results) {
                println!("agent   calls {tool} {arguments}\nreads   {result}");
            }
            println!("agent   {}", conversation.last_message);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("everywhere: {error}");
            ExitCode::FAILURE
        }
    }
}
