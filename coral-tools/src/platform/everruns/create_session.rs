//! Creates sessions.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::api::{ClientError, HttpRequest, RequestPath};
use crate::json::DecodeError;
use crate::platform::everruns::client::Everruns;
use crate::platform::everruns::new_session::NewSession;
use crate::platform::everruns::session::Session;
use crate::platform::everruns::session_info::SessionInfo;

const REASON: &str = "everruns-change-reason";
const CREATING: &str = "creating a session";

impl Everruns {
    /// Creates a session. A request that may have been processed is not retried, so that no second session is created.
    ///
    /// # Errors
    ///
    /// Returns an error if the request is invalid, with every problem, before it is sent; if the server rejects it; or if the
    /// server creates the session without some of the tools, as servers do that are too old for client-side tools. The error
    /// then contains the session's id.
    pub async fn create_session(&self, request: &NewSession) -> Result<Session, ClientError> {
        let body = request.to_json().map_err(|errors| ClientError::invalid_request(CREATING, errors))?;
        let call = HttpRequest::post(CREATING, RequestPath::new("v1/sessions"), &body);
        let call = match &request.reason {
            Some(reason) => call.with_header(REASON, utf8_percent_encode(reason, NON_ALPHANUMERIC).to_string()),
            None => call,
        };
        let created: SessionInfo = self.transport().send(&call).await?.read()?;
        check_tools(request, &created).map_err(|error| ClientError::invalid_response(CREATING, error))?;
        Ok(self.session(created.id))
    }

    /// The session with this id. Does not send a request.
    pub fn session(&self, id: impl Into<String>) -> Session {
        Session::new(self.clone(), id.into())
    }
}

/// Checks that the session has the requested tools: servers ignore fields that they do not know.
fn check_tools(request: &NewSession, created: &SessionInfo) -> Result<(), DecodeError> {
    let Some(tools) = request.client_tools() else { return Ok(()) };
    let missing: Vec<_> = tools.names().filter(|name| !created.tools.iter().any(|tool| tool == name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let (missing, id) = (missing.join("`, `"), &created.id);
    let problem = format!(
        "the server ignored `{missing}`; it may be too old for client-side tools. Session {id} was created without them \
         and can be deleted"
    );
    Err(DecodeError::new(problem).in_field("tools"))
}
