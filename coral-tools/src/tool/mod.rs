//! [`Tool`] and [`Handler`]: how a tool is described and run.

mod deferred;
mod definition;
mod delivery;
mod descriptor;
mod dynamic;
mod icon;
#[doc(hidden)]
pub(crate) mod macro_support;
mod method;
mod output;
mod recorded_arguments;
mod registered;
mod runner;

use std::future::Future;

use serde::de::DeserializeOwned;

pub use self::deferred::Deferred;
pub use self::definition::{Definition, InputSource, with_schemas};
pub use self::descriptor::{Descriptor, Hints};
pub use self::dynamic::DynamicTool;
pub use self::icon::Icon;
pub use self::method::{IntoArc, MethodHandler, SharedValue};
pub use self::output::Reply;

pub(crate) use self::deferred::DeferredReply;
pub(crate) use self::delivery::{Delivery, result_tool_name};
pub(crate) use self::output::ResultWrapping;
pub(crate) use self::recorded_arguments::read_arguments;
pub(crate) use self::registered::RegisteredTool;
pub(crate) use self::runner::CallError;

use crate::context::Context;
use crate::error::ToolError;

/// A tool: the type of its arguments, and its description for agents.
///
/// `#[coral_tool]` implements it for a struct with the name of the function. Without the macro, derive
/// [`Deserialize`](serde::Deserialize) and [`JsonSchema`](schemars::JsonSchema) and implement the rest:
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
    /// The name of the tool: `[A-Za-z_][A-Za-z0-9_-]{0,63}`, not starting with `coral_` or `mcp_`.
    const NAME: &'static str;

    /// Returns the description of the tool for agents, and its timeout.
    fn definition() -> Definition;
}

/// A [`Tool`] that can be run in an application whose state is `S`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tool of an application whose state is `{S}`",
    label = "not a tool of this application",
    note = "a tool is a function with `#[coral_tool]`, named without parentheses, or a type with `impl Tool` and `impl Handler`"
)]
pub trait Handler<S>: Tool {
    /// Runs the tool with these arguments.
    fn call(self, context: &Context<'_, S>) -> impl Future<Output = Result<Reply, ToolError>> + Send;
}
