//! [`ResultSizeLimit`].

use super::{Middleware, Next};
use crate::context::Context;
use crate::toolset::Outcome;

/// A limit for the size of results, below that of the toolset. A larger result is dropped, and the agent reads how large it was
/// and that it should ask for less.
///
/// The limit of the toolset, [`Toolset::max_result_bytes`](crate::Toolset::max_result_bytes), is 1 MiB by default. That is a
/// protection of the application; the context of a model is smaller.
///
/// ```
/// use coral_tools::middleware::ResultSizeLimit;
/// use coral_tools::{Toolset, coral_tool, toolset};
///
/// /// Returns the log of a day.
/// #[coral_tool(read_only)]
/// fn read_log(day: String) -> String {
///     format!("{day}: nothing happened")
/// }
///
/// let tools: Toolset = toolset![read_log].with_for::<read_log>(ResultSizeLimit::new(64 * 1024));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ResultSizeLimit {
    max_bytes: usize,
}

impl ResultSizeLimit {
    /// Allows results of this number of bytes of JSON.
    #[must_use]
    pub fn new(max_bytes: usize) -> Self {
        Self { max_bytes }
    }
}

impl<S: Sync> Middleware<S> for ResultSizeLimit {
    async fn call(&self, _context: &Context<'_, S>, next: Next<'_, S>) -> Outcome {
        next.run().await.within(self.max_bytes)
    }
}
