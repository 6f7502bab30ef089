//! What a tool is: a type of arguments with a [`Definition`], and a [`Handler`] that runs it.

mod arguments;
mod definition;
mod descriptor;
mod name;
mod output;
mod parameter;
mod registered;

// What the macros write against: public for them, and shown to no one.
#[doc(hidden)]
mod distinct;
#[doc(hidden)]
mod fits;
#[doc(hidden)]
mod returned;
mod start;
#[doc(hidden)]
mod stub;
#[doc(hidden)]
mod value;

use std::future::Future;

use serde::de::DeserializeOwned;

pub use self::definition::Definition;
pub use self::descriptor::{Descriptor, Hints};
pub use self::output::Reply;

pub(crate) use self::registered::{CallError, RegisteredTool};

/// What the macros write against, by way of `coral_tools::__`.
pub(crate) mod private {
    pub use super::arguments::{Parameters, Readable, deserialize};
    pub use super::distinct::{Entry, Named, NotNamed, distinct, entry};
    pub use super::fits::{AnyKind, Fits, context, fits};
    pub use super::parameter::{Described, Parameter};
    pub use super::returned::{Failure, Output, Plain, Promised, Returned, Written, output};
    pub use super::start::{a_tool_holds_only_send_values_across_await, blocking};
    pub use super::stub::stub;
    pub use super::value::{Json, NotJson, ValueOf, value};
}

use crate::context::Context;
use crate::error::ToolError;

/// A tool: the type of its arguments, and how agents are told about it.
///
/// `#[coral_tool]` implements it for the struct that it names after the function. By hand, derive
/// [`Deserialize`](serde::Deserialize) and [`JsonSchema`](schemars::JsonSchema) and say the rest:
///
/// ```
/// use coral_tools::{Context, Definition, Handler, Reply, Tool, ToolError, Toolset, toolset};
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Deserialize, JsonSchema)]
/// struct Convert {
///     /// Degrees Celsius.
///     celsius: f64,
/// }
///
/// #[derive(Serialize, JsonSchema)]
/// struct Converted { fahrenheit: f64 }
///
/// impl Tool for Convert {
///     const NAME: &'static str = "convert";
///     fn definition() -> Definition {
///         Definition::new("Converts a temperature.").takes::<Self>().returns::<Converted>().read_only(true)
///     }
/// }
///
/// impl<S: Sync> Handler<S> for Convert {
///     async fn call(self, _context: &Context<'_, S>) -> Result<Reply, ToolError> {
///         Reply::json(&Converted { fahrenheit: self.celsius * 1.8 + 32.0 })
///     }
/// }
///
/// let tools: Toolset = toolset![Convert];
/// ```
pub trait Tool: DeserializeOwned + Send + 'static {
    /// The name that agents call it by: `[A-Za-z_][A-Za-z0-9_-]{0,63}`, not starting with `coral_` or `mcp_`.
    const NAME: &'static str;

    /// Everything that agents are told about the tool, and its deadline.
    fn definition() -> Definition;
}

/// A [`Tool`] that can be run in an application whose state is `S`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tool of an application whose state is `{S}`",
    label = "not a tool here",
    note = "a tool is a function with `#[coral_tool]`, named without parentheses, or a type with `impl Tool` and `impl Handler`"
)]
pub trait Handler<S>: Tool {
    /// Runs the tool with these arguments.
    fn call(self, context: &Context<'_, S>) -> impl Future<Output = Result<Reply, ToolError>> + Send;
}
