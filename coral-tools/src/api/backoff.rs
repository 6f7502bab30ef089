//! Back-off between retries.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

/// Jitter is off in unit tests, so that they can expect exact delays.
const JITTER: bool = !cfg!(test);

/// Exponential back-off without a limit of attempts.
///
/// Delays double from `initial` to `max`. Jitter adds up to as much again, so that clients of one server do not retry in step.
#[derive(Debug)]
pub(crate) struct Backoff {
    initial: Duration,
    max: Duration,
    jitter: bool,
    /// Lower bound that the server has set.
    min: Duration,
    /// Delays since the last reset. `None` before the first attempt.
    delays: Option<ExponentialBackoff>,
}

impl Backoff {
    pub(crate) fn new(initial: Duration, max: Duration) -> Self {
        Self { initial: initial.min(max), max, jitter: JITTER, min: Duration::ZERO, delays: None }
    }

    /// Returns the delay before the next retry.
    pub(crate) fn next_delay(&mut self) -> Duration {
        let delays = self.delays.get_or_insert_with(|| exponential(self.initial, self.max, self.jitter));
        delays.next().unwrap_or(self.max).max(self.min)
    }

    /// Sleeps before the next attempt. The first attempt, and the first one after a reset, only wait for the lower bound.
    pub(crate) async fn wait(&mut self) {
        let delay = if self.delays.is_some() {
            self.next_delay()
        } else {
            self.delays = Some(exponential(self.initial, self.max, self.jitter));
            self.min
        };
        tokio::time::sleep(delay).await;
    }

    /// Starts again with the initial delay, after a success.
    pub(crate) fn reset(&mut self) {
        self.delays = None;
    }

    /// Sets a lower bound for all delays, such as `retry` of server-sent events. It is capped at the maximum.
    #[cfg(feature = "_pull")]
    pub(crate) fn set_min(&mut self, min: Duration) {
        self.min = min.min(self.max);
    }
}

fn exponential(initial: Duration, max: Duration, jitter: bool) -> ExponentialBackoff {
    let builder = ExponentialBuilder::new().with_min_delay(initial).with_max_delay(max).without_max_times();
    if jitter { builder.with_jitter().build() } else { builder.build() }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn backoff() -> Backoff {
        Backoff::new(SECOND, 4 * SECOND)
    }

    async fn wait(backoff: &mut Backoff) -> Duration {
        let before = Instant::now();
        backoff.wait().await;
        before.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_first_attempt_after_a_reset_is_immediate() {
        let mut backoff = backoff();
        for _ in 0..2 {
            assert_eq!(wait(&mut backoff).await, Duration::ZERO);
            for seconds in [1, 2, 4, 4] {
                assert_eq!(wait(&mut backoff).await, seconds * SECOND);
            }
            backoff.reset();
        }
    }

    #[test]
    fn delays_double_up_to_the_maximum_and_start_again_after_a_reset() {
        let mut backoff = backoff();
        for _ in 0..2 {
            assert_eq!([1, 2, 4, 4].map(|_| backoff.next_delay()), [1, 2, 4, 4].map(|seconds| seconds * SECOND));
            backoff.reset();
        }
    }

    #[test]
    fn an_initial_delay_above_the_maximum_is_capped() {
        assert_eq!(Backoff::new(Duration::MAX, SECOND).next_delay(), SECOND);
    }

    #[cfg(feature = "_pull")]
    #[tokio::test(start_paused = true)]
    async fn the_lower_bound_holds_for_every_delay_and_is_capped() {
        let mut backoff = backoff();
        backoff.set_min(2 * SECOND);
        assert_eq!(wait(&mut backoff).await, 2 * SECOND);
        assert_eq!([backoff.next_delay(), backoff.next_delay(), backoff.next_delay()], [2, 2, 4].map(|n| n * SECOND));
        backoff.set_min(Duration::MAX);
        assert_eq!(backoff.next_delay(), 4 * SECOND);
    }

    #[test]
    fn jitter_adds_up_to_the_same_delay_again() {
        let delays = || {
            let mut backoff = Backoff { jitter: true, ..backoff() };
            [1, 2, 4, 4].map(|seconds| (seconds, backoff.next_delay()))
        };
        for (seconds, delay) in delays() {
            assert!((seconds * SECOND..=2 * seconds * SECOND).contains(&delay), "{delay:?}");
        }
        assert_ne!(delays(), delays(), "two clients do not retry in step");
    }
}
