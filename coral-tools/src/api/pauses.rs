//! The pauses between connections that are made again for as long as somebody wants them.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

const LONGEST: Duration = Duration::from_secs(10);

/// Growing pauses, without end: none before the first attempt, nor after a connection that was good for something.
#[derive(Debug, Default)]
pub(crate) struct Pauses {
    growing: Option<ExponentialBackoff>,
    /// What the server asks for at least.
    #[cfg(feature = "_pull")]
    least: Duration,
}

impl Pauses {
    /// Waits until the next attempt.
    pub(crate) async fn wait(&mut self) {
        let pause = match &mut self.growing {
            Some(pauses) => pauses.next().unwrap_or(LONGEST),
            None => {
                self.growing = Some(growing());
                Duration::ZERO
            }
        };
        #[cfg(feature = "_pull")]
        let pause = pause.max(self.least);
        tokio::time::sleep(pause).await;
    }

    /// The connection was good for something: the next may be made at once.
    pub(crate) fn forget(&mut self) {
        self.growing = None;
    }

    /// No pause is shorter from now on, as the server asks; within reason.
    #[cfg(feature = "_pull")]
    pub(crate) fn at_least(&mut self, pause: Duration) {
        self.least = pause.min(LONGEST);
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
