//! The client itself: where Coral is, and how patient to be.

use std::sync::Arc;
use std::time::Duration;

use super::dialect_detector::{DetectedServer, DialectDetector, PathScheme};
use crate::api::{
    ApiKey, ClientError, ClientSettings, HttpRequest, HttpResponse, OutageTolerance, Transport, variable,
};
use crate::build_error::{BuildError, BuildErrors};
use crate::session::dialect::Dialect;

pub(super) const CLOUD: &str = "https://api.coralcloud.ai";
const KEY: &str = "CORAL_API_KEY";
const URL: &str = "CORAL_CLOUD_API_URL";

/// A Coral Cloud account, or a coral-server. Cheap to clone; clones share connections and what is known of the server.
///
/// Nothing is sent, nor checked, before the first call: what is wrong with the URL or the key is an error of that call.
///
/// ```
/// use std::time::Duration;
///
/// use coral_tools::Coral;
///
/// let cloud = Coral::cloud("key");
/// let local = Coral::server("http://localhost:5555", "key").timeout(Duration::from_secs(10));
/// assert!(!format!("{cloud:?}{local:?}").contains("key\""), "keys are never shown");
/// ```
#[derive(Debug, Clone)]
pub struct Coral {
    transport: Arc<Transport>,
    generation: Arc<DialectDetector>,
}

impl Coral {
    /// Coral Cloud, at `https://api.coralcloud.ai`.
    #[must_use]
    pub fn cloud(key: impl Into<ApiKey>) -> Self {
        Self::server(CLOUD, key)
    }

    /// The coral-server at `url`, such as `http://localhost:5555`, with a key of its `auth.keys`; also a path below which a
    /// proxy has it. Keys and messages travel in the open on plain `http`.
    #[must_use]
    pub fn server(url: impl AsRef<str>, key: impl Into<ApiKey>) -> Self {
        let transport = Transport::new(url.as_ref(), "/api/v1", Some(key.into()));
        Self { transport: Arc::new(transport), generation: Arc::default() }.with_settings(Self::default_settings())
    }

    /// Servers send a ping every 5 s and drop a client that has not responded for 15 s.
    pub(super) fn default_settings() -> ClientSettings {
        ClientSettings { idle_timeout: Duration::from_secs(20), ..ClientSettings::default() }
    }

    pub(super) fn with_settings(mut self, new: ClientSettings) -> Self {
        self.configure(|settings| *settings = new);
        self
    }

    /// Coral Cloud with the key in `CORAL_API_KEY`; or another Coral, if `CORAL_CLOUD_API_URL` says where.
    ///
    /// # Errors
    ///
    /// Where the key is missing, or a variable is empty or not Unicode.
    pub fn from_env() -> Result<Self, BuildErrors> {
        let (key, url) = (variable(KEY), variable(URL));
        let missing = || Some(BuildError::new(KEY, "it is not set; Coral Cloud shows keys in its dashboard"));
        let missing = if matches!(key, Ok(None)) { missing() } else { None };
        match (key, url) {
            (Ok(Some(key)), Ok(url)) => Ok(Self::server(url.as_deref().unwrap_or(CLOUD), key)),
            (key, url) => {
                let faults = [key.err(), url.err(), missing];
                Err(BuildErrors::new(faults.into_iter().flatten().collect()))
            }
        }
    }

    /// Speaks as this generation does, instead of finding out.
    #[must_use]
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.generation = Arc::new(DialectDetector::told(dialect));
        self
    }

    /// How long one attempt of a call may take, answer included. 60 s, unless said otherwise: a session that is closed
    /// answers only when its agents have stopped.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.configure(|settings| settings.timeout = limit);
        self
    }

    /// How long connecting may take. 10 s, unless said otherwise.
    #[must_use]
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.configure(|settings| settings.connect_timeout = limit);
        self
    }

    /// How often a call is repeated at most, where that is safe. 3 times, unless said otherwise.
    #[must_use]
    pub fn retries(mut self, times: usize) -> Self {
        self.configure(|settings| settings.retries = times);
        self
    }

    /// How often a [`Session`](super::Session) that is waited for or followed is looked at: 1 s, unless said otherwise. Where
    /// the server tells of its events, those are waited for, and this is five times as long until an agent stops.
    #[must_use]
    pub fn poll_interval(mut self, interval: Duration) -> Self {
        self.configure(|settings| settings.poll_interval = interval);
        self
    }

    /// How long a stream of events may be silent before it reconnects. Default: 20 s; servers send a ping every 5 s.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.configure(|settings| settings.idle_timeout = timeout);
        self
    }

    /// How long a stream of events, states or messages bears trouble that may pass, such as a server that is restarted, before
    /// it ends with the error. 60 s, unless said otherwise.
    #[must_use]
    pub fn max_outage(mut self, limit: Duration) -> Self {
        self.configure(|settings| settings.max_outage = limit);
        self
    }

    fn configure(&mut self, change: impl FnOnce(&mut ClientSettings)) {
        Arc::make_mut(&mut self.transport).configure(change);
    }

    pub(super) fn patient(&self) -> OutageTolerance {
        OutageTolerance::new(self.transport.settings().max_outage)
    }

    pub(super) fn interval(&self) -> Duration {
        self.transport.settings().poll_interval
    }

    pub(super) fn transport(&self) -> &Transport {
        &self.transport
    }

    pub(super) fn generation(&self) -> &DialectDetector {
        &self.generation
    }

    pub(super) async fn known(&self) -> Result<DetectedServer, ClientError> {
        self.generation.known(&self.transport).await
    }

    /// Makes a call whose path depends on the server.
    pub(super) async fn send_to<C: IntoIterator<Item = HttpRequest>>(
        &self,
        calls: impl Fn(PathScheme) -> C,
    ) -> Result<HttpResponse, ClientError> {
        self.send_to_tracked(calls).await.0
    }

    /// As [`Coral::send_to`]; and whether an attempt before the last may have been done. Where there are several ways to say a
    /// call, the next is tried where the server does not know the path; and after those of the guide, which has paths that
    /// no released server has, the servers' own.
    pub(super) async fn send_to_tracked<C: IntoIterator<Item = HttpRequest>>(
        &self,
        calls: impl Fn(PathScheme) -> C,
    ) -> (Result<HttpResponse, ClientError>, bool) {
        let known = match self.known().await {
            Ok(known) => known,
            Err(error) => return (Err(error), false),
        };
        let (mut unknown, mut in_doubt) = (None, false);
        for family in known.paths.to_try() {
            for call in calls(*family) {
                let (answer, doubt) = self.transport.send_tracked(&call).await;
                in_doubt |= doubt;
                match answer {
                    Err(error) if error.is_unknown_path() => _ = unknown.get_or_insert(error),
                    answer => {
                        self.generation.answers_on(*family);
                        return (answer, in_doubt);
                    }
                }
            }
        }
        let nothing = || ClientError::invalid_request("calling Coral", BuildErrors::default());
        (Err(unknown.unwrap_or_else(nothing)), in_doubt)
    }

    /// Whether an error says that a thing is not there, as opposed to the path to it. What the guide's server says of things
    /// that are not there is not known.
    pub(super) async fn is_absent(&self, error: &ClientError) -> bool {
        let is_guide = async || self.known().await.is_ok_and(|known| known.paths == PathScheme::Guide);
        error.is_not_found() && (!error.is_unknown_path() || is_guide().await)
    }

    /// What is not there after an attempt that may have been done is deleted.
    pub(super) async fn gone(
        &self,
        deleted: Result<HttpResponse, ClientError>,
        in_doubt: bool,
    ) -> Result<(), ClientError> {
        match deleted {
            Err(error) if in_doubt && self.is_absent(&error).await => Ok(()),
            deleted => deleted.map(drop),
        }
    }
}
