//! Values that the loop exchanges with a platform adapter.

use std::sync::Arc;

/// One event of a turn.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TurnEvent {
    /// The platform waits for the results of these calls, none of which has a result yet.
    ToolCalls(Vec<ToolCall>),
    /// The agent sent a message to the user.
    Message(String),
    /// The turn is over.
    Ended(TurnOutcome),
}

/// A tool call of an agent.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ToolCall {
    /// The platform's id of the call.
    pub(super) id: String,
    /// Sequence number of the event that first requested the call, on platforms where ids may repeat: model providers may
    /// use an id again in another round, and that is another call.
    pub(super) sequence: Option<u64>,
    /// The tool's name.
    pub(super) tool: String,
    /// The arguments, as JSON.
    pub(super) arguments: Vec<u8>,
}

/// How the platform ended a turn.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TurnOutcome {
    /// The agent finished.
    Done,
    /// The turn was cancelled.
    Cancelled,
    /// The turn failed.
    Failed {
        /// The platform's error code.
        code: Option<String>,
        /// The platform's error message.
        message: String,
    },
}

/// The result of a tool call, as the agent reads it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ToolResult {
    /// The id of the call.
    pub(super) call_id: String,
    /// JSON: the value that the tool returned, or an error.
    pub(super) json: Arc<[u8]>,
    /// Whether `json` is an error.
    pub(super) is_error: bool,
}

/// The platform's reaction to submitted results.
#[derive(Debug, Default)]
pub(super) struct SubmitReport {
    /// The ids of calls whose results came too late.
    pub(super) late: Vec<String>,
    /// Results that were submitted instead of those that the platform rejected.
    pub(super) replaced: Vec<ToolResult>,
}
