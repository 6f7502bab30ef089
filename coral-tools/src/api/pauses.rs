//! The pauses between connections that are made again for as long as somebody wants them.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

const LONGEST: Duration = Duration::from_secs(10);

/// Growing pauses, without end: none before the first attempt, nor after a connection that was good for something.
#[derive(Debug, Default)]
pub(crate) struct Pauses(Option<ExponentialBackoff>);

impl Pauses {
    /// Waits until the next attempt.
    pub(crate) async fn wait(&mut self) {
        match &mut self.0 {
            None => self.0 = Some(growing()),
            Some(pauses) => tokio::time::sleep(pauses.next().unwrap_or(LONGEST)).await,
        }
    }

    /// The connection was good for something: the next may be made at once.
    pub(crate) fn forget(&mut self) {
        self.0 = None;
    }

    /// It was good for nothing: the next is not made at once.
    #[cfg(feature = "qoder")]
    pub(crate) fn insist(&mut self) {
        self.0.get_or_insert_with(growing);
    }
}

fn growing() -> ExponentialBackoff {
    ExponentialBuilder::new()
        .with_min_delay(Duration::from_millis(100))
        .with_max_delay(LONGEST)
        .without_max_times()
        .with_jitter()
        .build()
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    async fn waits(pauses: &mut Pauses) -> bool {
        let before = Instant::now();
        pauses.wait().await;
        before.elapsed() > Duration::ZERO
    }

    #[tokio::test(start_paused = true)]
    async fn there_is_a_pause_after_what_was_good_for_nothing() {
        let mut pauses = Pauses::default();
        assert!(!waits(&mut pauses).await, "nothing has been tried");
        for _ in 0..99 {
            assert!(waits(&mut pauses).await);
        }
        pauses.forget();
        assert!(!waits(&mut pauses).await, "the connection was good for something");
        #[cfg(feature = "qoder")]
        {
            pauses.forget();
            pauses.insist();
            assert!(waits(&mut pauses).await, "and the next for nothing");
        }
    }
}
