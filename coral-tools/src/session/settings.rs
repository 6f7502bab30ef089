//! How a session runs, and what is left of it.

use std::time::Duration;

use super::base_url::BaseUrl;
use crate::build_error::BuildErrors;
use crate::state::report::SessionEndReport;

/// How a session runs: in the request of one that is executed at once, or the whole body that executes a deferred one
/// (`POST /api/v1/local/session/{namespace}/{session}`).
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

/// How long a session can be looked at when its agents are done. Servers count in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Persistence {
    /// Not at all.
    #[default]
    Off,
    /// So long from its creation on.
    MinimumTime(Duration),
    /// So long from its end on.
    HoldAfterExit(Duration),
}

/// Where the report of a session's end is sent.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum SessionEndTarget {
    /// Beside the webhooks of the request's tools.
    BesideTools,
    At(Result<BaseUrl, BuildErrors>),
}

impl RuntimeSettings {
    /// The server's own: no limit of time, nothing kept, nothing reported.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the session after this time, at least a millisecond.
    #[must_use]
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    /// Keeps the session's state for a while.
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

    /// Whether the report of the session's end has its agents, threads and messages in it.
    #[must_use]
    pub fn extended_end_report(mut self, extended: bool) -> Self {
        self.extended_end_report = extended;
        self
    }

    /// Has the report of the session's end POSTed beside the tools whose webhooks are at `base_url`: to `session-end` below it,
    /// which is [`SessionEndReport::PATH`](crate::SessionEndReport::PATH).
    #[must_use]
    pub fn session_end_webhook<U>(mut self, base_url: U) -> Self
    where
        U: TryInto<BaseUrl>,
        U::Error: Into<BuildErrors>,
    {
        let url = base_url.try_into().map_err(Into::into).map(|url| url.below(SessionEndReport::PATH));
        self.session_end = Some(SessionEndTarget::At(url));
        self
    }

    /// Has the report of the session's end POSTed to this absolute URL as it is: `https`, or `http` on this machine.
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
