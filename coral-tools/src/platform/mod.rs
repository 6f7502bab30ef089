//! Runs a toolset on pull-based platforms: Everruns and Qoder Cloud Agents. Features `everruns` and `qoder`.
//!
//! Coral calls tools over a webhook. These platforms record tool calls and wait until a client submits the results. A [`Run`] is
//! that client, for one turn of an agent: it reads the platform's events, runs each tool call once, submits the results and
//! continues until the turn ends. It reconnects after a disconnect and resumes where it stopped.
//!
//! Tools behave as they do on Coral: arguments are parsed and checked in the same way, and the agent reads the same results. A
//! tool that needs to know the platform gets it from its [`CallContext`](crate::CallContext), through `origin()` and
//! `call_id()`.

mod adapter;
mod batch;
mod event;
#[cfg(feature = "everruns")]
pub mod everruns;
mod limits;
#[cfg(feature = "qoder")]
pub mod qoder;
mod result_cache;
mod run;
#[cfg(test)]
mod tests;
mod turn;

pub use self::limits::{RunLimits, UnknownToolPolicy};
pub use self::result_cache::ResultCache;
pub use self::run::Run;
pub use self::turn::{CallOutcome, CallRecord, RunError, Turn, TurnEnd};
