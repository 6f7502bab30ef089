//! Trouble with the server that may pass.

use std::time::Duration;

use tokio::time::Instant;

use super::error::ClientError;

/// No server is waited for longer at a time.
const LONGEST: Duration = Duration::from_secs(3600);

/// Bears trouble that may pass, for as long as it was told to.
#[derive(Debug)]
pub(crate) struct Patience {
    limit: Duration,
    since: Option<Instant>,
    not_before: Option<Instant>,
    /// What is the matter now.
    pub(crate) trouble: Option<ClientError>,
}

impl Patience {
    pub(crate) fn of(limit: Duration) -> Self {
        Self { limit, since: None, not_before: None, trouble: None }
    }

    /// Bears an error.
    ///
    /// # Errors
    ///
    /// With the error itself, where it will not pass, there has been trouble for too long, or the server asks to be left alone
    /// for longer than the patience lasts.
    pub(crate) fn bear(&mut self, error: ClientError) -> Result<(), ClientError> {
        if !error.is_trouble() || self.left().is_zero() {
            return Err(error);
        }
        self.not_before = Some(Instant::now() + self.pause_after(&error, Duration::ZERO)?);
        if self.trouble.is_none() {
            tracing::warn!(%error, "trouble with the server; trying again");
        }
        self.trouble = Some(error);
        Ok(())
    }

    /// How long to pause before what led to this error is tried again: this long, or for as long as the server asks, where that
    /// is longer. For whoever knows better than [`Patience::bear`] what may pass:
    /// `sleep(patience.pause_after(&error, pause)?).await`.
    ///
    /// # Errors
    ///
    /// With the error itself, where the server asks for longer than the patience lasts.
    pub(crate) fn pause_after(&mut self, error: &ClientError, pause: Duration) -> Result<Duration, ClientError> {
        let asked = error.retry_after().unwrap_or_default().min(LONGEST);
        if asked > self.left() { Err(error.clone()) } else { Ok(asked.max(pause)) }
    }

    /// For how long trouble is still borne, which begins now if there was none.
    fn left(&mut self) -> Duration {
        self.limit.saturating_sub(self.since.get_or_insert_with(Instant::now).elapsed())
    }

    /// Waits for as long as the server has asked to be left alone.
    pub(crate) async fn wait(&mut self) {
        if let Some(until) = self.not_before.take() {
            tokio::time::sleep_until(until).await;
        }
    }

    /// All is well again.
    pub(crate) fn relieve(&mut self) {
        (self.since, self.trouble) = (None, None);
    }
}
