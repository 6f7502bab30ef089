//! Configuration of the webhooks: secrets and limits.

use std::time::Duration;

use http::HeaderName;

use super::address::{CallerHeaderNames, SessionIdForm};
use super::rotating_secrets::RotatingSecrets;
use super::secret::Secret;
use crate::build_error::BuildError;
use crate::toolset::{DEFAULT_TIMEOUT, MAX_TIMEOUT};

/// Configures [`Toolset::webhooks`](crate::Toolset::webhooks), [`Toolset::webhook_service`](crate::Toolset::webhook_service)
/// and [`SessionEndService`](super::SessionEndService).
///
/// Only a [`Secret`] is required. Several are accepted at the same time, so that a secret can be rotated;
/// [`RotatingSecrets`] can be replaced without a restart.
///
/// ```
/// use std::time::Duration;
/// use coral_tools::{Secret, WebhookConfig};
///
/// let config = WebhookConfig::new([Secret::new("current"), Secret::new("previous")])
///     .body_limit(1024 * 1024)
///     .timeout(Duration::from_secs(5))
///     .application_id("my-application");
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct WebhookConfig {
    /// `None` if verification is off.
    pub(super) secrets: Option<RotatingSecrets>,
    pub(super) signature_header: HeaderName,
    /// `None` for the default, which depends on the webhook.
    pub(super) body_limit: Option<usize>,
    pub(super) timeout: Duration,
    pub(super) body_timeout: Duration,
    pub(super) min_body_rate: usize,
    pub(super) unverified_bytes: usize,
    pub(super) concurrency: usize,
    /// `None` for half of the concurrency, unless the toolset has one tool.
    pub(super) tool_concurrency: Option<usize>,
    /// `None` for half of the concurrency.
    pub(super) blocking_concurrency: Option<usize>,
    pub(super) session_ids: SessionIdForm,
    pub(super) application_id: Option<String>,
    pub(super) caller_headers: CallerHeaderNames,
}

impl WebhookConfig {
    /// Creates a configuration that accepts signatures of `secret`, or of any of several secrets.
    pub fn new(secret: impl Into<Self>) -> Self {
        secret.into()
    }

    /// Accepts every request without verifying it. Only for a network that no other client can reach, never for the
    /// internet.
    pub fn dangerously_unsigned() -> Self {
        Self::from_secrets(None)
    }

    fn from_secrets(secrets: Option<RotatingSecrets>) -> Self {
        Self {
            secrets,
            signature_header: HeaderName::from_static("x-coral-signature"),
            body_limit: None,
            timeout: DEFAULT_TIMEOUT,
            body_timeout: Duration::from_secs(3),
            min_body_rate: 64 * 1024,
            unverified_bytes: 32 * 1024 * 1024,
            concurrency: 512,
            tool_concurrency: None,
            blocking_concurrency: None,
            session_ids: SessionIdForm::Any,
            application_id: None,
            caller_headers: CallerHeaderNames::default(),
        }
    }

    /// Sets the header of the signature, for a tool with another `transport.signatureHeader`. Default:
    /// `X-Coral-Signature`.
    pub fn signature_header(mut self, name: HeaderName) -> Self {
        self.signature_header = name;
        self
    }

    /// Sets the maximum size of a body in bytes. A larger one gets a 413 response, of which an agent sees only the
    /// status. Default: 256 KiB for calls, 4 MiB for session-end reports.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = Some(bytes);
        self
    }

    /// Sets the timeout of tools that do not set one of their own. Default: 12 s; Coral waits 15 s for a call.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout.min(MAX_TIMEOUT);
        self
    }

    /// Sets how long a body may take to arrive after the headers. A later one gets a 408 response. Default: 3 s.
    ///
    /// Each received byte extends it as [`WebhookConfig::min_body_rate`] describes, up to [`WebhookConfig::timeout`].
    pub fn body_timeout(mut self, timeout: Duration) -> Self {
        self.body_timeout = timeout;
        self
    }

    /// Sets the minimum rate of a body in bytes per second, at least 1. Default: 65536.
    ///
    /// A body must be complete after [`WebhookConfig::body_timeout`] and the time that its received bytes take at this
    /// rate. By default, one of 256 KiB may take 7 s, and one of which a byte arrives per second is rejected after 3 s.
    pub fn min_body_rate(mut self, bytes_per_second: usize) -> Self {
        self.min_body_rate = bytes_per_second.max(1);
        self
    }

    /// Sets how many bytes of bodies that are not verified yet may be in memory; a body that arrives with its headers does
    /// not count. Default: 32 MiB, and at least the size of one body.
    ///
    /// Each body counts with its received bytes and 4 KiB. If they exceed this number, the slowest bodies get a 503
    /// response: those that have taken the longest, and of bodies of the same age the largest. So neither many slow bodies
    /// nor large ones that stop can block calls.
    pub fn unverified_bytes(mut self, bytes: usize) -> Self {
        self.unverified_bytes = bytes;
        self
    }

    /// Sets how many calls may run at the same time. Further calls get a 503 response immediately. Default: 512.
    ///
    /// A call counts once its signature is verified, until its response, or until it is cancelled. A call of a `blocking`
    /// tool counts until its thread is free, which may be later.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls;
        self
    }

    /// Sets how many calls of one tool may run at the same time. Further calls of this tool get a 503 response. Default: half
    /// of [`WebhookConfig::concurrency`], so that one slow tool cannot block the others; all of it for a toolset of one
    /// tool.
    pub fn tool_concurrency(mut self, calls: usize) -> Self {
        self.tool_concurrency = Some(calls);
        self
    }

    /// Sets how many calls of `blocking` tools, all together, may run or wait for a thread at the same time. Further ones
    /// get a 503 response. Default: half of [`WebhookConfig::concurrency`], which is half of the 512 threads that tokio has
    /// for blocking work by default. The whole process shares these threads, for example for files and DNS.
    pub fn blocking_concurrency(mut self, calls: usize) -> Self {
        self.blocking_concurrency = Some(calls);
        self
    }

    /// Accepts only session ids that are UUIDs, as Coral creates them. Calls of other sessions get a 400 response. Default:
    /// any 1 to 256 bytes of UTF-8 without control characters.
    pub fn uuid_session_ids(mut self) -> Self {
        self.session_ids = SessionIdForm::Uuid;
        self
    }

    /// Sets the application's id on Coral Cloud, the plain-text response to `GET /_coral/verification`.
    ///
    /// Coral Cloud sends this request to the application's base URL. If the webhooks are nested under a path, that path
    /// must be part of the base URL; otherwise use [`verification`](super::verification) at the root.
    pub fn application_id(mut self, id: impl Into<String>) -> Self {
        self.application_id = Some(id.into());
        self
    }

    /// Sets a header that contains the session id, for platforms that cannot route path segments and have a proxy move
    /// them: `X-SessionId` in the Coral Cloud API guide.
    pub fn session_header(mut self, name: HeaderName) -> Self {
        self.caller_headers.session = Some(name);
        self
    }

    /// Sets a header that contains the agent's name, like [`WebhookConfig::session_header`]: `X-AgentId` in the Coral
    /// Cloud API guide.
    pub fn agent_header(mut self, name: HeaderName) -> Self {
        self.caller_headers.agent = Some(name);
        self
    }

    /// Returns an error if verification is on and no secret can verify anything.
    pub(super) fn check_secrets(&self) -> Result<(), BuildError> {
        self.secrets.as_ref().map_or(Ok(()), RotatingSecrets::check)
    }
}

impl From<Secret> for WebhookConfig {
    fn from(secret: Secret) -> Self {
        RotatingSecrets::new([secret]).into()
    }
}

impl From<Vec<Secret>> for WebhookConfig {
    fn from(secrets: Vec<Secret>) -> Self {
        RotatingSecrets::new(secrets).into()
    }
}

impl<const N: usize> From<[Secret; N]> for WebhookConfig {
    fn from(secrets: [Secret; N]) -> Self {
        RotatingSecrets::new(secrets).into()
    }
}

impl From<RotatingSecrets> for WebhookConfig {
    fn from(secrets: RotatingSecrets) -> Self {
        Self::from_secrets(Some(secrets))
    }
}
