//! One set of tools, wherever agents are: `cargo run -p everywhere -- --on coral`, `everruns` or `qoder`.
//!
//! Each starts a stand-in for the platform on this machine, lets its agent make two calls at once, one of which fails in the
//! tool, and prints what the agent saw. The tools know nothing of it.
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

/// More than all of it takes.
const PATIENCE: Duration = Duration::from_secs(30);
/// What the user says to the agent.
const MESSAGE: &str = "Where is order A1? And cancel B2, please.";
/// What the agent says at the end.
const ANSWER: &str = "A1 is packed. B2 is on its way already; you can send it back.";

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// One set of tools, on any of three platforms.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where the agent is.
    #[arg(long)]
    on: Platform,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Platform {
    Coral,
    Everruns,
    Qoder,
}

/// What came of it: what the agent saw of each call, and what it said.
#[derive(Debug, PartialEq)]
struct Story {
    seen: Vec<String>,
    said: String,
}

/// The calls that every agent here makes, both at once.
fn calls() -> [(&'static str, Value); 2] {
    [("lookup_order", json!({"number": "A1"})), ("cancel_order", json!({"number": "B2"}))]
}

async fn run(on: Platform) -> Result<Story> {
    let (tools, orders) = (tools(), Orders::of_a_shop());
    match on {
        Platform::Coral => on_coral::run(&tools, orders).await,
        Platform::Everruns => on_everruns::run(&tools, &orders).await,
        Platform::Qoder => on_qoder::run(&tools, &orders).await,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Arguments { on } = Arguments::parse();
    let story = timeout(PATIENCE, run(on)).await.unwrap_or_else(|late| Err(late.into()));
    match story {
        Ok(story) => {
            println!("on {on:?}\n\nuser    {MESSAGE}");
            for ((tool, arguments), seen) in calls().iter().zip(&story.seen) {
                println!("agent   calls {tool} {arguments}\nsees    {seen}");
            }
            println!("agent   {}", story.said);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("everywhere: {error}");
            ExitCode::FAILURE
        }
    }
}
