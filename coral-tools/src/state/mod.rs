//! The state of sessions and namespaces, and the events of a server, decoded from every server version.
//!
//! The Coral Cloud API guide shows a flat state (`closing`, `isConnected`, `isWaiting`, times in milliseconds). Servers since
//! 1.1 nest tagged statuses and write times as strings, and later ones send a message as an array of parts.
//! [`from_json`](crate::from_json) decodes them all into the same types. Missing fields have a default, unknown fields are kept
//! in `extra`, and a value of the wrong type is an error with its location.
//!
//! ```
//! use coral_tools::from_json;
//! use coral_tools::state::SessionState;
//!
//! let guide = br#"{
//!     "id": "session-abc123", "namespace": "default", "timestamp": 1704067200000, "closing": false,
//!     "agents": [{"name": "writer", "isConnected": true, "isWaiting": false}]
//! }"#;
//! let server = br#"{
//!     "base": {
//!         "id": "session-abc123", "namespace": "default", "timestamp": "2024-01-01T00:00:00Z",
//!         "status": {"type": "executed"}
//!     },
//!     "agents": [{
//!         "name": "writer",
//!         "status": {
//!             "type": "running",
//!             "connectionStatus": {"type": "connected", "communicationStatus": {"type": "thinking"}}
//!         }
//!     }]
//! }"#;
//!
//! let state: SessionState = from_json(guide)?;
//! assert_eq!(state, from_json(server)?);
//! assert!(state.all_agents_connected() && !state.all_agents_idle());
//! # Ok::<(), coral_tools::DecodeError>(())
//! ```
//!
//! The messages of a server's websockets are decoded in the same way: [`SessionEvent`] for one session, [`ManagerEvent`] for all
//! sessions and namespaces, [`LogEvent`] for the server's log.
//!
//! The types are only decoded, never encoded. [`SessionState`], [`NamespaceState`], the three events and
//! [`SessionEndReport`](crate::SessionEndReport) also implement `Deserialize`, for use with an HTTP client.

mod agent;
mod event;
mod message;
mod namespace;
pub(crate) mod report;
mod seen_messages;
mod session;
mod status;
mod thread;

pub use self::agent::{AgentActivity, AgentConnection, AgentState, AgentStatus};
pub use self::event::{
    LlmUsage, LogEvent, LogLevel, LogSubject, LogTag, ManagerEvent, ManagerEventKind, MessageFilter, MessageFilterKind,
    SessionEvent, SessionEventKind, StdStream,
};
pub use self::message::{ContentPart, Message};
pub use self::namespace::NamespaceState;
pub use self::report::AgentRun;
pub use self::seen_messages::SeenMessages;
pub use self::session::{AgentsAndThreads, SessionState};
pub use self::status::SessionStatus;
pub use self::thread::{Thread, ThreadStatus};
pub use crate::json::Timestamp;
