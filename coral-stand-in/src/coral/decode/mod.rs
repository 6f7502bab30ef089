//! Decodes bodies as strictly as the server: unknown keys, `null` for a field that is not nullable, and fractions for integers are
//! errors; numbers and booleans may be quoted.
//!
//! Error responses of a server do not contain the reason. The log of the stand-in does.

mod agent;
mod annotations;
mod json_parser;
mod json_tree;
mod number;
mod object_reader;
mod option_value;
mod provider;
mod remote;
mod request;
mod scalar;
mod settings;
mod tool;
mod tool_arguments;

use std::fmt;

pub(super) use self::agent::{AgentId, AgentRequest, RegistrySource};
pub(super) use self::annotations::Annotations;
pub(super) use self::json_tree::JsonTree;
pub(super) use self::option_value::{OptionValue, blob};
pub(super) use self::provider::Provider;
pub(super) use self::request::{Execution, Graph, NamespaceProvider, NamespaceRequest, SessionRequest};
pub(super) use self::scalar::text_map;
pub(super) use self::settings::{Persistence, RuntimeSettings};
pub(super) use self::tool::CustomTool;
pub(super) use self::tool_arguments::{
    AddParticipant, CloseSession, CloseThread, CreateThread, RemoveParticipant, SendMessage, WaitArguments,
};
use super::emulated_version::EmulatedVersion;

/// The body of a request.
pub(super) trait RequestBody: Sized {
    /// The class of the server for this body, which errors contain.
    const CLASS: &'static str;

    fn decode(tree: JsonTree, emulated: EmulatedVersion) -> DecodeResult<Self>;
}

pub(super) type DecodeResult<T> = Result<T, DecodeError>;

/// The reason why a body is invalid, with the location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DecodeError {
    location: String,
    reason: String,
}

impl DecodeError {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self { location: String::new(), reason: reason.into() }
    }

    fn expected(what: &str, found: &JsonTree) -> Self {
        Self::new(format!("expected {what}, found {}", found.kind()))
    }

    fn in_field(mut self, key: impl fmt::Display) -> Self {
        self.location = format!("/{key}{}", self.location);
        self
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { location, reason } = self;
        if location.is_empty() { f.write_str(reason) } else { write!(f, "{location}: {reason}") }
    }
}
