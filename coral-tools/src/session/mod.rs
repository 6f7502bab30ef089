//! The request that creates a session. Building, checking and rendering it needs no HTTP; the `client` feature sends
//! it.
//!
//! A [`SessionRequest`](crate::SessionRequest) is built step by step, and rendered as JSON in the
//! [`Dialect`](crate::Dialect) of the server that receives it:
//!
//! ```
//! use coral_tools::{Agent, Dialect, Runtime, SessionRequest};
//!
//! let request = SessionRequest::in_namespace("default")
//!     .agent(Agent::local("natural-tone-agent", "1.1.0", Runtime::Docker).named("writer"))
//!     .agent(Agent::marketplace("fact-checker", "0.3.0", Runtime::Docker))
//!     .group(["writer", "fact-checker"]);
//! assert!(request.warnings().is_empty());
//! println!("{:#}", request.to_json(Dialect::Server1_2)?);
//! # Ok::<(), coral_tools::BuildErrors>(())
//! ```
//!
#![doc = include_str!("../../docs/sessions.md")]

pub(crate) mod agent;
#[cfg(feature = "registry")]
pub(crate) mod agent_options;
pub(crate) mod base_url;
mod binding;
mod budget;
#[cfg(any(feature = "testing", all(feature = "client", feature = "webhook")))]
#[cfg_attr(not(feature = "testing"), allow(dead_code, reason = "only tests send reports"))]
pub(crate) mod call_url;
mod check;
pub(crate) mod custom_tools;
pub(crate) mod dialect;
#[cfg_attr(not(feature = "client"), allow(dead_code, reason = "only the client compares hosts"))]
pub(crate) mod host;
mod namespace;
mod option;
mod provider;
#[cfg(feature = "client")]
mod recorded_tools;
mod remote;
mod render;
pub(crate) mod request;
pub(crate) mod runtime;
mod settings;
mod to_json;
mod unroll;
#[cfg_attr(not(feature = "client"), allow(dead_code, reason = "only the client needs the parts of a URL"))]
pub(crate) mod url_grammar;

pub use self::agent::{ModelProxy, X402Budget};
pub use self::budget::{AgentBudget, AgentExhaustionBehavior, MicroCents, SessionBudget, SessionExhaustionBehavior};
pub use self::check::CheckedRequest;
#[cfg(feature = "_api")]
pub(crate) use self::host::is_loopback;
pub use self::namespace::NewNamespace;
pub use self::option::OptionValue;
pub use self::provider::AgentProvider;
#[cfg(feature = "client")]
pub(crate) use self::recorded_tools::RecordedTools;
pub use self::remote::{
    Amount, FlatScoreEffect, PaidRemoteServer, RemoteRequest, RemoteServer, ScoreEffect, ServerAttribute,
    ServerAttributeType, ServerAttributeValue, ServerScorer, ServerScoring, ServerSource,
};
pub use self::settings::{Persistence, RuntimeSettings};
#[cfg(any(feature = "everruns", feature = "qoder"))]
pub(crate) use self::unroll::unroll;
