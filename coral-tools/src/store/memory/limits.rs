//! [`Limits`] of a [`MemoryStore`](super::MemoryStore).

use std::time::Duration;

use tokio::time::Instant;

#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) calls_per_tool: usize,
    pub(super) tickets_per_session: usize,
    pub(super) bytes_per_session: usize,
    pub(super) bytes: usize,
    pub(super) call_retention: Duration,
}

impl Limits {
    /// The bytes of the calls, or of the tickets, of one session.
    pub(super) fn session_bytes(&self) -> usize {
        self.bytes_per_session.min(self.bytes)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            calls_per_tool: 64,
            tickets_per_session: 256,
            bytes_per_session: 8 << 20,
            bytes: 64 << 20,
            call_retention: Duration::from_secs(60 * 60),
        }
    }
}

/// Returns when an entry expires: far in the future, if `time_to_live` is too long for an [`Instant`].
pub(super) fn expiry(now: Instant, time_to_live: Duration) -> Instant {
    const YEARS_30: Duration = Duration::from_secs(60 * 60 * 24 * 365 * 30);
    now + time_to_live.min(YEARS_30)
}
