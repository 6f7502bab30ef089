//! The interface between the loop and a platform.

use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::call::CallOrigin;
use crate::platform::event::{SubmitReport, ToolResult, TurnEvent};
use crate::platform::turn::RunError;

/// One session on a platform, as the loop reads it and submits results to it.
///
/// An implementation keeps its own cursor into the platform's events and reconnects by itself.
pub(super) trait Platform: Send {
    /// How the platform treats the calls of a batch.
    fn policy(&self) -> BatchRules;

    /// The session's id.
    fn session_id(&self) -> &str;

    /// Reads the session's history. Returns the events of the current turn that are still to be handled, with the calls that
    /// wait for results; or, if no turn runs, those of the last turn and its end.
    fn recover(&mut self) -> BoxFuture<'_, Result<Vec<TurnEvent>, RunError>>;

    /// Prepares for [`send`](Self::send): finds the present end of the platform's events, unless the platform reports it in its
    /// response to the message.
    fn prepare(&mut self) -> BoxFuture<'_, Result<(), RunError>>;

    /// Sends a message to the agent, which starts a turn.
    fn send<'a>(&'a mut self, message: &'a str) -> BoxFuture<'a, Result<(), RunError>>;

    /// Waits for the next event.
    fn next_event(&mut self) -> BoxFuture<'_, Result<TurnEvent, RunError>>;

    /// Submits the results of a batch.
    fn submit<'a>(&'a mut self, results: &'a [ToolResult]) -> BoxFuture<'a, Result<SubmitReport, RunError>>;
}

/// How a platform treats the calls of a batch.
#[derive(Debug, Clone, Copy)]
pub(super) struct BatchRules {
    /// The platform, for [`CallContext::origin`](crate::CallContext::origin).
    pub(super) origin: CallOrigin,
    /// Whether a client may submit results for only some of the calls.
    pub(super) accepts_partial: bool,
    /// How long the calls of a batch may take together.
    pub(super) timeout: Duration,
    /// The largest size of the submitted results of a batch.
    pub(super) max_bytes: usize,
    /// Arguments that the platform adds; they are removed unless the tool declares them.
    pub(super) injected_arguments: &'static [&'static str],
}
