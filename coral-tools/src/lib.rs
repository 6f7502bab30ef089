//! coral-tools

// So that the paths that the macros write hold in this crate's own tests, too.
#[allow(unused_extern_crates, reason = "used by the paths that the macros write")]
extern crate self as coral_tools;

mod context;
mod error;
mod extract;
pub mod schema;
mod tool;
mod toolset;

pub use coral_tools_derive::coral_tool;
#[doc(no_inline)]
pub use {schemars, serde, serde_json};

pub use self::context::{AgentName, CallContext, Context, FromContext, Namespace, SessionId};
pub use self::error::ToolError;
pub use self::extract::{Extension, FromRef, State};
pub use self::tool::{Definition, Descriptor, Handler, Hints, Reply, Tool};
pub use self::toolset::{BuildError, BuildErrors, Call, Origin, Outcome, Toolset, ToolsetBuilder};

/// What the macros write against. Not public API.
#[doc(hidden)]
pub mod __ {
    pub use core::default::Default;
    pub use core::fmt::{Debug, Formatter, Result as FmtResult};
    pub use core::future::Future;
    pub use core::marker::{Send, Sync};
    pub use core::option::Option;
    pub use core::result::Result;
    pub use core::time::Duration;
    pub use core::{concat, primitive, stringify};

    pub use coral_tools_derive::toolset;
    pub use serde::de::{Error, MapAccess};
    pub use serde::ser::SerializeStruct;
    pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
    pub use serde_json::Value;

    pub use crate::context::{Context, FromContext};
    pub use crate::error::ToolError;
    pub use crate::schema::{Bound, Limit};
    pub use crate::tool::private::{
        AnyKind, Described, Fits, Json, Named, NotJson, NotNamed, Output, Parameter, Parameters, Plain, Readable,
        Returned, ValueOf, blocking, context, deserialize, distinct, fits, output, stub, value,
    };
    pub use crate::tool::{Definition, Handler, Reply, Tool};
    use crate::toolset::{Toolset, ToolsetBuilder};

    /// A set of tools. A function pointer, because the compiler then takes `S` from where the set goes before it looks at
    /// the tools.
    pub fn tools<S>(add: fn(ToolsetBuilder<S>) -> ToolsetBuilder<S>) -> Toolset<S> {
        add(Toolset::builder()).keep()
    }
}

/// A [`Toolset`] of the named tools, in this order.
#[macro_export]
macro_rules! toolset {
    ($($tool:tt)*) => { $crate::__::toolset!($crate; $($tool)*) };
}
