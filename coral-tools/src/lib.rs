//! coral-tools

mod context;
#[cfg(feature = "dev")]
pub mod dev;
mod error;
mod extract;
pub mod schema;
mod session;
mod tool;
mod toolset;
#[cfg(feature = "webhook")]
pub mod webhook;

pub use coral_tools_derive::coral_tool;
#[doc(no_inline)]
pub use {schemars, serde, serde_json};

pub use self::context::{AgentName, CallContext, Context, FromContext, Namespace, SessionId};
pub use self::error::ToolError;
pub use self::extract::{Extension, FromRef, State};
pub use self::session::{BaseUrl, CustomTools, Dialect};
pub use self::tool::{Definition, Descriptor, Handler, Hints, Reply, Tool};
pub use self::toolset::{BuildError, BuildErrors, Call, Origin, Outcome, Toolset, ToolsetBuilder};

#[cfg(feature = "webhook")]
pub use self::webhook::{Secret, SecretError, Webhooks};

/// What the macros write against. Not public API.
#[doc(hidden)]
pub mod __ {
    pub use crate::schema::{Bound, Limit, SchemaFn};
    pub use crate::tool::private::*;
    pub use coral_tools_derive::toolset;
    pub use {schemars, serde, serde_json};
}

/// A [`Toolset`] of the named tools, in this order.
#[macro_export]
macro_rules! toolset {
    ($($tool:tt)*) => { $crate::__::toolset!($crate; $($tool)*) };
}
