//! The generations of Coral's session request.

use std::fmt;

/// Which generation of Coral's session request to write.
///
/// Every server refuses what it does not know, so a request has to be written for the server that reads it. What a
/// generation cannot be told is a [`BuildError`](crate::BuildError) that names the field; of a tool, it is told what it
/// can read.
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
    /// `source: "local"` for a registry, `{type: "HoldAfterExit", holdTime}`. What the guide does not print is written as
    /// Coral Cloud's reference of "Create session" has it, or else as coral-server 1.1 does. coral-server refuses this form.
    #[default]
    Cloud,
    /// What is known of coral-server after 1.2, from clients that were made for it: the form of 1.2, and budgets.
    Next,
    /// coral-server 1.2: `inputSchema`, `outputSchema`, `description`, `title` and `annotations` beside `transport`.
    Server1_2,
    /// coral-server 1.1: `schema` is the input schema itself. Agents get no description. No proxies, no prototypes.
    Server1_1,
    /// Servers built from 18 December 2025 to 26 January 2026: tools as in the guide, `sessionRuntimeSettings`, and the
    /// namespace in the request's path instead of its body. No annotations, no deferred execution.
    Nested,
    /// coral-server 1.0: `toolSchema: {name, description, inputSchema}`. Its request for a session is another one, with an
    /// application's key in it; only its `customTools` are written here.
    Server1_0,
}

/// The generations in the order of what they know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ServerVersion {
    Server1_0,
    Nested,
    Server1_1,
    Server1_2,
    Next,
}

impl Dialect {
    /// Whether this generation reads `$defs`, which recursive types need.
    pub(super) fn reads_definitions(self) -> bool {
        self.server_version() >= ServerVersion::Server1_2
    }

    /// Whether maps and lists are written when they are empty, as the servers' own clients do. The guide leaves them out.
    pub(super) fn writes_empty(self) -> bool {
        self != Self::Cloud && self.server_version() >= ServerVersion::Server1_1
    }

    pub(super) fn server_version(self) -> ServerVersion {
        match self {
            Self::Next => ServerVersion::Next,
            Self::Server1_2 => ServerVersion::Server1_2,
            // Its two documents print what 1.1 knows.
            Self::Server1_1 | Self::Cloud => ServerVersion::Server1_1,
            Self::Nested => ServerVersion::Nested,
            Self::Server1_0 => ServerVersion::Server1_0,
        }
    }
}

impl fmt::Display for ServerVersion {
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
