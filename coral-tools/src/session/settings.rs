//! Runtime settings of a session.

use std::time::Duration;

use super::base_url::BaseUrl;
use crate::build_error::BuildErrors;
use crate::state::report::SessionEndReport;

/// The runtime settings of a session: part of the request for a session that is executed at once, or the body that
/// executes a deferred one (`POST /api/v1/local/session/{namespace}/{session}`).
///
/// ```
/// use std::time::Duration;
///
/// use coral_tools::Dialect;
/// use coral_tools::session::RuntimeSettings;
///
/// let settings = RuntimeSettings::new().ttl(Duration::from_secs(300)).hold_after_exit(Duration::from_secs(60));
/// assert_eq!(
///     settings.to_json(Dialect::Server1_2)?,
///     serde_json::json!({"ttl": 300_000, "persistenceMode": {"mode": "hold_after_exit", "duration": 60_000}}),
/// );
/// # Ok::<(), coral_tools::BuildErrors>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RuntimeSettings {
    pub(super) ttl: Option<Duration>,
    pub(super) extended_end_report: bool,
    pub(super) persistence: Persistence,
    pub(super) session_end: Option<SessionEndTarget>,
}

/// How long a session can be read after its agents are done. Servers count in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Persistence {
    /// It is gone at once.
    #[default]
    Off,
    /// For this time after its creation.
    MinimumTime(Duration),
    /// For this time after its end.
    HoldAfterExit(Duration),
}

/// Where the report of a session's end is POSTed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum SessionEndTarget {
    /// Below the base URL of the request's first toolset.
    BesideTools,
    /// A URL, or the reason why it is invalid.
    At(Result<BaseUrl, BuildErrors>),
}

impl RuntimeSettings {
    /// The server's defaults: no time to live, nothing kept, nothing reported.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the session after this time, at least 1 ms.
    #[must_use]
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    /// Sets how long the session's state is kept.
    #[must_use]
    pub fn persistence(mut self, persistence: Persistence) -> Self {
        self.persistence = persistence;
        self
    }

    /// Keeps the session's state for this time after its end.
    #[must_use]
    pub fn hold_after_exit(self, time: Duration) -> Self {
        self.persistence(Persistence::HoldAfterExit(time))
    }

    /// Sets whether the report of the session's end contains its agents, threads and messages. Default: `false`.
    #[must_use]
    pub fn extended_end_report(mut self, extended: bool) -> Self {
        self.extended_end_report = extended;
        self
    }

    /// Sends the report of the session's end to `session-end` below `base_url`, the URL of the webhooks; see
    /// [`SessionEndReport::PATH`](crate::SessionEndReport::PATH).
    #[must_use]
    pub fn session_end_webhook<U>(mut self, base_url: U) -> Self
    where
        U: TryInto<BaseUrl>,
        U::Error: Into<BuildErrors>,
    {
        let url = base_url.try_into().map_err(Into::into).map(|url| url.join(SessionEndReport::PATH));
        self.session_end = Some(SessionEndTarget::At(url));
        self
    }

    /// Sends the report of the session's end to exactly this absolute URL: `https`, or `http` on this machine.
    #[must_use]
    pub fn session_end_webhook_at<U>(mut self, url: U) -> Self
    where
        U: TryInto<BaseUrl>,
        U::Error: Into<BuildErrors>,
    {
        self.session_end = Some(SessionEndTarget::At(url.try_into().map_err(Into::into)));
        self
    }
}
