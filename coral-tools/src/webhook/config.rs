//! How webhooks are served: whose signatures are taken, and the limits.

use std::time::Duration;

use http::HeaderName;

use super::address::ProxyHeaders;
use super::secret::Secret;

/// How [`Toolset::webhooks`](crate::Toolset::webhooks) serves calls, and [`session_end`](super::session_end()) reports.
///
/// A [`Secret`], or several of them for the time of a rotation, is all that is needed; the rest has defaults.
///
/// ```
/// use std::time::Duration;
/// use coral_tools::{Secret, Webhooks};
///
/// let webhooks = Webhooks::from([Secret::new("current"), Secret::new("previous")])
///     .body_limit(1024 * 1024)
///     .timeout(Duration::from_secs(5))
///     .application_id("my-application");
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Webhooks {
    /// `None` where calls are not verified.
    pub(super) secrets: Option<Vec<Secret>>,
    pub(super) signature_header: HeaderName,
    pub(super) body_limit: usize,
    pub(super) timeout: Duration,
    pub(super) concurrency: usize,
    pub(super) application_id: Option<String>,
    pub(super) proxy: ProxyHeaders,
}

impl Webhooks {
    fn new(secrets: Option<Vec<Secret>>) -> Self {
        Self {
            secrets,
            signature_header: HeaderName::from_static("x-coral-signature"),
            body_limit: 4 * 1024 * 1024,
            timeout: crate::toolset::DEFAULT_TIMEOUT,
            concurrency: 512,
            application_id: None,
            proxy: ProxyHeaders::default(),
        }
    }

    /// Takes every call, from anybody, unverified. For a network that nobody else can reach; never for the internet.
    pub fn dangerously_unsigned() -> Self {
        Self::new(None)
    }

    /// The header of the signature, where a tool's `transport.signatureHeader` is not `X-Coral-Signature`.
    pub fn signature_header(mut self, name: HeaderName) -> Self {
        self.signature_header = name;
        self
    }

    /// The largest body in bytes; a larger one is answered with 413, of which an agent sees only the number.
    /// 4 MiB unless said.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// How long a tool may take that does not say so itself. 12 s unless said: Coral waits 15 s for the whole call.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit.min(crate::toolset::LONGEST);
        self
    }

    /// How many calls may run at once; one more is answered with 503 at once instead of being queued. 512 unless said.
    ///
    /// Only a call whose signature matches takes room. As many bodies again may be on their way: those that did not come
    /// whole with their head, and claim a signature. So unverified bytes are never more than this times
    /// [`Webhooks::body_limit`], and whoever sends them slowly keeps no room from calls that arrive in one piece.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.min(tokio::sync::Semaphore::MAX_PERMITS);
        self
    }

    /// The application's id on Coral Cloud, answered as plain text to `GET /_coral/verification`.
    ///
    /// Coral Cloud asks at the application's base URL. Where the webhooks are nested under a path, that path belongs to
    /// the base URL; or mount [`verification`](super::verification) at the root.
    pub fn application_id(mut self, id: impl Into<String>) -> Self {
        self.application_id = Some(id.into());
        self
    }

    /// A header that names the session, for platforms that cannot route path segments and have a proxy move them:
    /// `X-SessionId` in the Coral Cloud API guide.
    pub fn session_header(mut self, name: HeaderName) -> Self {
        self.proxy.session = Some(name);
        self
    }

    /// A header that names the agent, like [`Webhooks::session_header`]: `X-AgentId` in the Coral Cloud API guide.
    pub fn agent_header(mut self, name: HeaderName) -> Self {
        self.proxy.agent = Some(name);
        self
    }
}

impl From<Secret> for Webhooks {
    fn from(secret: Secret) -> Self {
        Self::new(Some(vec![secret]))
    }
}

impl From<Vec<Secret>> for Webhooks {
    fn from(secrets: Vec<Secret>) -> Self {
        Self::new(Some(secrets))
    }
}

impl<const N: usize> From<[Secret; N]> for Webhooks {
    fn from(secrets: [Secret; N]) -> Self {
        Self::new(Some(secrets.into()))
    }
}
