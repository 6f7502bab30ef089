//! A request that has passed every check.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::Value;

use super::dialect;
use crate::build_error::{BuildErrors, ProblemCollector};
use crate::session::agent::Agent;
use crate::session::binding::CheckedBinding;
use crate::session::custom_tools::CustomTools;
use crate::session::dialect::Dialect;
use crate::session::option::TypedValue;
use crate::session::request::SessionRequest;

/// A session request that has passed every check, made by [`SessionRequest::checked`]. Only a checked request can be
/// rendered.
///
/// ```
/// use coral_tools::{Agent, Dialect, Runtime, SessionRequest};
///
/// let writer = Agent::local("writer", "1.0.0", Runtime::Docker);
/// let request = SessionRequest::in_namespace("default").agent(writer);
/// let checked = request.checked()?;
/// assert_ne!(checked.in_dialect(Dialect::Cloud)?, checked.in_dialect(Dialect::Server1_2)?);
/// # Ok::<(), coral_tools::BuildErrors>(())
/// ```
#[derive(Debug)]
pub struct CheckedRequest<'a> {
    request: &'a SessionRequest,
    tools: Vec<&'a CustomTools>,
    binding: Option<CheckedBinding<'a>>,
    agents: Vec<CheckedAgent<'a>>,
    settings: CheckedSettings,
}

impl<'a> CheckedRequest<'a> {
    pub(super) fn new(
        request: &'a SessionRequest,
        tools: Vec<&'a CustomTools>,
        binding: Option<CheckedBinding<'a>>,
        agents: Vec<CheckedAgent<'a>>,
        settings: CheckedSettings,
    ) -> Self {
        Self { request, tools, binding, agents, settings }
    }

    pub(crate) fn request(&self) -> &'a SessionRequest {
        self.request
    }

    pub(crate) fn tools(&self) -> &[&'a CustomTools] {
        &self.tools
    }

    pub(crate) fn binding(&self) -> Option<&CheckedBinding<'a>> {
        self.binding.as_ref()
    }

    pub(crate) fn agents(&self) -> &[CheckedAgent<'a>] {
        &self.agents
    }

    pub(crate) fn settings(&self) -> &CheckedSettings {
        &self.settings
    }

    /// The name of the namespace.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.request.namespace()
    }

    /// Checks that `dialect` supports everything that the request uses.
    ///
    /// # Errors
    ///
    /// Returns an error for each part of the request that `dialect` does not support.
    pub fn check_dialect(&self, dialect: Dialect) -> Result<(), BuildErrors> {
        let mut problems = ProblemCollector::new();
        dialect::request(self.request, dialect, &mut problems);
        problems.finish(())
    }
}

/// An agent whose options can be represented in JSON.
#[derive(Debug)]
pub(crate) struct CheckedAgent<'a> {
    pub(crate) agent: &'a Agent,
    pub(crate) options: Vec<(&'a str, &'a TypedValue)>,
    /// The names of the tools that it can call.
    pub(crate) tools: Vec<Cow<'a, str>>,
}

/// Runtime settings with times that servers can represent, and the URL of the session-end webhook.
#[derive(Debug)]
pub(crate) struct CheckedSettings {
    pub(crate) ttl: Option<Millis>,
    pub(crate) extended_end_report: bool,
    pub(crate) persistence: CheckedPersistence,
    pub(crate) session_end_url: Option<String>,
}

/// [`Persistence`](crate::session::settings::Persistence) with times that servers can represent.
#[derive(Debug)]
pub(crate) enum CheckedPersistence {
    Off,
    MinimumTime(Millis),
    HoldAfterExit(Millis),
}

/// A positive number of milliseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Millis(i64);

impl Millis {
    /// `None` for less than a millisecond, which servers ignore, and for more than an `i64` holds.
    pub(super) fn new(time: Duration) -> Option<Self> {
        i64::try_from(time.as_millis()).ok().filter(|millis| *millis > 0).map(Self)
    }
}

impl From<Millis> for Value {
    fn from(Millis(millis): Millis) -> Self {
        millis.into()
    }
}
