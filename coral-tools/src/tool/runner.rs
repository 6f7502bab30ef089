//! [`RunTool`]: runs a tool that has a value.

use futures_util::future::BoxFuture;

use super::output::Reply;
use crate::context::Context;
use crate::error::ToolError;
use crate::schema::{InputSchema, Problem};

/// Why a call returned no value.
#[derive(Debug)]
pub(crate) enum CallError {
    /// The arguments are invalid; the tool did not run.
    Arguments(Vec<Problem>),
    Tool(ToolError),
}

/// The value of a tool, which runs it.
pub(crate) trait RunTool<S>: Send + Sync {
    fn run<'a>(
        &'a self,
        input: &'a InputSchema,
        context: &'a Context<'a, S>,
    ) -> BoxFuture<'a, Result<Reply, CallError>>;
}
