//! What a server tells of sessions: one view of every generation's answer.
//!
//! The Coral Cloud API guide shows a flat state (`closing`, `isConnected`, `isWaiting`, times in milliseconds), servers
//! since 1.1 nest tagged statuses and write times as text, and later ones make a message a list of parts. [`from_json`]
//! reads them all into the same types. What is missing has a default, what is unknown is kept in `extra`, and what has
//! the wrong shape is an error that says where.
//!
//! ```
//! use coral_tools::state::SessionState;
//! use coral_tools::from_json;
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
//! What a server tells over its websockets is read in the same way, a frame each: [`SessionEvent`] of one session,
//! [`ManagerEvent`] of all of them, [`LogEvent`] of the server's log.
//!
//! Every type here is read, never written. [`SessionState`], [`NamespaceState`], the three events and
//! [`SessionEndReport`](crate::SessionEndReport) are also `Deserialize`, for HTTP clients.

mod agent;
mod cursor;
mod event;
mod message;
mod namespace;
pub(crate) mod report;
mod session;
mod status;
mod thread;

pub use self::agent::{AgentActivity, AgentConnection, AgentState, AgentStatus};
pub use self::cursor::MessageCursor;
pub use self::event::{
    LlmUsage, LogEvent, LogLevel, LogSubject, LogTag, ManagerEvent, ManagerEventKind, MessageFilter, MessageFilterKind,
    SessionEvent, SessionEventKind, StdStream,
};
pub use self::message::{Message, MessagePart};
pub use self::namespace::NamespaceState;
pub use self::report::AgentRun;
pub(crate) use self::report::SessionEndReport;
pub use self::session::{SessionDetail, SessionState};
pub use self::status::SessionStatus;
pub use self::thread::{Thread, ThreadState};
pub use crate::json::Timestamp;
