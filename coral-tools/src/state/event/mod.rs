//! Events that servers send over their websockets, one JSON document per frame.

mod envelope;
mod filter;
mod log;
mod manager;
mod session;
mod session_kind;
mod tag;

pub use self::filter::{MessageFilter, MessageFilterKind};
pub use self::log::{LogEvent, LogLevel};
pub use self::manager::{ManagerEvent, ManagerEventKind};
pub use self::session::SessionEvent;
pub use self::session_kind::{LlmUsage, SessionEventKind};
pub use self::tag::{LogSubject, LogTag, StdStream};
