//! Adds [`Middleware`] to a toolset, and sets the size of its results.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Toolset;
use super::middleware::{Middleware, MiddlewareEntry};
use super::scope::Scope;
use crate::build_error::BuildError;
use crate::tool::Tool;

/// # Middleware
///
/// [`Middleware`] runs around the calls of tools, in the same way on every platform. It belongs to the toolset that the functions
/// below return, and to its clones. The set that they were called on, and its other clones, have the same tools, without that
/// middleware.
///
/// The middleware that is added last sees a call first, as with axum's `Router::layer`.
impl<S> Toolset<S> {
    /// Adds middleware for all tools, also those that are inserted later.
    ///
    /// ```
    /// use std::time::Duration;
    /// use coral_tools::middleware::{ConcurrencyLimit, Next, Quota};
    /// use coral_tools::{Context, Outcome, Toolset, toolset};
    ///
    /// async fn measure<S: Sync>(context: &Context<'_, S>, next: Next<'_, S>) -> Outcome {
    ///     let start = std::time::Instant::now();
    ///     let outcome = next.run().await;
    ///     println!("{} took {:?}: {}", context.tool(), start.elapsed(), outcome.label());
    ///     outcome
    /// }
    ///
    /// // A call passes `measure`, then the quota, then the concurrency limit.
    /// let tools: Toolset = toolset![]
    ///     .with(ConcurrencyLimit::new(8))
    ///     .with(Quota::per_session(100, Duration::from_secs(60)))
    ///     .with(measure);
    /// ```
    #[must_use]
    pub fn with(self, middleware: impl Middleware<S>) -> Self {
        self.with_entry(Scope::All, middleware)
    }

    /// Adds middleware for one tool, named by the type of its arguments.
    ///
    /// [`Toolset::check`] returns an error if the set does not contain the tool, or if the middleware cannot be used for it.
    ///
    /// ```
    /// use coral_tools::middleware::ConcurrencyLimit;
    /// use coral_tools::{Toolset, coral_tool, toolset};
    ///
    /// /// Builds the monthly report.
    /// #[coral_tool]
    /// async fn build_report() {}
    ///
    /// let tools: Toolset = toolset![build_report].with_for::<build_report>(ConcurrencyLimit::new(2));
    /// tools.check()?;
    /// # Ok::<(), coral_tools::BuildErrors>(())
    /// ```
    #[must_use]
    pub fn with_for<T: Tool>(self, middleware: impl Middleware<S>) -> Self {
        self.with_for_named(T::NAME, middleware)
    }

    /// Like [`with_for`](Self::with_for), for a tool that is only known at run time.
    #[must_use]
    pub fn with_for_named(self, tool: impl Into<String>, middleware: impl Middleware<S>) -> Self {
        self.with_entry(Scope::Tool(tool.into()), middleware)
    }

    /// Sets the largest result of a tool, in bytes of JSON. A larger one is dropped, and the agent reads how large it was and that
    /// it should ask for less. Default: 1 MiB. [`ResultSizeLimit`](crate::middleware::ResultSizeLimit) sets a lower limit for one
    /// tool.
    #[must_use]
    pub fn max_result_bytes(mut self, bytes: usize) -> Self {
        self.max_result_bytes = bytes;
        self
    }

    fn with_entry(mut self, scope: Scope, middleware: impl Middleware<S>) -> Self {
        let entry = MiddlewareEntry::new(scope, middleware);
        self.middleware = self.middleware.iter().cloned().chain([entry]).collect();
        self
    }

    /// Returns the middleware of both sets, each for the tools that its set has now.
    pub(super) fn merged_middleware(&self, other: &Self) -> Arc<[MiddlewareEntry<S>]> {
        self.restricted_middleware().chain(other.restricted_middleware()).collect()
    }

    fn restricted_middleware(&self) -> impl Iterator<Item = MiddlewareEntry<S>> {
        let names: Arc<BTreeSet<String>> = Arc::new(self.descriptors().map(|tool| tool.name().to_owned()).collect());
        self.middleware.iter().map(move |entry| entry.restricted_to(&names))
    }

    /// Returns an error for each middleware that was added for one tool and cannot be used for it.
    pub(super) fn middleware_errors(&self) -> impl Iterator<Item = BuildError> {
        self.middleware.iter().filter_map(|entry| entry.error(|name| self.descriptor(name)))
    }
}
