//! How long is waited before something is tried again.

use std::time::Duration;

/// Growing, from a tenth of a second to three.
pub(super) fn pauses() -> impl Iterator<Item = Duration> {
    (0..).map(|time: u32| Duration::from_millis(100 << time.min(5)))
}
