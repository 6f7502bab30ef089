//! [`CoralBuilder`].

use std::time::Duration;

use super::coral::{CLOUD, Coral};
use crate::api::{ApiKey, ClientSettings};
use crate::build_error::{BuildError, BuildErrors};
use crate::session::dialect::Dialect;

/// Configures a [`Coral`] client. Created by [`Coral::builder`].
///
/// [`build`](Self::build) returns every problem of the URL and the key before the first request, so that a service can refuse to
/// start. [`Coral::server`] and [`Coral::cloud`] return the same error from every call instead.
///
/// ```
/// use std::time::Duration;
///
/// use coral_tools::Coral;
///
/// let coral = Coral::builder().at("http://localhost:5555").key("key").timeout(Duration::from_secs(10)).build()?;
///
/// let errors = Coral::builder().at("localhost").key("").build().unwrap_err();
/// assert_eq!(errors.iter().count(), 2, "the URL and the key");
/// # Ok::<(), coral_tools::BuildErrors>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct CoralBuilder {
    url: String,
    key: Option<ApiKey>,
    dialect: Option<Dialect>,
    settings: ClientSettings,
}

impl CoralBuilder {
    /// Sets the server to Coral Cloud, which is the default, and its API key.
    pub fn cloud(self, key: impl Into<ApiKey>) -> Self {
        self.at(CLOUD).key(key)
    }

    /// Sets the URL of a server, such as `http://localhost:5555`. Default: Coral Cloud.
    pub fn at(mut self, url: impl Into<String>) -> Self {
        self.url = url.into();
        self
    }

    /// Sets the API key: one of Coral Cloud, or one of a coral-server's `auth.keys`.
    pub fn key(mut self, key: impl Into<ApiKey>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Sets the version of the session request. Default: detected with the first request.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = Some(dialect);
        self
    }

    /// Sets the timeout of one attempt of a request, including the response. Default: 60 s, because closing a session takes
    /// until its agents have stopped.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// Sets the timeout for connecting. Default: 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = timeout;
        self
    }

    /// Sets the maximum number of retries of a request that can safely be repeated. Default: 3.
    pub fn retries(mut self, retries: usize) -> Self {
        self.settings.retries = retries;
        self
    }

    /// Sets the maximum size of a response or an event in bytes. A larger response is an error, and a larger event ends its
    /// connection. Default: 16 MiB, which is more than the state of a session with 10,000 long messages. Decoded JSON uses
    /// some times as much memory.
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.settings.response_limit = bytes;
        self
    }

    /// Sets the interval at which the state of a session is polled. Default: 1 s; five times as long while events are received.
    pub fn poll_interval(mut self, interval: Duration) -> Self {
        self.settings.poll_interval = interval;
        self
    }

    /// Sets the time without data after which a stream of events reconnects. Default: 20 s; servers send a ping every 5 s.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.settings.idle_timeout = timeout;
        self
    }

    /// Sets how long streams tolerate an unreachable server before they end with the error. Default: 60 s.
    pub fn max_outage(mut self, limit: Duration) -> Self {
        self.settings.max_outage = limit;
        self
    }

    /// Creates the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// Returns an error if the URL is not an absolute `http` or `https` URL, or if the key is missing, empty or not valid in a header.
    pub fn build(self) -> Result<Coral, BuildErrors> {
        let missing = || BuildErrors::from(BuildError::new("key", "it is not set; use `CoralBuilder::key`"));
        let coral = Coral::server(&self.url, self.key.clone().unwrap_or_else(|| ApiKey::new("")));
        let coral = coral.with_settings(self.settings);
        let coral = match self.dialect {
            Some(dialect) => coral.dialect(dialect),
            None => coral,
        };
        let key = if self.key.is_some() { coral.transport().check_key() } else { Err(missing()) };
        match (coral.transport().check(), key) {
            (Ok(()), Ok(())) => Ok(coral),
            (url, key) => {
                let errors = [url.err(), key.err()];
                Err(BuildErrors::new(errors.iter().flatten().flat_map(BuildErrors::iter).cloned().collect()))
            }
        }
    }
}

impl Coral {
    /// Returns a builder, which reports an invalid URL or key before the first request.
    pub fn builder() -> CoralBuilder {
        CoralBuilder { url: CLOUD.to_owned(), key: None, dialect: None, settings: Self::default_settings() }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Coral;

    #[test]
    fn all_problems_are_reported_by_build() {
        for (builder, expected) in [
            (Coral::builder().at("not a URL").key("key"), 1),
            (Coral::builder().at("ftp://localhost").key("ke\ny"), 2),
            (Coral::builder().at("http://localhost:5555"), 1),
            (Coral::builder().cloud(""), 1),
        ] {
            let errors = builder.clone().build().expect_err("invalid");
            assert_eq!(errors.iter().count(), expected, "{builder:?}: {errors}");
        }
    }

    #[test]
    fn settings_reach_the_client() {
        let second = Duration::from_secs(1);
        let coral = Coral::builder()
            .cloud("key")
            .timeout(second)
            .connect_timeout(2 * second)
            .retries(7)
            .response_limit(8)
            .poll_interval(3 * second)
            .idle_timeout(4 * second)
            .max_outage(5 * second)
            .build()
            .expect("valid");
        let settings = coral.transport().settings();
        assert_eq!((settings.timeout, settings.connect_timeout, settings.retries), (second, 2 * second, 7));
        assert_eq!(settings.response_limit, 8);
        let times = (settings.poll_interval, settings.idle_timeout, settings.max_outage);
        assert_eq!(times, (3 * second, 4 * second, 5 * second));
    }

    #[test]
    fn the_builder_does_not_show_the_key() {
        assert!(!format!("{:?}", Coral::builder().cloud("secret-key")).contains("secret-key"));
    }
}
