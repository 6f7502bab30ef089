//! Who runs an agent.

use serde::Serialize;

use super::remote::{PaidRemoteServer, RemoteRequest};
use super::runtime::Runtime;

/// Who runs an agent. coral-server 1.2 runs [`Local`](Self::Local) ones alone: a `Linked` one stops at once, and it refuses
/// or ignores the others.
///
/// ```
/// use coral_tools::session::Provider;
/// use coral_tools::Runtime;
///
/// let linked = Provider::Linked { linked_server_name: "berlin".into(), runtime: Runtime::Executable };
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Provider {
    /// The server itself.
    Local {
        /// What runs its program.
        runtime: Runtime,
    },
    /// A server that this one is linked with.
    Linked {
        /// The other server, by the name that this one knows it by.
        linked_server_name: String,
        /// What runs its program there.
        runtime: Runtime,
    },
    /// Whichever remote server suits best, to be found and paid.
    RemoteRequest(RemoteRequest),
    /// A remote server that has been found and is being paid.
    Remote(PaidRemoteServer),
}

impl Provider {
    pub(super) fn runtime(&self) -> &Runtime {
        match self {
            Self::Local { runtime } | Self::Linked { runtime, .. } => runtime,
            Self::RemoteRequest(request) => &request.runtime,
            Self::Remote(remote) => &remote.runtime,
        }
    }

    /// Every number that is not of whole units; JSON has no word for some of them.
    pub(super) fn fractions(&self) -> Vec<f64> {
        match self {
            Self::Local { .. } | Self::Linked { .. } => Vec::new(),
            Self::RemoteRequest(request) => request.fractions(),
            Self::Remote(remote) => remote.fractions(),
        }
    }
}
