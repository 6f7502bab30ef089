//! Legitimate calls of a webhook server beside clients that attack it, and clients of servers that flood them.
//!
//! The server is a process of its own, so that its memory and its log can be measured; it and all clients use the loopback
//! interface. `scripts/soak` starts this program and describes its output.
//!
//! | argument | |
//! | --- | --- |
//! | none | every attack for some seconds: prints a table of latencies, memory, log volume and shed load |
//! | `--short` | a fixed number of requests per attack: fails if a status or another count is not the expected one |
//! | `--only NAME` | attacks whose names contain this text |

#![expect(clippy::print_stdout, reason = "the program prints its table")]

mod attacks;
mod callers;
mod client_floods;
mod connection;
mod counts;
mod process;
mod report;
mod requests;
mod scenarios;
mod server;

use std::io;
use std::process::ExitCode;

use scenarios::Mode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match &arguments[..] {
        ["serve", blocking_threads] => server::run(blocking_threads.parse().expect("a number of threads")),
        ["client", flood, url] => client_floods::run_client(flood, url),
        ["--short"] => run(Mode::Short, ""),
        ["--short", "--only", name] => run(Mode::Short, name),
        ["--only", name] => run(Mode::Full, name),
        [] => run(Mode::Full, ""),
        _ => Err(io::Error::other("arguments: [--short] [--only NAME]")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(mode: Mode, name: &str) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(scenarios::run(mode, name))
}
