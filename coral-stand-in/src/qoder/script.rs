//! The script of a model.

use serde_json::Value;

/// One step of a model in a turn.
#[derive(Debug, Clone)]
pub struct Step(pub(super) Action);

#[derive(Debug, Clone)]
pub(super) enum Action {
    Calls(Vec<(String, Value)>),
    Permission { calls: Vec<(String, Value)>, tool: String },
    Message(String),
    Event(Value),
    WaitForResults(Vec<String>),
    Stop(Option<String>),
    EndSession(&'static str),
}

impl Step {
    /// Calls tools of the application in parallel, and waits for their results.
    #[must_use]
    pub fn calls<'a>(calls: impl IntoIterator<Item = (&'a str, Value)>) -> Self {
        Self(Action::Calls(owned(calls)))
    }

    /// Sends a message to the user.
    #[must_use]
    pub fn message(text: &str) -> Self {
        Self(Action::Message(text.to_owned()))
    }

    /// Calls a built-in tool that needs the confirmation of a person, together with `calls` of the application's tools.
    #[must_use]
    pub fn permission_request<'a>(tool: &str, calls: impl IntoIterator<Item = (&'a str, Value)>) -> Self {
        Self(Action::Permission { calls: owned(calls), tool: tool.to_owned() })
    }

    /// Sends an arbitrary event. It gets an id if it has none.
    #[must_use]
    pub fn event(event: Value) -> Self {
        Self(Action::Event(event))
    }

    /// Requires results for these ids, even if such calls do not exist.
    #[must_use]
    pub fn requires_action<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        Self(Action::WaitForResults(ids.into_iter().map(str::to_owned).collect()))
    }

    /// Ends the turn with this `stop_reason`, including open calls.
    #[must_use]
    pub fn stop(reason: &str) -> Self {
        Self(Action::Stop(Some(reason.to_owned())))
    }

    /// Ends the turn without a `stop_reason`.
    #[must_use]
    pub fn stop_without_reason() -> Self {
        Self(Action::Stop(None))
    }

    /// Terminates the session.
    #[must_use]
    pub fn session_terminated() -> Self {
        Self(Action::EndSession("session.status_terminated"))
    }

    /// Terminates the session with the event type of older servers.
    #[must_use]
    pub fn session_terminated_legacy() -> Self {
        Self(Action::EndSession("terminated"))
    }

    /// Deletes the session.
    #[must_use]
    pub fn session_deleted() -> Self {
        Self(Action::EndSession("session.deleted"))
    }
}

fn owned<'a>(calls: impl IntoIterator<Item = (&'a str, Value)>) -> Vec<(String, Value)> {
    calls.into_iter().map(|(tool, input)| (tool.to_owned(), input)).collect()
}
