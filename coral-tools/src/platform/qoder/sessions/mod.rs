//! Sessions.

mod event;
mod event_stream;
pub(crate) mod event_subscription;
mod new_event;
mod new_session;
mod resource;
mod session;
mod session_change;
mod session_filter;
mod session_state;

pub use self::event::{Event, EventKind};
pub use self::new_event::NewEvent;
pub use self::new_session::NewSession;
pub use self::resource::Resource;
pub use self::session::Session;
pub use self::session_change::SessionChange;
pub use self::session_filter::SessionFilter;
pub use self::session_state::{SessionState, Status, Usage};
