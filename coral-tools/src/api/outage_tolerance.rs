//! Trouble with the server that may pass.

use std::time::Duration;

use tokio::time::Instant;

use super::error::ClientError;

/// No server is waited for longer at a time.
const LONGEST: Duration = Duration::from_secs(3600);

/// Bears trouble that may pass, for as long as it was told to.
#[derive(Debug)]
pub(crate) struct OutageTolerance {
    limit: Duration,
    since: Option<Instant>,
    not_before: Option<Instant>,
    /// What is the matter now.
    pub(crate) trouble: Option<ClientError>,
}

impl OutageTolerance {
    pub(crate) fn of(limit: Duration) -> Self {
        Self { limit, since: None, not_before: None, trouble: None }
    }

    /// Bears an error.
    ///
    /// # Errors
    ///
    /// With the error itself, where it will not pass, there has been trouble for too long, or the server asks to be left alone
    /// for longer than the maximum outage.
    pub(crate) fn record(&mut self, error: ClientError) -> Result<(), ClientError> {
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
    /// is longer. For whoever knows better than [`OutageTolerance::bear`] what may pass:
    /// `sleep(outage.pause_after(&error, pause)?).await`.
    ///
    /// # Errors
    ///
    /// With the error itself, where the server asks for longer than the maximum outage.
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
    pub(crate) fn reset(&mut self) {
        (self.since, self.trouble) = (None, None);
    }
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

    use super::super::error::{Cause, RetryPolicy};
    use super::super::error_response::ErrorResponse;
    use super::*;

    fn trouble(retry_after: &'static str) -> ClientError {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(retry_after))]);
        let said = ErrorResponse::new(StatusCode::SERVICE_UNAVAILABLE, &headers, b"", None);
        ClientError::new("looking", RetryPolicy::Passing, Cause::ErrorResponse(said))
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_is_left_alone_for_as_long_as_it_asks_and_once() {
        let mut outage = OutageTolerance::of(Duration::from_secs(60));
        outage.record(trouble("5")).expect("it may pass");
        for seconds in [5, 0] {
            let before = Instant::now();
            outage.wait().await;
            assert_eq!(before.elapsed(), Duration::from_secs(seconds));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn only_trouble_without_a_break_is_too_long() {
        let mut outage = OutageTolerance::of(Duration::from_secs(60));
        for is_relieved in [true, false] {
            outage.record(trouble("0")).expect("it is new");
            tokio::time::advance(Duration::from_secs(60)).await;
            if is_relieved {
                outage.reset();
            }
        }
        outage.record(trouble("0")).expect_err("it lasts");
    }
}
