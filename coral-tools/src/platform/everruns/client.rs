//! The client.

use std::sync::Arc;
use std::time::Duration;

use crate::api::{ApiKey, ClientSettings, Transport};
use crate::build_error::{BuildError, BuildErrors};
use crate::env::variable;
use crate::platform::result_cache::ResultCache;

const CLOUD: &str = "https://app.everruns.com/api";
const KEY: &str = "EVERRUNS_API_KEY";
const URL: &str = "EVERRUNS_API_URL";
const ORGANIZATION: &str = "EVERRUNS_ORG_ID";
const PAUSE_TIMEOUT: Duration = Duration::from_secs(5);

/// A client of Everruns. Cheap to clone; clones share connections and the [`ResultCache`].
///
/// Constructors neither connect nor check: an invalid URL or key is an error of the first request.
///
/// ```
/// use std::time::Duration;
///
/// use coral_tools::Everruns;
///
/// let cloud = Everruns::cloud("evr_pat_secret").organization("org_0123456789abcdef0123456789abcdef");
/// let local = Everruns::at("http://localhost:9000/api").timeout(Duration::from_secs(10));
/// assert!(!format!("{cloud:?}{local:?}").contains("secret"), "`Debug` redacts keys");
/// ```
#[derive(Debug, Clone)]
pub struct Everruns {
    transport: Arc<Transport>,
    pub(super) result_cache: ResultCache,
    pub(super) pause_timeout: Duration,
}

impl Everruns {
    /// A client of Everruns' cloud, with a personal access token, `evr_pat_…`.
    #[must_use]
    pub fn cloud(key: impl Into<ApiKey>) -> Self {
        Self::at(CLOUD).key(key)
    }

    /// A client of the server at `url`, up to where `/v1` begins, such as `http://localhost:9000/api`, without an API key:
    /// development servers need none. Messages are not encrypted on plain `http`.
    #[must_use]
    pub fn at(url: &str) -> Self {
        let transport = Arc::new(Transport::new(url, "/v1", None));
        Self { transport, result_cache: ResultCache::new(), pause_timeout: PAUSE_TIMEOUT }
    }

    /// A client of the cloud with the key in `EVERRUNS_API_KEY`; or of the server at `EVERRUNS_API_URL`, where the key is
    /// optional. `EVERRUNS_ORG_ID` is the organization, if the key has several.
    ///
    /// # Errors
    ///
    /// Returns an error if neither a key nor a URL is set, or if a variable is empty or not Unicode.
    pub fn from_env() -> Result<Self, BuildErrors> {
        let (key, url, organization) = (variable(KEY), variable(URL), variable(ORGANIZATION));
        let is_missing = matches!((&key, &url), (Ok(None), Ok(None)));
        let missing =
            is_missing.then(|| BuildError::new(KEY, "it is not set; create a token in the settings of Everruns"));
        match (key, url, organization, missing) {
            (Ok(key), Ok(url), Ok(organization), None) => {
                let everruns = Self::at(url.as_deref().unwrap_or(CLOUD));
                let everruns = key.into_iter().fold(everruns, Self::key);
                Ok(organization.into_iter().fold(everruns, Self::organization))
            }
            (key, url, organization, missing) => {
                let errors = [key.err(), url.err(), organization.err(), missing];
                Err(BuildErrors::new(errors.into_iter().flatten().collect()))
            }
        }
    }

    /// The API key. Default: none, except for [`cloud`](Self::cloud).
    #[must_use]
    pub fn key(mut self, key: impl Into<ApiKey>) -> Self {
        self.transport_mut().with_key(key.into());
        self
    }

    /// The id of the organization, if the key has several.
    #[must_use]
    pub fn organization(mut self, id: impl Into<String>) -> Self {
        self.transport_mut().with_header("x-org-id", id);
        self
    }

    /// Timeout of one attempt of a request, including the response body. Default: 60 s.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        self.configure(|settings| settings.timeout = timeout)
    }

    /// Timeout of opening a connection. Default: 10 s.
    #[must_use]
    pub fn connect_timeout(self, timeout: Duration) -> Self {
        self.configure(|settings| settings.connect_timeout = timeout)
    }

    /// How many times a request is retried, if that is safe. Default: 3.
    #[must_use]
    pub fn retries(self, retries: usize) -> Self {
        self.configure(|settings| settings.retries = retries)
    }

    /// The maximum size of a response or an event in bytes. Default: 16 MiB. A larger response is an error.
    /// [`RunLimits::turn_bytes`](crate::platform::RunLimits::turn_bytes) limits a whole turn.
    #[must_use]
    pub fn response_limit(self, bytes: usize) -> Self {
        self.configure(|settings| settings.response_limit = bytes)
    }

    /// How long a [`Run`](crate::platform::Run) tolerates transient errors, such as those of a server that restarts, or a
    /// server's `Retry-After`. Default: 60 s.
    #[must_use]
    pub fn max_outage(self, limit: Duration) -> Self {
        self.configure(|settings| settings.max_outage = limit)
    }

    /// The interval between two requests for events while the server rejects streams or its streams stay silent. Default: 1 s.
    /// Streams are tried again after [`idle_timeout`](Self::idle_timeout), then after twice that, up to ten minutes.
    #[must_use]
    pub fn poll_interval(self, interval: Duration) -> Self {
        self.configure(|settings| settings.poll_interval = interval)
    }

    /// How long a stream of events may be silent before it is opened again. Default: 45 s; Everruns sends a heartbeat every
    /// 30 s.
    #[must_use]
    pub fn idle_timeout(self, timeout: Duration) -> Self {
        self.configure(|settings| settings.idle_timeout = timeout)
    }

    /// How long a session may take to wait for results after it requested calls. After that, the run fails with
    /// [`RunError::NotWaiting`](crate::platform::RunError::NotWaiting). Default: 5 s.
    #[must_use]
    pub fn pause_timeout(mut self, timeout: Duration) -> Self {
        self.pause_timeout = timeout;
        self
    }

    /// Shares a cache of results with other clients. Default: a cache of its own.
    #[must_use]
    pub fn result_cache(mut self, cache: &ResultCache) -> Self {
        self.result_cache = cache.clone();
        self
    }

    pub(super) fn transport(&self) -> &Transport {
        &self.transport
    }

    fn configure(mut self, change: impl FnOnce(&mut ClientSettings)) -> Self {
        self.transport_mut().configure(change);
        self
    }

    fn transport_mut(&mut self) -> &mut Transport {
        Arc::make_mut(&mut self.transport)
    }
}
