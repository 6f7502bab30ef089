//! Asking for events where they are not streamed.

use std::time::Duration;

use tokio::time::Instant;

/// So many connections after each other that tell nothing are enough.
const SILENT: usize = 2;
const LONGEST: Duration = Duration::from_secs(600);

/// When events are asked for instead. Streams are tried again, after pauses that grow.
#[derive(Debug)]
pub(super) struct Polling {
    first: Duration,
    pause: Duration,
    until: Option<Instant>,
    /// How many connections in a row have told nothing.
    silent: usize,
}

impl Polling {
    pub(super) fn new(first: Duration) -> Self {
        let first = first.min(LONGEST);
        Self { first, pause: first, until: None, silent: 0 }
    }

    pub(super) fn is_on(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() < until)
    }

    /// There is no use in streams for a while.
    pub(super) fn begin(&mut self) {
        self.until = Some(Instant::now() + self.pause);
        self.pause = (self.pause * 2).min(LONGEST);
        // The next must not be silent.
        self.silent = SILENT - 1;
    }

    /// There is a stream; whether there is still hope that it tells something.
    pub(super) fn connected(&mut self) -> bool {
        self.silent += 1;
        let is_hopeful = self.silent <= SILENT;
        if !is_hopeful {
            self.begin();
        }
        is_hopeful
    }

    /// The stream tells something.
    pub(super) fn heard(&mut self) {
        *self = Self::new(self.first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn for_ever_is_ten_minutes() {
        let mut polling = Polling::new(Duration::MAX);
        polling.begin();
        polling.begin();
        assert!(polling.is_on());
    }

    #[tokio::test(start_paused = true)]
    async fn streams_that_tell_nothing_are_left_for_longer_each_time() {
        let mut polling = Polling::new(Duration::from_secs(45));
        assert!(polling.connected() && polling.connected() && !polling.is_on());
        assert!(!polling.connected(), "the third is one too many");
        for seconds in [45, 90, 180, 360, 600, 600] {
            let begun = Instant::now();
            while polling.is_on() {
                tokio::time::advance(Duration::from_secs(1)).await;
            }
            assert_eq!(begun.elapsed(), Duration::from_secs(seconds));
            assert!(polling.connected() && !polling.connected(), "one more, then no more");
        }
        polling.heard();
        assert!(polling.connected() && polling.connected() && !polling.connected());
    }
}
