//! [`Coral`].

use std::sync::Arc;
use std::time::Duration;

use super::dialect_detector::{DetectedServer, DialectDetector, PathScheme};
use crate::api::{ApiKey, ClientError, ClientSettings, HttpRequest, HttpResponse, OutageTolerance, Transport};
use crate::build_error::{BuildError, BuildErrors};
use crate::env::variable;
use crate::session::dialect::Dialect;

pub(super) const CLOUD: &str = "https://api.coralcloud.ai";
const KEY: &str = "CORAL_API_KEY";
const URL: &str = "CORAL_CLOUD_API_URL";

/// A client of Coral Cloud or a coral-server. Cheap to clone; clones share connections and the detected version of the server.
///
/// The constructors here send nothing and do not check the URL or the key: every call returns the error of an invalid one.
/// [`Coral::builder`] checks both at once, so that a service can refuse to start.
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
    detector: Arc<DialectDetector>,
}

impl Coral {
    /// Creates a client of Coral Cloud, at `https://api.coralcloud.ai`.
    #[must_use]
    pub fn cloud(key: impl Into<ApiKey>) -> Self {
        Self::server(CLOUD, key)
    }

    /// Creates a client of the coral-server at `url`, such as `http://localhost:5555`, with one of the keys in its `auth.keys`. The
    /// URL may contain a path, if a proxy serves Coral below it. With plain `http`, keys and messages are not encrypted.
    #[must_use]
    pub fn server(url: impl AsRef<str>, key: impl Into<ApiKey>) -> Self {
        let transport = Transport::new(url.as_ref(), "/api/v1", Some(key.into()));
        Self { transport: Arc::new(transport), detector: Arc::default() }.with_settings(Self::default_settings())
    }

    /// Servers send a ping every 5 s, and disconnect a client that has not responded for 15 s.
    pub(super) fn default_settings() -> ClientSettings {
        ClientSettings { idle_timeout: Duration::from_secs(20), ..ClientSettings::default() }
    }

    pub(super) fn with_settings(mut self, new: ClientSettings) -> Self {
        self.configure(|settings| *settings = new);
        self
    }

    /// Creates a client of Coral Cloud with the key in `CORAL_API_KEY`, or of the server at `CORAL_CLOUD_API_URL` if that is set.
    ///
    /// # Errors
    ///
    /// Returns an error if the key is missing, or if one of the variables is empty or not Unicode.
    pub fn from_env() -> Result<Self, BuildErrors> {
        let (key, url) = (variable(KEY), variable(URL));
        let is_missing = matches!(key, Ok(None));
        let missing =
            is_missing.then(|| BuildError::new(KEY, "it is not set; create a key in the dashboard of Coral Cloud"));
        match (key, url) {
            (Ok(Some(key)), Ok(url)) => Ok(Self::server(url.as_deref().unwrap_or(CLOUD), key)),
            (key, url) => {
                let errors = [key.err(), url.err(), missing];
                Err(BuildErrors::new(errors.into_iter().flatten().collect()))
            }
        }
    }

    /// Sets the version of the session request. Default: detected with the first request.
    #[must_use]
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.detector = Arc::new(DialectDetector::new(dialect));
        self
    }

    /// Sets the timeout of one attempt of a request, including the response. Default: 60 s, because closing a session takes until
    /// its agents have stopped.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.configure(|settings| settings.timeout = timeout);
        self
    }

    /// Sets the timeout for connecting. Default: 10 s.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.configure(|settings| settings.connect_timeout = timeout);
        self
    }

    /// Sets the maximum number of retries of a request that can safely be repeated. Default: 3.
    #[must_use]
    pub fn retries(mut self, retries: usize) -> Self {
        self.configure(|settings| settings.retries = retries);
        self
    }

    /// Sets the maximum size of a response or an event in bytes. A larger response is an error, and a larger event ends its
    /// connection. Default: 16 MiB, which is more than the state of a session with 10,000 long messages. Decoded JSON uses
    /// some times as much memory.
    #[must_use]
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.configure(|settings| settings.response_limit = bytes);
        self
    }

    /// Sets the interval at which the state of a [`Session`](super::Session) is polled while the application waits for it or follows
    /// it. Default: 1 s. While events are received, the interval is five times as long until an agent stops.
    #[must_use]
    pub fn poll_interval(mut self, interval: Duration) -> Self {
        self.configure(|settings| settings.poll_interval = interval);
        self
    }

    /// Sets the time without data after which a stream of events reconnects. Default: 20 s; servers send a ping every 5 s.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.configure(|settings| settings.idle_timeout = timeout);
        self
    }

    /// Sets how long streams of events, states and messages tolerate transient errors, such as those of a server that restarts,
    /// before they end with the error. Default: 60 s.
    #[must_use]
    pub fn max_outage(mut self, limit: Duration) -> Self {
        self.configure(|settings| settings.max_outage = limit);
        self
    }

    fn configure(&mut self, change: impl FnOnce(&mut ClientSettings)) {
        Arc::make_mut(&mut self.transport).configure(change);
    }

    pub(super) fn settings(&self) -> &ClientSettings {
        self.transport.settings()
    }

    pub(super) fn outage_tolerance(&self) -> OutageTolerance {
        OutageTolerance::new(self.settings().max_outage)
    }

    pub(super) fn transport(&self) -> &Transport {
        &self.transport
    }

    pub(super) fn detector(&self) -> &DialectDetector {
        &self.detector
    }

    /// Returns the detected server, and detects it first if necessary.
    pub(super) async fn detected_server(&self) -> Result<DetectedServer, ClientError> {
        self.detector.detect(&self.transport).await
    }

    /// Sends a request whose path depends on the server.
    pub(super) async fn send_to<R: IntoIterator<Item = HttpRequest>>(
        &self,
        requests: impl Fn(PathScheme) -> R,
    ) -> Result<HttpResponse, ClientError> {
        self.send_to_tracked(requests).await.0
    }

    /// Does the same as [`Coral::send_to`], and also returns whether the server may have executed an attempt before the last.
    ///
    /// `requests` returns the same request for each path that a scheme has for it. If the server does not know a path, the next is
    /// tried. No released server has some of the guide's paths, so those of servers since 1.1 follow them.
    pub(super) async fn send_to_tracked<R: IntoIterator<Item = HttpRequest>>(
        &self,
        requests: impl Fn(PathScheme) -> R,
    ) -> (Result<HttpResponse, ClientError>, bool) {
        let server = match self.detected_server().await {
            Ok(server) => server,
            Err(error) => return (Err(error), false),
        };
        let (mut unknown_path, mut in_doubt) = (None, false);
        for paths in server.paths.candidates() {
            for request in requests(*paths) {
                let (response, doubt) = self.transport.send_tracked(&request).await;
                in_doubt |= doubt;
                match response {
                    Err(error) if error.is_unknown_path() => _ = unknown_path.get_or_insert(error),
                    response => {
                        self.detector.record_paths(*paths);
                        return (response, in_doubt);
                    }
                }
            }
        }
        let no_request = || ClientError::invalid_request("calling Coral", BuildErrors::default());
        (Err(unknown_path.unwrap_or_else(no_request)), in_doubt)
    }

    /// Handles an error of a request with a body in the dialect of `server`. If the server could not decode it, a detected dialect is
    /// discarded, and a probable cause is added: the configured dialect, or the fields that this crate does not know.
    pub(super) fn explain_dialect(&self, error: ClientError, server: DetectedServer, extra: &[&str]) -> ClientError {
        let is_not_decoded = error.is_request_decode_error();
        if is_not_decoded {
            self.detector.record_rejected();
        }
        if server.is_configured() && (is_not_decoded || error.is_unknown_path()) {
            return error.with_hint(&format!(
                "the client is configured with `Dialect::{:?}`, which this server may not accept; without it, the dialect is detected",
                server.dialect
            ));
        }
        match extra {
            [field, ..] if is_not_decoded => error.with_hint(&format!(
                "the request contains `{}`, an extra field that this server may not know",
                field.escape_debug()
            )),
            _ => error,
        }
    }

    /// Whether an error reports that the requested object does not exist, as opposed to an unknown path. The guide does not define
    /// the error for missing objects, so any 404 counts there.
    pub(super) async fn is_absent(&self, error: &ClientError) -> bool {
        let is_guide = async || self.detected_server().await.is_ok_and(|server| server.paths == PathScheme::Guide);
        error.is_not_found() && (!error.is_unknown_path() || is_guide().await)
    }

    /// Converts the response to a `DELETE`. A missing object counts as deleted if an earlier attempt may have deleted it.
    pub(super) async fn accept_deletion(
        &self,
        response: Result<HttpResponse, ClientError>,
        in_doubt: bool,
    ) -> Result<(), ClientError> {
        match response {
            Err(error) if in_doubt && self.is_absent(&error).await => Ok(()),
            response => response.map(drop),
        }
    }
}
