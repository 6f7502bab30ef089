//! The point at which an agent waits for a test to release it.

use super::decode::ToolResult;

/// The continuation after the release.
pub(super) enum HoldPoint {
    /// The start of the turn.
    TurnStart,
    /// The next step.
    NextStep,
    /// The completion of these accepted results, and then the next step.
    RemainingResults(Vec<ToolResult>),
}
