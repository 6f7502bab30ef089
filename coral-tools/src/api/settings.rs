//! Settings that the clients of all platforms share.

use std::time::Duration;

/// Timeouts, retries and intervals of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClientSettings {
    /// Limit of one attempt of a request, including the response body.
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    /// Retries of a request after its first attempt.
    pub(crate) retries: usize,
    /// Maximum size of a response or an event in bytes.
    pub(crate) response_limit: usize,
    /// Interval between two polls.
    pub(crate) poll_interval: Duration,
    /// Silence after which a stream is considered dead and is opened again.
    pub(crate) idle_timeout: Duration,
    /// How long a stream tolerates transient errors before it ends with the error.
    pub(crate) max_outage: Duration,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            retries: 3,
            response_limit: 16 << 20,
            poll_interval: Duration::from_secs(1),
            idle_timeout: Duration::from_secs(45),
            max_outage: Duration::from_secs(60),
        }
    }
}
