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
    /// With the error itself, where it will not pass, or there has been trouble for too long.
    pub(crate) fn bear(&mut self, error: ClientError) -> Result<(), ClientError> {
        let since = *self.since.get_or_insert_with(Instant::now);
        if !error.is_trouble() || since.elapsed() >= self.limit {
            return Err(error);
        }
        if self.trouble.is_none() {
            tracing::warn!(%error, "trouble with the server; trying again");
        }
        self.not_before = error.retry_after().map(|wait| Instant::now() + wait.min(LONGEST));
        self.trouble = Some(error);
        Ok(())
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

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

    use super::super::error::{Cause, Repeat};
    use super::super::said::Said;
    use super::*;

    fn trouble(retry_after: &'static str) -> ClientError {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(retry_after))]);
        let said = Said::new(StatusCode::SERVICE_UNAVAILABLE, &headers, b"");
        ClientError::new("looking", Repeat::Passing, Cause::Said(said))
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_is_left_alone_for_as_long_as_it_asks_and_once() {
        let mut patience = Patience::of(Duration::from_secs(60));
        patience.bear(trouble("5")).expect("it may pass");
        for seconds in [5, 0] {
            let before = Instant::now();
            patience.wait().await;
            assert_eq!(before.elapsed(), Duration::from_secs(seconds));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn only_trouble_without_a_break_is_too_long() {
        let mut patience = Patience::of(Duration::from_secs(60));
        for is_relieved in [true, false] {
            patience.bear(trouble("0")).expect("it is new");
            tokio::time::advance(Duration::from_secs(60)).await;
            if is_relieved {
                patience.relieve();
            }
        }
        patience.bear(trouble("0")).expect_err("it lasts");
    }
}
