//! A limit of responses per second.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// More than a client sends at a start of the application, for some hundred tools.
const PER_SECOND: u32 = 256;

/// Allows [`PER_SECOND`] uses in each second. A copy of a probe can be sent again, so its cost is limited.
#[derive(Debug)]
pub(super) struct RateLimit {
    window: Mutex<Window>,
}

#[derive(Debug)]
struct Window {
    start: Instant,
    used: u32,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self { window: Mutex::new(Window { start: Instant::now(), used: 0 }) }
    }
}

impl RateLimit {
    pub(super) fn try_acquire(&self) -> bool {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if window.start.elapsed() >= Duration::from_secs(1) {
            *window = Window { start: Instant::now(), used: 0 };
        }
        let is_free = window.used < PER_SECOND;
        window.used += u32::from(is_free);
        is_free
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{PER_SECOND, RateLimit};

    #[tokio::test(start_paused = true)]
    async fn uses_are_limited_in_each_second() {
        let limit = RateLimit::default();
        for _ in 0..2 {
            assert_eq!((0..2 * PER_SECOND).filter(|_| limit.try_acquire()).count(), PER_SECOND as usize);
            tokio::time::advance(Duration::from_secs(1)).await;
        }
    }
}
