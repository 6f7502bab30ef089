//! Trouble with the server that may pass.

use std::time::Duration;

use tokio::time::Instant;

use super::error::ClientError;

/// Bears trouble that may pass, for as long as it was told to.
#[derive(Debug)]
pub(crate) struct Patience {
    limit: Duration,
    since: Option<Instant>,
    /// What is the matter now.
    pub(crate) trouble: Option<ClientError>,
}

impl Patience {
    pub(crate) fn of(limit: Duration) -> Self {
        Self { limit, since: None, trouble: None }
    }

    /// Bears an error.
    ///
    /// # Errors
    ///
    /// With the error itself, where it will not pass, or there has been trouble for too long.
    pub(crate) fn bear(&mut self, error: ClientError) -> Result<(), ClientError> {
        let since = *self.since.get_or_insert_with(Instant::now);
        if !error.is_retryable() || since.elapsed() >= self.limit {
            return Err(error);
        }
        tracing::warn!(%error, "trouble with the server; trying again");
        self.trouble = Some(error);
        Ok(())
    }

    /// All is well again.
    pub(crate) fn relieve(&mut self) {
        (self.since, self.trouble) = (None, None);
    }
}
