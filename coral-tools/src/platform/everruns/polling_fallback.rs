//! When to poll events instead of streaming them.

use std::time::Duration;

use tokio::time::Instant;

use crate::api::Backoff;

/// Consecutive connections without an event before a fallback to polling.
const MAX_SILENT_CONNECTIONS: usize = 2;
const MAX_POLLING: Duration = Duration::from_secs(600);

/// Decides when to poll events, for servers that reject streams or send nothing on them. Streams are tried again after periods
/// of polling that grow up to 10 minutes.
#[derive(Debug)]
pub(super) struct PollingFallback {
    /// Lengths of the periods.
    backoff: Backoff,
    polling_until: Option<Instant>,
    silent_connections: usize,
}

impl PollingFallback {
    pub(super) fn new(first_period: Duration) -> Self {
        Self { backoff: Backoff::new(first_period, MAX_POLLING), polling_until: None, silent_connections: 0 }
    }

    pub(super) fn is_polling(&self) -> bool {
        self.polling_until.is_some_and(|until| Instant::now() < until)
    }

    /// Starts a period of polling. After it, a single silent connection is enough for the next one.
    pub(super) fn start_polling(&mut self) {
        self.polling_until = Some(Instant::now() + self.backoff.next_delay());
        self.silent_connections = MAX_SILENT_CONNECTIONS - 1;
    }

    /// Counts a connection, which is silent until [`received_event`](Self::received_event). Starts a period of polling and returns
    /// `false` if there were too many.
    pub(super) fn connected(&mut self) -> bool {
        self.silent_connections += 1;
        let is_usable = self.silent_connections <= MAX_SILENT_CONNECTIONS;
        if !is_usable {
            self.start_polling();
        }
        is_usable
    }

    pub(super) fn received_event(&mut self) {
        self.backoff.reset();
        self.polling_until = None;
        self.silent_connections = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_unlimited_period_is_capped() {
        let mut fallback = PollingFallback::new(Duration::MAX);
        fallback.start_polling();
        fallback.start_polling();
        assert!(fallback.is_polling());
    }

    #[tokio::test(start_paused = true)]
    async fn silent_streams_are_avoided_for_growing_periods() {
        let mut fallback = PollingFallback::new(Duration::from_secs(45));
        assert!(fallback.connected() && fallback.connected() && !fallback.is_polling());
        assert!(!fallback.connected(), "the third silent connection is one too many");
        for seconds in [45, 90, 180, 360, 600, 600] {
            let start = Instant::now();
            while fallback.is_polling() {
                tokio::time::advance(Duration::from_secs(1)).await;
            }
            assert_eq!(start.elapsed(), Duration::from_secs(seconds));
            assert!(fallback.connected() && !fallback.connected(), "one connection, then polling again");
        }
        fallback.received_event();
        assert!(fallback.connected() && fallback.connected() && !fallback.connected());
    }
}
