#![doc = include_str!("../../docs/reachability.md")]

mod coral;
mod failure;
mod http;
mod problem;
mod report;
mod request;
mod search;
#[cfg(test)]
mod tests;
mod tls;
mod verdict;
mod webhook_probe;

pub use self::failure::ProbeFailure;
pub use self::problem::{ConnectProblem, PathProblem, RequestChange, TlsProblem};
pub use self::report::{ProbeError, ProbeInstance, ProbeReport, ProbeSuccess, ProbeWarning, ToolProbe};
pub use self::webhook_probe::WebhookProbe;
