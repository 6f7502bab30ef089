//! The versions of Coral's session request.

use std::fmt;

/// A version of Coral's session request: the JSON that one generation of servers accepts.
///
/// Servers reject fields that they do not know, so a request must be rendered for the server that receives it. A field
/// that the dialect does not support is a [`BuildError`](crate::BuildError). Properties of tools that it does not
/// support are omitted.
///
/// ```
/// use coral_tools::{Agent, Dialect, Runtime, SessionRequest};
///
/// let writer = Agent::local("writer", "1.0.0", Runtime::Docker);
/// let request = SessionRequest::in_namespace("default").agent(writer);
/// let guide = request.to_json(Dialect::Cloud)?;
/// assert_eq!(guide["agentGraphRequest"]["agents"][0]["id"]["source"], "local");
/// let server = request.to_json(Dialect::Server1_2)?;
/// assert_eq!(server["agentGraphRequest"]["agents"][0]["id"]["registrySourceId"]["type"], "local");
/// # Ok::<(), coral_tools::BuildErrors>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Dialect {
    /// The form in the Coral Cloud API guide: `schema: {name, description, inputSchema, outputSchema}` for a tool,
    /// `source: "local"` for a registry, `{type: "HoldAfterExit", holdTime}`. Fields that the guide does not show are written as
    /// in Coral Cloud's reference of "Create session", or else as in coral-server 1.1. coral-server rejects this form.
    #[default]
    Cloud,
    /// coral-server after 1.2, as far as it is known from clients written for it: the form of 1.2, and budgets.
    Next,
    /// coral-server 1.2: `inputSchema`, `outputSchema`, `description`, `title` and `annotations` beside `transport`.
    Server1_2,
    /// coral-server 1.1: `schema` is the input schema itself. Agents have no description. No proxies, no prototypes.
    Server1_1,
    /// Servers built from 18 December 2025 to 26 January 2026: tools as in the guide, `sessionRuntimeSettings`, and the
    /// namespace in the request's path instead of its body. No annotations, no deferred execution.
    Nested,
    /// coral-server 1.0: `toolSchema: {name, description, inputSchema}`. Its session request is different, contains an
    /// application key, and is not supported; only `customTools` are.
    Server1_0,
}

/// The version of the server that a dialect is for, oldest first: compared to decide what a dialect supports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TargetServerVersion {
    Server1_0,
    Nested,
    Server1_1,
    Server1_2,
    Next,
}

impl Dialect {
    /// Whether servers accept `$defs`, which recursive types need.
    pub(super) fn reads_definitions(self) -> bool {
        self.server_version() >= TargetServerVersion::Server1_2
    }

    /// Whether empty objects and arrays are written, as the servers' own clients do. The guide omits them.
    pub(super) fn writes_empty(self) -> bool {
        self != Self::Cloud && self.server_version() >= TargetServerVersion::Server1_1
    }

    pub(super) fn server_version(self) -> TargetServerVersion {
        match self {
            Self::Next => TargetServerVersion::Next,
            Self::Server1_2 => TargetServerVersion::Server1_2,
            // Its two documents show the fields of 1.1.
            Self::Server1_1 | Self::Cloud => TargetServerVersion::Server1_1,
            Self::Nested => TargetServerVersion::Nested,
            Self::Server1_0 => TargetServerVersion::Server1_0,
        }
    }
}

impl fmt::Display for TargetServerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Server1_0 => "coral-server 1.0",
            Self::Nested => "a server of December 2025",
            Self::Server1_1 => "coral-server 1.1",
            Self::Server1_2 => "coral-server 1.2",
            Self::Next => "a coral-server after 1.2",
        })
    }
}
