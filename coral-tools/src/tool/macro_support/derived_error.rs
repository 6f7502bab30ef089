//! Errors with `#[derive(IntoToolError)]`.

use std::error::Error;

use crate::error::ToolError;

/// The message that the agent reads.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum AgentMessage {
    /// The error's own `Display`.
    Display,
    Fixed(&'static str),
    /// The generic message.
    Internal,
    UnknownSession,
}

/// A type that implements [`Error`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement `std::error::Error`, which `#[derive(IntoToolError)]` requires",
    label = "needs `std::error::Error`",
    note = "derive both, with a message on each variant: `#[derive(Debug, thiserror::Error, coral_tools::IntoToolError)]`",
    note = "or implement `std::fmt::Display` and `std::error::Error`"
)]
pub trait ImplementsError: Error {}

#[diagnostic::do_not_recommend]
impl<E: Error> ImplementsError for E {}

/// A type that a log can receive from any thread. One trait, so that an `Rc` in it is one error.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not `Send + Sync + 'static`, which `#[derive(IntoToolError)]` requires",
    label = "not `Send + Sync + 'static`",
    note = "use owned values, `Arc` instead of `Rc`, `Mutex` instead of `RefCell`, and \
            `Box<dyn Error + Send + Sync>` instead of `Box<dyn Error>` in it"
)]
pub trait ThreadSafe: Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<E: Send + Sync + 'static> ThreadSafe for E {}

/// Converts an error, which becomes the source for the log.
pub fn derived_error<E: ImplementsError + ThreadSafe>(error: E, message: AgentMessage) -> ToolError {
    match message {
        AgentMessage::Display => ToolError::new(error.to_string()).with_source(error),
        AgentMessage::Fixed(text) => ToolError::new(text).with_source(error),
        AgentMessage::Internal => ToolError::internal(error),
        AgentMessage::UnknownSession => ToolError::unknown_session().with_source(error),
    }
}
