//! The provider of an agent.

use serde::Serialize;

use super::remote::{PaidRemoteServer, RemoteRequest};
use super::runtime::Runtime;

/// The provider of an agent: which server runs it. coral-server 1.2 runs only [`Local`](Self::Local) agents; it stops a
/// `Linked` one at once, and rejects or ignores the others.
///
/// ```
/// use coral_tools::Runtime;
/// use coral_tools::session::AgentProvider;
///
/// let linked = AgentProvider::Linked { linked_server_name: "berlin".into(), runtime: Runtime::Executable };
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum AgentProvider {
    /// The server itself.
    Local {
        /// The runtime of the agent.
        runtime: Runtime,
    },
    /// A server that this one is linked with.
    Linked {
        /// The name by which this server knows the other one.
        linked_server_name: String,
        /// The runtime of the agent on that server.
        runtime: Runtime,
    },
    /// A remote server that is still to be found and paid.
    RemoteRequest(RemoteRequest),
    /// A remote server that has been found, and whose payment has been started.
    Remote(PaidRemoteServer),
}

impl AgentProvider {
    pub(super) fn runtime(&self) -> &Runtime {
        match self {
            Self::Local { runtime } | Self::Linked { runtime, .. } => runtime,
            Self::RemoteRequest(request) => &request.runtime,
            Self::Remote(remote) => &remote.runtime,
        }
    }

    /// Every floating-point number in it, to check that JSON can represent them.
    pub(super) fn fractions(&self) -> Vec<f64> {
        match self {
            Self::Local { .. } | Self::Linked { .. } => Vec::new(),
            Self::RemoteRequest(request) => request.fractions(),
            Self::Remote(remote) => remote.fractions(),
        }
    }
}
