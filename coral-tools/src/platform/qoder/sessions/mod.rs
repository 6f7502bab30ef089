//! Sessions and their events, and the requests for them.

mod event;
mod event_stream;
mod event_subscription;
mod new_event;
mod new_session;
mod resource;
mod session;
mod session_change;
mod session_filter;
mod session_info;

pub use self::event::{Event, EventKind};
pub use self::event_stream::EventStream;
pub(super) use self::event_subscription::EventSubscription;
pub use self::new_event::NewEvent;
pub use self::new_session::NewSession;
pub use self::resource::Resource;
pub use self::session::Session;
pub use self::session_change::SessionChange;
pub use self::session_filter::SessionFilter;
pub use self::session_info::{SessionInfo, SessionStatus, SessionUsage};
use crate::api::{ClientError, RequestPath};
use crate::platform::qoder::client::Qoder;

impl Qoder {
    /// Creates a session.
    ///
    /// # Errors
    ///
    /// Returns an error if `session` has problems, all of which are reported before it is sent, or if Qoder rejects it, for
    /// example because the agent or the environment does not exist, or an MCP server of the agent does not respond.
    pub async fn create_session(&self, session: &NewSession) -> Result<Session, ClientError> {
        Ok(self.session(self.create_session_state(session).await?.id))
    }

    /// As [`create_session`](Self::create_session), but returns the state of the session.
    ///
    /// # Errors
    ///
    /// Returns an error for the same reasons as [`create_session`](Self::create_session).
    pub async fn create_session_state(&self, session: &NewSession) -> Result<SessionInfo, ClientError> {
        self.post_json("creating a session", RequestPath::new("sessions"), session.to_json()).await
    }

    /// The session with this id. Does not send a request.
    pub fn session(&self, id: impl Into<String>) -> Session {
        Session::new(self.clone(), id.into())
    }

    /// Lists the sessions that match `filter`.
    ///
    /// # Errors
    ///
    /// Returns an error if a request fails.
    pub async fn sessions(&self, filter: &SessionFilter) -> Result<Vec<SessionInfo>, ClientError> {
        self.list("listing sessions", filter.add_to(RequestPath::new("sessions"))).await
    }
}
