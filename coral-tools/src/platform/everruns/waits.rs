//! How long is waited before something is tried again.

use std::time::Duration;

use crate::api::ClientError;

/// Growing, from a tenth of a second to three.
pub(super) fn pauses() -> impl Iterator<Item = Duration> {
    (0..).map(|time: u32| Duration::from_millis(100 << time.min(5)))
}

/// This long, or for as long as the server asks, where that is longer.
///
/// # Errors
///
/// With the error itself, where the server asks for more than the patience lasts.
pub(super) fn pause_after(error: &ClientError, pause: Duration, patience: Duration) -> Result<Duration, ClientError> {
    let asked = error.retry_after().unwrap_or_default();
    if asked > patience { Err(error.clone()) } else { Ok(asked.max(pause)) }
}
