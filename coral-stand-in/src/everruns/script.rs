//! What the agent of a stand-in does.

use serde_json::Value;

/// One step of an agent in a turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Step(pub(super) Act);

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Act {
    Calls(Vec<(String, Value)>),
    Settled(String, Value),
    Says(String),
    Fails { code: String, message: String },
    Seals(String),
    Pauses,
    Holds,
}

impl Step {
    /// It calls these tools of the client at one time, and goes on when they are answered.
    pub fn calls<N: Into<String>>(calls: impl IntoIterator<Item = (N, Value)>) -> Self {
        Self(Act::Calls(calls.into_iter().map(|(name, arguments)| (name.into(), arguments)).collect()))
    }

    /// It calls a tool, and the platform settles the call itself, by a policy, or because the tool is its own: the client is
    /// told of it, and asked for nothing.
    pub fn settled_call(name: impl Into<String>, arguments: Value) -> Self {
        Self(Act::Settled(name.into(), arguments))
    }

    /// It says this to the user.
    pub fn says(text: impl Into<String>) -> Self {
        Self(Act::Says(text.into()))
    }

    /// The turn fails, and with that ends.
    pub fn fails(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self(Act::Fails { code: code.into(), message: message.into() })
    }

    /// The platform stops the turn, such as for `no_progress`.
    pub fn is_sealed(reason: impl Into<String>) -> Self {
        Self(Act::Seals(reason.into()))
    }

    /// A budget is spent: the session is paused.
    pub fn exhausts_a_budget() -> Self {
        Self(Act::Pauses)
    }

    /// It takes as long as the test likes: until [`StandIn::release`](super::StandIn::release). The turn is active meanwhile.
    pub fn holds() -> Self {
        Self(Act::Holds)
    }
}
