//! The results of probes.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use super::failure::ProbeFailure;
use super::problem::RequestChange;

/// How long Coral waits for a call.
const CORAL_TIMEOUT: Duration = Duration::from_secs(15);

const NOTE: &str = "note: this process sent the probe with the secret of this application. It cannot see which key the Coral \
                    server holds, nor what the server's own network, DNS and firewall allow.";

/// The results of a [`WebhookProbe`](super::WebhookProbe), one for each tool.
///
/// `Display` prints a line for each tool, the fix of each failure, and what a probe cannot find out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeReport {
    tools: Vec<ToolProbe>,
    working_base_url: Option<String>,
}

impl ProbeReport {
    pub(super) fn new(tools: Vec<ToolProbe>, working_base_url: Option<String>) -> Self {
        Self { tools, working_base_url }
    }

    /// Whether every tool is reached.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.failures().next().is_none()
    }

    /// The result of each tool, in the order of the toolset.
    #[must_use]
    pub fn tools(&self) -> &[ToolProbe] {
        &self.tools
    }

    /// Each tool that is not reached, by name.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &ProbeFailure)> {
        self.tools.iter().filter_map(|probe| Some((probe.tool(), probe.result().err()?)))
    }

    /// The base URL at which the webhooks responded, without its query, if the path of the given one is wrong. `None` if it is
    /// right, or if none of the usual mistakes explains the failure.
    #[must_use]
    pub fn working_base_url(&self) -> Option<&str> {
        self.working_base_url.as_deref()
    }

    /// Converts the report, so that an application refuses to start if a tool is not reached.
    ///
    /// # Errors
    ///
    /// Returns an error if a tool is not reached.
    pub fn into_result(self) -> Result<Self, ProbeError> {
        if self.is_ok() { Ok(self) } else { Err(ProbeError(Box::new(self))) }
    }
}

impl fmt::Display for ProbeReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (failed, all) = (self.failures().count(), self.tools.len());
        writeln!(f, "webhook probe: {} of {all} tools reached", all - failed)?;
        for probe in &self.tools {
            writeln!(f, "{probe}")?;
        }
        if let Some(url) = &self.working_base_url {
            writeln!(f, "the webhooks respond at the base URL {url}")?;
        }
        f.write_str(NOTE)
    }
}

/// The error of [`ProbeReport::into_result`]. `Display` and `Debug` print the report.
#[derive(Clone, PartialEq, Eq)]
pub struct ProbeError(Box<ProbeReport>);

impl ProbeError {
    /// The report.
    #[must_use]
    pub fn report(&self) -> &ProbeReport {
        &self.0
    }
}

impl fmt::Display for ProbeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for ProbeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for ProbeError {}

/// The result for one tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolProbe {
    pub(super) tool: String,
    /// Without its query.
    pub(super) url: String,
    pub(super) result: Result<ProbeSuccess, ProbeFailure>,
}

impl ToolProbe {
    /// The name of the tool.
    #[must_use]
    pub fn tool(&self) -> &str {
        &self.tool
    }

    /// The URL of the tool, without its query.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The way to the tool.
    ///
    /// # Errors
    ///
    /// Returns an error if a call of Coral would not reach the tool.
    pub fn result(&self) -> Result<&ProbeSuccess, &ProbeFailure> {
        self.result.as_ref()
    }
}

impl fmt::Display for ToolProbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  {} at {}: ", self.tool, self.url)?;
        match &self.result {
            Ok(success) => success.fmt(f),
            Err(failure) => write!(f, "not reached: {failure}\n    {}", failure.advice()),
        }
    }
}

/// A probe that the webhooks have received and verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeSuccess {
    pub(super) latency: Duration,
    pub(super) instance: ProbeInstance,
    pub(super) warnings: Vec<ProbeWarning>,
}

impl ProbeSuccess {
    /// The time from connecting to the end of the response. Coral waits 15 s for a call, which include it.
    #[must_use]
    pub fn latency(&self) -> Duration {
        self.latency
    }

    /// The process that responded.
    #[must_use]
    pub fn instance(&self) -> &ProbeInstance {
        &self.instance
    }

    /// Changes and delays that calls tolerate, but that are probably unintended.
    #[must_use]
    pub fn warnings(&self) -> &[ProbeWarning] {
        &self.warnings
    }
}

impl fmt::Display for ProbeSuccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "reached {} in {:.1?}", self.instance, self.latency)?;
        for warning in &self.warnings {
            write!(f, "\n    warning: ")?;
            match warning {
                ProbeWarning::ChangedHeader(change) => write!(f, "a proxy changed the request: {change}")?,
                ProbeWarning::Slow => {
                    let left = CORAL_TIMEOUT.saturating_sub(self.latency);
                    write!(f, "slow: of the 15 s that Coral waits, {left:.1?} are left for the tool")?;
                }
            }
        }
        Ok(())
    }
}

/// Which process responded. All instances of an application with the same secret respond to its probes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProbeInstance {
    /// The process that sent the probe.
    ThisProcess,
    /// Another process with the same secret, such as another instance behind a load balancer, and its random id.
    Other(String),
}

impl fmt::Display for ProbeInstance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ThisProcess => f.write_str("this process"),
            Self::Other(id) => write!(f, "another process with this secret ({id})"),
        }
    }
}

/// Something that calls tolerate, but that is probably unintended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProbeWarning {
    /// A proxy removed or changed a header that a call also has in its path.
    ChangedHeader(RequestChange),
    /// The way to the webhooks takes one second or more.
    Slow,
}
