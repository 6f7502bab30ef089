//! [`Quota`].

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::lru_map::LruMap;
use super::{Middleware, Next};
use crate::context::Context;
use crate::toolset::Outcome;

/// A number of calls per period, for each tool, session or caller. A call above it is rejected, and the agent reads when to try
/// again.
///
/// A period starts with the first call, and the next one with the first call after its end. Every call counts, also with invalid
/// arguments. The counts are in memory: an application with several instances allows the number on each of them.
///
/// ```
/// use std::time::Duration;
/// use coral_tools::middleware::Quota;
/// use coral_tools::{Context, Toolset, toolset};
///
/// struct App;
/// impl App {
///     fn tenant_of(&self, _session: &str) -> Option<String> { Some("acme".to_owned()) }
/// }
///
/// let minute = Duration::from_secs(60);
/// let tenant = |context: &Context<'_, App>| context.state().tenant_of(context.session_id()?);
/// let tools: Toolset<App> = toolset![]
///     .with(Quota::per_session(30, minute))
///     .with(Quota::per_caller(1000, minute, tenant));
/// ```
pub struct Quota<S> {
    calls: u32,
    period: Duration,
    subject: Subject<S>,
    max_keys: usize,
    periods: Mutex<LruMap<String, Period>>,
}

/// The calls that share a quota.
enum Subject<S> {
    Tool,
    Session,
    Caller(CallerKey<S>),
}

type CallerKey<S> = Box<dyn Fn(&Context<'_, S>) -> Option<String> + Send + Sync>;

struct Period {
    start: Instant,
    calls: u32,
}

impl<S> Quota<S> {
    /// Allows this number of calls of each tool per period, by all agents together.
    #[must_use]
    pub fn per_tool(calls: u32, period: Duration) -> Self {
        Self::new(calls, period, Subject::Tool)
    }

    /// Allows this number of calls in each session per period: of the tool, or of all tools together that the quota is added to.
    /// Calls without a session share one number.
    #[must_use]
    pub fn per_session(calls: u32, period: Duration) -> Self {
        Self::new(calls, period, Subject::Session)
    }

    /// Allows this number of calls by each caller per period. `key` returns the caller of a call, such as a tenant or an agent. A
    /// call without one (`None`) has no quota.
    #[must_use]
    pub fn per_caller<K>(calls: u32, period: Duration, key: K) -> Self
    where
        K: Fn(&Context<'_, S>) -> Option<String> + Send + Sync + 'static,
    {
        Self::new(calls, period, Subject::Caller(Box::new(key)))
    }

    fn new(calls: u32, period: Duration, subject: Subject<S>) -> Self {
        Self { calls, period, subject, max_keys: 10_000, periods: Mutex::default() }
    }

    /// Sets the number of tools, sessions or callers whose calls are counted. Above it, the one whose last call is the longest ago
    /// is forgotten, and starts again. Default: 10,000.
    #[must_use]
    pub fn max_keys(mut self, keys: usize) -> Self {
        self.max_keys = keys.max(1);
        self
    }

    fn key(&self, context: &Context<'_, S>) -> Option<String> {
        match &self.subject {
            Subject::Tool => Some(context.tool().to_owned()),
            Subject::Session => Some(context.session_id().unwrap_or_default().to_owned()),
            Subject::Caller(key) => key(context),
        }
    }

    /// Counts a call. Returns the time until the next period if no call is left in this one.
    fn count(&self, key: String) -> Result<(), Duration> {
        let now = Instant::now();
        let mut periods = self.periods.lock().unwrap_or_else(PoisonError::into_inner);
        let current = periods.get_mut(&key).filter(|period| now.duration_since(period.start) < self.period);
        match current {
            Some(period) if period.calls >= self.calls => return Err(period.start + self.period - now),
            Some(period) => period.calls += 1,
            None if self.calls == 0 => return Err(self.period),
            None => {
                periods.insert(key, Period { start: now, calls: 1 });
                if periods.len() > self.max_keys {
                    periods.pop_oldest();
                }
            }
        }
        Ok(())
    }

    fn rejection(&self, wait: Duration) -> Outcome {
        let Self { calls, period, .. } = self;
        let subject = match self.subject {
            Subject::Tool => "of this tool",
            Subject::Session => "in this session",
            Subject::Caller(_) => "by this caller",
        };
        Outcome::rejected(format!(
            "the quota of {calls} calls {subject} per {} s is used up; try again in {} s",
            period.as_secs_f64(),
            wait.as_secs_f64().ceil()
        ))
    }
}

impl<S: Sync + 'static> Middleware<S> for Quota<S> {
    async fn call(&self, context: &Context<'_, S>, next: Next<'_, S>) -> Outcome {
        match self.key(context).map_or(Ok(()), |key| self.count(key)) {
            Ok(()) => next.run().await,
            Err(wait) => self.rejection(wait),
        }
    }
}

impl<S> fmt::Debug for Quota<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Quota").field("calls", &self.calls).field("period", &self.period).finish_non_exhaustive()
    }
}
