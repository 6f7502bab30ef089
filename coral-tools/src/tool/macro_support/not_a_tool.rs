//! A name in `toolset!` that is a function, but not a tool.

use serde::de::{Deserialize, Deserializer};

use super::run::stub;
use crate::context::Context;
use crate::error::ToolError;
use crate::tool::output::Reply;
use crate::tool::{Definition, Handler, Tool};

/// The type of a name that is not a type. It is a tool for every state, so that its only error is that of
/// [`check_tool`](super::check_tool).
#[derive(Debug)]
#[non_exhaustive]
pub struct NotATool {}

impl NotATool {
    /// A name that no tool can have.
    pub(super) const NAME: &'static str = "()";
}

impl<'de> Deserialize<'de> for NotATool {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        stub()
    }
}

impl Tool for NotATool {
    const NAME: &'static str = Self::NAME;

    fn definition() -> Definition {
        stub()
    }
}

impl<S: Sync> Handler<S> for NotATool {
    async fn call(self, _: &Context<'_, S>) -> Result<Reply, ToolError> {
        stub()
    }
}
