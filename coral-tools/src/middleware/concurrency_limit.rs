//! [`ConcurrencyLimit`].

use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use super::{Middleware, Next};
use crate::call_permit::PerTool;
use crate::context::Context;
use crate::toolset::Outcome;

/// A limit for the calls of each tool that run at the same time. A call above it is rejected, at once or after a wait.
///
/// Each tool has the whole limit for itself. A slow tool with a limit cannot take all of
/// [`WebhookConfig::concurrency`](crate::WebhookConfig::concurrency) from the other tools. A `blocking` tool that exceeds its
/// deadline counts until it returns.
///
/// ```
/// use std::time::Duration;
/// use coral_tools::middleware::ConcurrencyLimit;
/// use coral_tools::{Toolset, coral_tool, toolset};
///
/// /// Builds the monthly report.
/// #[coral_tool]
/// async fn build_report() {}
///
/// let limit = ConcurrencyLimit::new(2).max_wait(Duration::from_secs(3));
/// let tools: Toolset = toolset![build_report].with_for::<build_report>(limit);
/// ```
#[derive(Debug)]
pub struct ConcurrencyLimit {
    calls: usize,
    max_wait: Duration,
    tools: PerTool<Semaphore>,
}

impl ConcurrencyLimit {
    /// Allows this number of calls of each tool at the same time, at least one. A call above it is rejected at once.
    #[must_use]
    pub fn new(calls: usize) -> Self {
        let calls = calls.clamp(1, Semaphore::MAX_PERMITS);
        Self { calls, max_wait: Duration::ZERO, tools: PerTool::default() }
    }

    /// Lets a call above the limit wait this long, in the order of arrival, and at most for half of the time until its deadline,
    /// so that the tool has the other half. Default: no wait.
    #[must_use]
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.max_wait = wait;
        self
    }

    async fn permit(&self, tool: &str, deadline: Instant) -> Option<OwnedSemaphorePermit> {
        let semaphore = self.tools.get(tool, || Semaphore::new(self.calls));
        let left = deadline.saturating_duration_since(Instant::now());
        match self.max_wait.min(left / 2) {
            Duration::ZERO => semaphore.try_acquire_owned().ok(),
            wait => timeout(wait, semaphore.acquire_owned()).await.ok()?.ok(),
        }
    }
}

impl<S: Sync> Middleware<S> for ConcurrencyLimit {
    async fn call(&self, context: &Context<'_, S>, next: Next<'_, S>) -> Outcome {
        let tool = next.descriptor().name();
        match self.permit(tool, context.deadline().into()).await {
            Some(permit) => {
                let _held = context.call().permits().add(permit);
                next.run().await
            }
            None => Outcome::rejected(format!(
                "`{tool}` is busy: it runs at most {} times at the same time; try again in a few seconds",
                self.calls
            )),
        }
    }
}
