//! Tolerance for transient errors of a server.

use std::time::Duration;

use tokio::time::Instant;

use super::error::ClientError;
use crate::telemetry::{CallFields, call_event};

/// Upper bound on the server's `Retry-After`.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(3600);

/// Tolerates transient errors for up to `max_outage`.
#[derive(Debug)]
pub(crate) struct OutageTolerance {
    max_outage: Duration,
    /// The session that the requests are about, for the log.
    session: Option<String>,
    /// When the present outage began.
    since: Option<Instant>,
    /// When the server's `Retry-After` expires.
    not_before: Option<Instant>,
    /// The last error of the present outage.
    pub(crate) last_error: Option<ClientError>,
}

impl OutageTolerance {
    pub(crate) fn new(max_outage: Duration) -> Self {
        Self { max_outage, session: None, since: None, not_before: None, last_error: None }
    }

    pub(crate) fn in_session(self, id: &str) -> Self {
        Self { session: Some(id.to_owned()), ..self }
    }

    /// Records a transient error.
    ///
    /// # Errors
    ///
    /// Returns the error itself if it is not transient, if the outage has lasted too long, or if the server's `Retry-After` is
    /// longer than the rest of the maximum outage.
    pub(crate) fn record(&mut self, error: ClientError) -> Result<(), ClientError> {
        if !error.is_outage() || self.remaining().is_zero() {
            return Err(error);
        }
        self.not_before = Some(Instant::now() + self.delay_after(&error, Duration::ZERO)?);
        if self.last_error.is_none() {
            let session = CallFields { session: self.session.as_deref(), ..CallFields::default() };
            call_event!(warn, session, "server unavailable; retrying", %error);
        }
        self.last_error = Some(error);
        Ok(())
    }

    /// Returns the delay before a request is retried: `delay`, or the server's `Retry-After` if that is longer. For callers that
    /// decide themselves which errors are transient: `sleep(outage.delay_after(&error, delay)?).await`.
    ///
    /// # Errors
    ///
    /// Returns the error itself if `Retry-After` is longer than the rest of the maximum outage.
    pub(crate) fn delay_after(&mut self, error: &ClientError, delay: Duration) -> Result<Duration, ClientError> {
        let retry_after = error.retry_after().unwrap_or_default().min(MAX_RETRY_AFTER);
        if retry_after > self.remaining() { Err(error.clone()) } else { Ok(retry_after.max(delay)) }
    }

    /// The rest of the maximum outage. Starts an outage unless one is in progress.
    fn remaining(&mut self) -> Duration {
        self.max_outage.saturating_sub(self.since.get_or_insert_with(Instant::now).elapsed())
    }

    /// Waits until the server's `Retry-After` has expired.
    pub(crate) async fn wait(&mut self) {
        if let Some(until) = self.not_before.take() {
            tokio::time::sleep_until(until).await;
        }
    }

    /// Ends the outage, after a success.
    pub(crate) fn reset(&mut self) {
        (self.since, self.last_error) = (None, None);
    }
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

    use super::super::error::{ClientErrorCause, RetryPolicy};
    use super::super::error_response::ErrorResponse;
    use super::*;

    fn unavailable(retry_after: &'static str) -> ClientError {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(retry_after))]);
        let response = ErrorResponse::new(StatusCode::SERVICE_UNAVAILABLE, &headers, b"", None);
        ClientError::new("testing", RetryPolicy::Transient, ClientErrorCause::ErrorResponse(response))
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_delays_the_next_attempt_once() {
        let mut outage = OutageTolerance::new(Duration::from_secs(60));
        outage.record(unavailable("5")).expect("tolerated");
        for seconds in [5, 0] {
            let before = Instant::now();
            outage.wait().await;
            assert_eq!(before.elapsed(), Duration::from_secs(seconds));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_success_restarts_the_maximum_outage() {
        let mut outage = OutageTolerance::new(Duration::from_secs(60));
        for succeeds in [true, false] {
            outage.record(unavailable("0")).expect("a new outage");
            tokio::time::advance(Duration::from_secs(60)).await;
            if succeeds {
                outage.reset();
            }
        }
        outage.record(unavailable("0")).expect_err("60 s without a success");
    }
}
