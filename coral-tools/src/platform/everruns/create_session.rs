//! Creating sessions, and finding them again.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::client::Everruns;
use super::new_session::NewSession;
use super::session::Session;
use super::session_state::SessionState;
use crate::api::{Call, ClientError, Path};
use crate::json::DecodeError;

const REASON: &str = "everruns-change-reason";
const CREATING: &str = "creating a session";

impl Everruns {
    /// Creates a session. It is never created twice: what may have reached the server is not sent again.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the request, before anything is sent. Where the server refuses. Where it created a
    /// session that lacks some of the tools: so do servers that are too old for client-side tools; the error has its id.
    pub async fn create_session(&self, request: &NewSession) -> Result<Session, ClientError> {
        let body = request.to_json().map_err(|errors| ClientError::request(CREATING, errors))?;
        let call = Call::post(CREATING, Path::new("v1/sessions"), &body);
        let call = match &request.reason {
            Some(reason) => call.with_header(REASON, utf8_percent_encode(reason, NON_ALPHANUMERIC).to_string()),
            None => call,
        };
        let created: SessionState = self.transport().send(&call).await?.read()?;
        took_tools(request, &created).map_err(|error| ClientError::unreadable(CREATING, error))?;
        Ok(self.session(created.id))
    }

    /// The session of this id. Nothing is sent.
    pub fn session(&self, id: impl Into<String>) -> Session {
        Session::new(self.clone(), id.into())
    }
}

/// Whether the session has the tools that were asked for: servers ignore what they do not know.
fn took_tools(request: &NewSession, created: &SessionState) -> Result<(), DecodeError> {
    let Some(tools) = request.client_tools() else { return Ok(()) };
    let missing: Vec<_> = tools.names().filter(|name| !created.tools.iter().any(|tool| tool == name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let (missing, id) = (missing.join("`, `"), &created.id);
    let fault = format!(
        "the server did not take `{missing}`; it may be too old for client-side tools. Session {id} was created without, and \
         can be deleted"
    );
    Err(DecodeError::new(fault).in_field("tools"))
}
