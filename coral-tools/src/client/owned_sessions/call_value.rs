//! The value of the session that a call belongs to.

use std::sync::Arc;

use uuid::Uuid;

use super::entries::FindError;
use super::registration::URL_PARAMETER;
use super::sessions::Sessions;
use crate::context::Context;
use crate::error::ToolError;
use crate::telemetry::call_event;

impl<T> Sessions<T> {
    /// Returns the value of the session that a call, or the report of a session's end, belongs to. For context parameters of your
    /// own; `SessionValue<T>` is a ready-made one for applications with axum.
    ///
    /// The session is found by the key in the query of the URL, or by its id if there is none. A session whose end is reported is
    /// forgotten one minute later.
    ///
    /// ```
    /// use coral_tools::{Context, FromContext, Sessions, ToolError};
    ///
    /// struct Job {
    ///     user: String,
    /// }
    ///
    /// /// The user that a session works for.
    /// struct User(String);
    ///
    /// impl FromContext<Sessions<Job>> for User {
    ///     async fn from_context(context: &Context<'_, Sessions<Job>>) -> Result<Self, ToolError> {
    ///         let job = context.state().call_value(context)?;
    ///         Ok(Self(job.user.clone()))
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the session is unknown, or is not that of the key: [`ToolError::unknown_session`], or the
    /// [message](Self::unknown_session_message) for agents.
    pub fn call_value<S>(&self, context: &Context<'_, S>) -> Result<Arc<T>, ToolError> {
        self.find(context).ok_or_else(|| match &self.unknown_session_message {
            Some(message) => ToolError::new(&**message),
            None => ToolError::unknown_session(),
        })
    }

    pub(super) fn find<S>(&self, context: &Context<'_, S>) -> Option<Arc<T>> {
        let session_id = context.session_id()?;
        let entries = &self.shared.entries;
        let (key, value) = match key(context.query()) {
            CallKey::Absent => entries.find(session_id)?,
            CallKey::Invalid => return None,
            CallKey::Key(key) => match entries.find_key(key, session_id) {
                Ok(value) => (key, value),
                Err(FindError::Unknown) => return None,
                Err(FindError::OtherSession) => {
                    call_event!(warn, context.call(), "the URL of a call is that of another session");
                    return None;
                }
            },
        };
        if context.is_session_end() {
            entries.record_end(key);
        }
        Some(value)
    }
}

/// The key in the query of a URL.
enum CallKey {
    Absent,
    Invalid,
    Key(Uuid),
}

/// Servers ignore the case of the names of parameters.
fn key(query: Option<&str>) -> CallKey {
    let pairs = query.unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
    let mut values = pairs.filter(|(name, _)| name.eq_ignore_ascii_case(URL_PARAMETER)).map(|(_, value)| value);
    match (values.next(), values.next()) {
        (None, _) => CallKey::Absent,
        (Some(value), None) => Uuid::try_parse(value).map_or(CallKey::Invalid, CallKey::Key),
        (Some(_), Some(_)) => CallKey::Invalid,
    }
}
