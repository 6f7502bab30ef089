//! [`Deadlines`]: how long a call may take.

use std::time::{Duration, Instant};

use crate::deadline::now;

/// The timeout of a call if neither the tool nor its caller sets another one: less than the 15 s that Coral waits.
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(12);

/// Longer than any caller waits, and short enough to be added to an [`Instant`].
pub(crate) const MAX_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a call may take, for [`Toolset::dispatch_within`](crate::Toolset::dispatch_within).
///
/// The timeout counts from the arrival of the call. It is the tool's own timeout, or the default if the tool does not set
/// one, and at most the ceiling.
///
/// ```
/// use std::time::Duration;
/// use coral_tools::Deadlines;
///
/// let deadlines = Deadlines::new().default_timeout(Duration::from_secs(30)).ceiling(Duration::from_secs(60));
/// ```
#[derive(Debug, Clone, Copy)]
#[must_use]
pub struct Deadlines {
    arrived: Instant,
    default_timeout: Duration,
    ceiling: Duration,
}

impl Deadlines {
    /// Creates deadlines for a call that has just arrived.
    #[expect(clippy::new_without_default, reason = "it reads the clock")]
    pub fn new() -> Self {
        Self::from_arrival(now())
    }

    /// Creates deadlines for a call that arrived at this time.
    pub fn from_arrival(arrived: Instant) -> Self {
        Self { arrived, default_timeout: DEFAULT_TIMEOUT, ceiling: MAX_TIMEOUT }
    }

    /// Sets the timeout of tools that do not set one of their own. Default: 12 s.
    pub fn default_timeout(mut self, timeout: Duration) -> Self {
        self.default_timeout = timeout;
        self
    }

    /// Sets the maximum timeout of any tool, such as the time until the caller stops waiting. Default: 24 h, which is also
    /// the maximum.
    pub fn ceiling(mut self, timeout: Duration) -> Self {
        self.ceiling = timeout;
        self
    }

    pub(super) fn arrival(self) -> Instant {
        self.arrived
    }

    /// Returns the timeout of a tool, and its deadline.
    pub(super) fn resolve(self, tool_timeout: Option<Duration>) -> (Duration, Instant) {
        let timeout = tool_timeout.unwrap_or(self.default_timeout).min(self.ceiling).min(MAX_TIMEOUT);
        (timeout, self.arrived.checked_add(timeout).unwrap_or(self.arrived))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Deadlines;

    #[test]
    fn the_timeout_of_a_tool_is_limited_by_the_ceiling_and_by_a_day() {
        let (second, day) = (Duration::from_secs(1), Duration::from_secs(86_400));
        let timeout = |deadlines: Deadlines, tool| deadlines.resolve(tool).0;
        assert_eq!(timeout(Deadlines::new(), None), 12 * second);
        assert_eq!(timeout(Deadlines::new(), Some(second)), second);
        assert_eq!(timeout(Deadlines::new().default_timeout(3 * second), None), 3 * second);
        assert_eq!(timeout(Deadlines::new().ceiling(2 * second), None), 2 * second);
        assert_eq!(timeout(Deadlines::new().ceiling(2 * second), Some(3 * second)), 2 * second);
        assert_eq!(timeout(Deadlines::new().ceiling(2 * day), Some(2 * day)), day);
        assert_eq!(timeout(Deadlines::new(), Some(day - second)), day - second);
    }

    #[test]
    fn the_deadline_counts_from_the_arrival() {
        let arrived = Instant::now();
        let timeout = Duration::from_secs(5);
        assert_eq!(Deadlines::from_arrival(arrived).resolve(Some(timeout)), (timeout, arrived + timeout));
    }
}
