//! [`FromCall`].

use super::error::NextCallError;
use crate::store::RecordedCall;
use crate::tool::{Tool, read_arguments};

/// A value that is read from a recorded call: the arguments of a tool, [`Received`](super::Received), or one of several tools.
///
/// [`OneOf2`](super::OneOf2) to [`OneOf4`](super::OneOf4) select among tools. An enum of your own has names instead of numbers:
///
/// ```
/// use coral_tools::calls::{FromCall, NextCallError};
/// use coral_tools::coral_tool;
/// use coral_tools::store::RecordedCall;
///
/// /// Submits the report.
/// #[coral_tool]
/// fn submit_report(title: String);
///
/// /// Gives up, with the reason.
/// #[coral_tool]
/// fn give_up(reason: String);
///
/// enum ReportOrReason {
///     Report(submit_report),
///     Reason(give_up),
/// }
///
/// impl FromCall for ReportOrReason {
///     fn tools() -> Vec<&'static str> {
///         vec!["submit_report", "give_up"]
///     }
///
///     fn from_call(call: RecordedCall) -> Result<Self, NextCallError> {
///         match &*call.tool {
///             "give_up" => give_up::from_call(call).map(Self::Reason),
///             _ => submit_report::from_call(call).map(Self::Report),
///         }
///     }
/// }
/// ```
pub trait FromCall: Sized + Send + 'static {
    /// Returns the names of the tools whose calls can be read.
    fn tools() -> Vec<&'static str>;

    /// Reads a call of one of the tools.
    ///
    /// # Errors
    ///
    /// Returns [`NextCallError::Arguments`] if the arguments do not match the type.
    fn from_call(call: RecordedCall) -> Result<Self, NextCallError>;
}

/// The arguments of a tool, with the same defaults and conversions as in a call of its function.
impl<T: Tool> FromCall for T {
    fn tools() -> Vec<&'static str> {
        vec![T::NAME]
    }

    fn from_call(call: RecordedCall) -> Result<Self, NextCallError> {
        let arguments = read_arguments(&call.arguments);
        arguments.map_err(|problems| NextCallError::Arguments { call: Box::new(call), problems })
    }
}
