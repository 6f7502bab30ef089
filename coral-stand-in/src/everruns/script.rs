//! The script of an agent.

use serde_json::Value;

/// One step of an agent in a turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Step(pub(super) Action);

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Action {
    Calls(Vec<(String, Value)>),
    ServerSideCall(String, Value),
    Message(String),
    Failure { code: String, message: String },
    Sealed(String),
    BudgetExhausted,
    Hold,
}

impl Step {
    /// The agent calls these tools of the client in parallel, and waits for their results.
    pub fn calls<N: Into<String>>(calls: impl IntoIterator<Item = (N, Value)>) -> Self {
        Self(Action::Calls(calls.into_iter().map(|(name, arguments)| (name.into(), arguments)).collect()))
    }

    /// The agent calls a tool that the platform runs itself, or rejects by a policy. Events report the call, but no result is
    /// requested from the client.
    pub fn server_side_call(name: impl Into<String>, arguments: Value) -> Self {
        Self(Action::ServerSideCall(name.into(), arguments))
    }

    /// The agent sends this message to the user.
    pub fn message(text: impl Into<String>) -> Self {
        Self(Action::Message(text.into()))
    }

    /// The turn fails, which ends it.
    pub fn failure(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self(Action::Failure { code: code.into(), message: message.into() })
    }

    /// The platform ends the turn, for a reason such as `no_progress`.
    pub fn sealed(reason: impl Into<String>) -> Self {
        Self(Action::Sealed(reason.into()))
    }

    /// A budget is used up, which pauses the session.
    pub fn budget_exhausted() -> Self {
        Self(Action::BudgetExhausted)
    }

    /// The agent waits until [`EverrunsStandIn::release`](super::EverrunsStandIn::release). The turn is active meanwhile.
    pub fn hold() -> Self {
        Self(Action::Hold)
    }
}
