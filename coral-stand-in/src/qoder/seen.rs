//! What agents read.

/// What the agent read of an answer.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Seen {
    /// The session.
    pub session: String,
    /// The call.
    pub call: String,
    /// The tool.
    pub tool: String,
    /// The text of the answer.
    pub text: String,
    /// Whether it is an error.
    pub is_error: bool,
}
