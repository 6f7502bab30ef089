//! What an agent does not do before a test lets it go.

use super::decode::ToolResult;

/// What is next once it is let go.
pub(super) enum Held {
    /// The beginning of the turn.
    Beginning,
    /// The next step.
    Step,
    /// These answers, which have been accepted, and then the next step.
    Results(Vec<ToolResult>),
}
