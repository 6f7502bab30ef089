//! [`OneOf2`], [`OneOf3`], [`OneOf4`]: the first call of one of several tools.

use super::error::NextCallError;
use super::from_call::FromCall;
use crate::store::{RecordedCall, StoreError};

macro_rules! one_of {
    ($(#[$docs:meta])* $name:ident { $($(#[$variant_docs:meta])* $variant:ident($tool:ident),)* }) => {
        $(#[$docs])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(clippy::exhaustive_enums, reason = "there are no other tools")]
        pub enum $name<$($tool),*> {
            $($(#[$variant_docs])* $variant($tool),)*
        }

        impl<$($tool: FromCall),*> FromCall for $name<$($tool),*> {
            fn tools() -> Vec<&'static str> {
                [$($tool::tools()),*].concat()
            }

            fn from_call(call: RecordedCall) -> Result<Self, NextCallError> {
                $(
                    if $tool::tools().contains(&&*call.tool) {
                        return $tool::from_call(call).map(Self::$variant);
                    }
                )*
                Err(another_tool(call))
            }
        }
    };
}

one_of! {
    /// A call of one of two tools.
    ///
    /// ```
    /// use coral_tools::calls::{NextCallError, OneOf2, SessionCalls};
    /// use coral_tools::coral_tool;
    ///
    /// /// Submits the report.
    /// #[coral_tool]
    /// fn submit_report(title: String);
    ///
    /// /// Gives up, with the reason.
    /// #[coral_tool]
    /// fn give_up(reason: String);
    ///
    /// async fn title(calls: &SessionCalls) -> Result<Option<String>, NextCallError> {
    ///     match calls.next_call::<OneOf2<submit_report, give_up>>().await? {
    ///         OneOf2::First(report) => Ok(Some(report.title)),
    ///         OneOf2::Second(_) => Ok(None),
    ///     }
    /// }
    /// ```
    OneOf2 {
        /// A call of the first tool.
        First(A),
        /// A call of the second tool.
        Second(B),
    }
}

one_of! {
    /// A call of one of three tools. [`OneOf2`] has an example.
    OneOf3 {
        /// A call of the first tool.
        First(A),
        /// A call of the second tool.
        Second(B),
        /// A call of the third tool.
        Third(C),
    }
}

one_of! {
    /// A call of one of four tools. [`OneOf2`] has an example.
    OneOf4 {
        /// A call of the first tool.
        First(A),
        /// A call of the second tool.
        Second(B),
        /// A call of the third tool.
        Third(C),
        /// A call of the fourth tool.
        Fourth(D),
    }
}

/// The error of a store that has returned a call of a tool that was not awaited.
fn another_tool(call: RecordedCall) -> NextCallError {
    let error = StoreError::failed(format!("it returned a call of `{}`, which was not awaited", call.tool));
    NextCallError::Store { error, session_id: call.session_id }
}
