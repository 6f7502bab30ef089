//! Reads bodies as strictly as the server's own codec: no key that it does not know, `null` only where a field may be
//! null, no fraction for an integer; but numbers and booleans may be quoted.
//!
//! A server tells its clients nothing of what it found. The log of the stand-in does.

mod agent;
mod annotations;
mod fields;
mod members;
mod option;
mod provider;
mod remote;
mod request;
mod scalar;
mod settings;
mod thread;
mod tool;
mod tree;

use std::fmt;

pub(super) use self::agent::{AgentId, AgentRequest, Source};
pub(super) use self::annotations::Annotations;
pub(super) use self::option::{OptionValue, blob};
pub(super) use self::provider::Provider;
pub(super) use self::request::{Execution, Graph, NamespaceProvider, NamespaceRequest, SessionRequest};
pub(super) use self::scalar::text_map;
pub(super) use self::settings::{Persistence, RuntimeSettings};
pub(super) use self::thread::{CloseSession, CloseThread, CreateThread, Participant, SendMessage, Wait};
pub(super) use self::tool::CustomTool;
pub(super) use self::tree::Tree;
use super::plays::Plays;

/// A body that a server reads.
pub(super) trait Body: Sized {
    /// The class that the server reads it into, which it names in errors.
    const CLASS: &'static str;

    fn decode(tree: Tree, plays: Plays) -> Decoded<Self>;
}

pub(super) type Decoded<T> = Result<T, Undecodable>;

/// Why a body could not be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Undecodable {
    path: String,
    reason: String,
}

impl Undecodable {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self { path: String::new(), reason: reason.into() }
    }

    fn expected(what: &str, found: &Tree) -> Self {
        Self::new(format!("expected {what}, found {}", found.kind()))
    }

    fn inside(mut self, key: impl fmt::Display) -> Self {
        self.path = format!("/{key}{}", self.path);
        self
    }
}

impl fmt::Display for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, reason } = self;
        if path.is_empty() { f.write_str(reason) } else { write!(f, "{path}: {reason}") }
    }
}
