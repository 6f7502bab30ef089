//! The client itself: where Everruns is, and how patient to be.

use std::sync::Arc;
use std::time::Duration;

use crate::api::{ApiKey, Patience, Transport, variable};
use crate::build_error::{BuildError, BuildErrors};
use crate::platform::result_cache::ResultCache;

const CLOUD: &str = "https://app.everruns.com/api";
const KEY: &str = "EVERRUNS_API_KEY";
const URL: &str = "EVERRUNS_API_URL";
const ORGANIZATION: &str = "EVERRUNS_ORG_ID";

/// An Everruns, and whoever is allowed to use it. Cheap to clone; clones share connections and answers.
///
/// Nothing is sent, nor checked, before the first call: what is wrong with the URL or the key is an error of that call.
///
/// ```
/// use std::time::Duration;
///
/// use coral_tools::Everruns;
///
/// let cloud = Everruns::cloud("evr_pat_secret").organization("org_0123456789abcdef0123456789abcdef");
/// let local = Everruns::at("http://localhost:9000/api").timeout(Duration::from_secs(10));
/// assert!(!format!("{cloud:?}{local:?}").contains("secret"), "keys are never shown");
/// ```
#[derive(Debug, Clone)]
pub struct Everruns {
    transport: Arc<Transport>,
    result_cache: ResultCache,
    times: Times,
}

/// How long is waited for what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    pub(super) patience: Duration,
    pub(super) look_every: Duration,
    pub(super) silence: Duration,
    pub(super) pause: Duration,
}

impl Everruns {
    /// Everruns' cloud, with a personal access token, `evr_pat_…`.
    #[must_use]
    pub fn cloud(token: impl Into<ApiKey>) -> Self {
        Self::at(CLOUD).token(token)
    }

    /// The Everruns at `url`, up to where its `/v1` begins, such as `http://localhost:9000/api`. Without a token: development
    /// servers want none. Messages travel in the open on plain `http`.
    #[must_use]
    pub fn at(url: &str) -> Self {
        let times = Times {
            patience: Duration::from_secs(60),
            look_every: Duration::from_secs(1),
            silence: Duration::from_secs(45),
            pause: Duration::from_secs(5),
        };
        Self { transport: Arc::new(Transport::new(url, "/v1", None)), result_cache: ResultCache::new(), times }
    }

    /// The cloud with the token in `EVERRUNS_API_KEY`; or another Everruns, if `EVERRUNS_API_URL` says where, which may do
    /// without. `EVERRUNS_ORG_ID` is the organization, where the token has several.
    ///
    /// # Errors
    ///
    /// Where there is neither a token nor a URL, or a variable is empty or not Unicode.
    pub fn from_env() -> Result<Self, BuildErrors> {
        let (token, url, organization) = (variable(KEY), variable(URL), variable(ORGANIZATION));
        let is_missing = matches!((&token, &url), (Ok(None), Ok(None)));
        let missing = is_missing.then(|| BuildError::new(KEY, "it is not set; Everruns makes tokens in its settings"));
        match (token, url, organization, missing) {
            (Ok(token), Ok(url), Ok(organization), None) => {
                let everruns = Self::at(url.as_deref().unwrap_or(CLOUD));
                let everruns = token.into_iter().fold(everruns, Self::token);
                Ok(organization.into_iter().fold(everruns, Self::organization))
            }
            (token, url, organization, missing) => {
                let faults = [token.err(), url.err(), organization.err(), missing];
                Err(BuildErrors::new(faults.into_iter().flatten().collect()))
            }
        }
    }

    /// With this token.
    #[must_use]
    pub fn token(mut self, token: impl Into<ApiKey>) -> Self {
        self.transport_mut().with_key(token.into());
        self
    }

    /// In this organization, by its id, where the token has several.
    #[must_use]
    pub fn organization(mut self, id: impl Into<String>) -> Self {
        self.transport_mut().with_header("x-org-id", id);
        self
    }

    /// How long one attempt of a call may take, answer included. 60 s, unless said otherwise.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.transport_mut().configure(|settings| settings.timeout = limit);
        self
    }

    /// How often a call is repeated at most, where that is safe. 3 times, unless said otherwise.
    #[must_use]
    pub fn retries(mut self, times: usize) -> Self {
        self.transport_mut().configure(|settings| settings.retries = times);
        self
    }

    /// How long a [`Run`](crate::platform::Run) bears trouble that may pass, such as a server that is restarted, or that asks to
    /// be left alone. 60 s, unless said otherwise.
    #[must_use]
    pub fn patience(mut self, limit: Duration) -> Self {
        self.times.patience = limit;
        self
    }

    /// How often a server is asked for events where it refuses to stream them, or its streams are silent. 1 s, unless said
    /// otherwise. Streams are tried again after the time of [`silence`](Self::silence), then twice that, up to ten minutes.
    #[must_use]
    #[doc(alias = "poll_interval")]
    pub fn look_every(mut self, interval: Duration) -> Self {
        self.times.look_every = interval;
        self
    }

    /// After how long without a byte a stream of events is given up and opened anew. 45 s, unless said otherwise: Everruns
    /// gives a sign of life every 30 s.
    #[must_use]
    #[doc(alias = "idle_timeout")]
    pub fn silence(mut self, limit: Duration) -> Self {
        self.times.silence = limit;
        self
    }

    /// How long a session may take to wait for the calls that it asked for, before it is taken for one that does not wait. 5 s,
    /// unless said otherwise.
    #[must_use]
    #[doc(alias = "pause_timeout")]
    pub fn pause_within(mut self, limit: Duration) -> Self {
        self.times.pause = limit;
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

    pub(super) fn times(&self) -> Times {
        self.times
    }

    pub(super) fn cache(&self) -> &ResultCache {
        &self.result_cache
    }

    pub(super) fn patient(&self) -> Patience {
        Patience::of(self.times.patience)
    }

    fn transport_mut(&mut self) -> &mut Transport {
        Arc::make_mut(&mut self.transport)
    }
}
