//! What the model does.

use serde_json::Value;

/// One thing that the model does in a turn.
#[derive(Debug, Clone)]
pub struct Step(pub(super) Act);

#[derive(Debug, Clone)]
pub(super) enum Act {
    Calls(Vec<(String, Value)>),
    Permission { calls: Vec<(String, Value)>, tool: String },
    Says(String),
    Tells(Value),
    Waits(Vec<String>),
    Stops(Option<String>),
    Ends(&'static str),
}

impl Step {
    /// Calls tools of the application, all at once, and waits for the answers.
    #[must_use]
    pub fn calls<'a>(calls: impl IntoIterator<Item = (&'a str, Value)>) -> Self {
        Self(Act::Calls(owned(calls)))
    }

    /// Says something to the user.
    #[must_use]
    pub fn says(text: &str) -> Self {
        Self(Act::Says(text.to_owned()))
    }

    /// Wants to use a tool of its own for which a person is asked, beside calls of the application's.
    #[must_use]
    pub fn asks_permission<'a>(tool: &str, calls: impl IntoIterator<Item = (&'a str, Value)>) -> Self {
        Self(Act::Permission { calls: owned(calls), tool: tool.to_owned() })
    }

    /// Tells any event, which is given an id if it has none.
    #[must_use]
    pub fn tells(event: Value) -> Self {
        Self(Act::Tells(event))
    }

    /// Waits for answers to these ids, whether there are such calls or not.
    #[must_use]
    pub fn waits_for<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        Self(Act::Waits(ids.into_iter().map(str::to_owned).collect()))
    }

    /// Ends the turn for this reason, with whatever is open.
    #[must_use]
    pub fn stops(reason: &str) -> Self {
        Self(Act::Stops(Some(reason.to_owned())))
    }

    /// Ends the turn and does not say why.
    #[must_use]
    pub fn stops_silently() -> Self {
        Self(Act::Stops(None))
    }

    /// Ends the session.
    #[must_use]
    pub fn terminates() -> Self {
        Self(Act::Ends("session.status_terminated"))
    }

    /// Ends the session, as old servers said it.
    #[must_use]
    pub fn terminates_as_of_old() -> Self {
        Self(Act::Ends("terminated"))
    }

    /// The session is deleted under the agent.
    #[must_use]
    pub fn is_deleted() -> Self {
        Self(Act::Ends("session.deleted"))
    }
}

fn owned<'a>(calls: impl IntoIterator<Item = (&'a str, Value)>) -> Vec<(String, Value)> {
    calls.into_iter().map(|(tool, input)| (tool.to_owned(), input)).collect()
}
