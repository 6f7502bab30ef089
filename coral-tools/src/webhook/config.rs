//! Configuration of the webhooks: secrets and limits.

use std::time::Duration;

use http::HeaderName;

use super::address::CallerHeaderNames;
use super::secret::Secret;
use crate::build_error::BuildError;
use crate::toolset::{DEFAULT_TIMEOUT, MAX_TIMEOUT};

/// Configures [`Toolset::webhooks`](crate::Toolset::webhooks), [`Toolset::webhook_service`](crate::Toolset::webhook_service)
/// and [`SessionEndService`](super::SessionEndService).
///
/// Only a [`Secret`] is required. Several are accepted at the same time, so that a secret can be rotated.
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
    pub(super) secrets: Option<Vec<Secret>>,
    pub(super) signature_header: HeaderName,
    /// `None` for the default, which depends on the webhook.
    pub(super) body_limit: Option<usize>,
    pub(super) timeout: Duration,
    pub(super) concurrency: usize,
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

    fn from_secrets(secrets: Option<Vec<Secret>>) -> Self {
        Self {
            secrets,
            signature_header: HeaderName::from_static("x-coral-signature"),
            body_limit: None,
            timeout: DEFAULT_TIMEOUT,
            concurrency: 512,
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

    /// Sets how many calls may run at the same time. Further calls get a 503 response immediately. Default: 512.
    ///
    /// A call counts once its signature is verified. Bodies that did not arrive with the headers count separately,
    /// against a second limit of the same size. So unverified bytes use at most this number times
    /// [`WebhookConfig::body_limit`], and slow clients without the secret cannot block calls.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.min(tokio::sync::Semaphore::MAX_PERMITS);
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
        match &self.secrets {
            Some(secrets) if !secrets.iter().any(|secret| secret.keys().next().is_some()) => {
                Err(BuildError::new("webhook secret", "all configured secrets are empty"))
            }
            _ => Ok(()),
        }
    }
}

impl From<Secret> for WebhookConfig {
    fn from(secret: Secret) -> Self {
        Self::from_secrets(Some(vec![secret]))
    }
}

impl From<Vec<Secret>> for WebhookConfig {
    fn from(secrets: Vec<Secret>) -> Self {
        Self::from_secrets(Some(secrets))
    }
}

impl<const N: usize> From<[Secret; N]> for WebhookConfig {
    fn from(secrets: [Secret; N]) -> Self {
        Self::from_secrets(Some(secrets.into()))
    }
}
