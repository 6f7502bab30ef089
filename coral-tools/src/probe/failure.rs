//! Why Coral would not reach a tool.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use super::problem::{ConnectProblem, PathProblem, RequestChange, TlsProblem};

/// Why a call of Coral would not reach a tool: the first hop that fails, in the order in which a request passes them.
///
/// `Display` prints the cause, and [`advice`](Self::advice) the fix.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProbeFailure {
    /// No request can be made from the URL.
    InvalidUrl {
        /// The error of the HTTP client.
        reason: String,
    },
    /// The server cannot reach the host, because it is a placeholder, or in another network. Nothing was sent.
    UnreachableHost {
        /// The host of the URL.
        host: String,
        /// Why the server cannot reach it.
        reason: String,
    },
    /// The name of the host does not resolve.
    Dns {
        /// The name.
        host: String,
        /// The error of the resolver.
        reason: String,
    },
    /// No connection.
    Connect {
        /// Host and port.
        address: String,
        /// Why there is none.
        problem: ConnectProblem,
    },
    /// No TLS connection of version 1.2, the only version that Coral supports.
    Tls(TlsProblem),
    /// No complete response.
    NoResponse {
        /// Why it is not complete.
        reason: String,
    },
    /// No complete response within the time that Coral waits.
    TimedOut {
        /// The time.
        timeout: Duration,
    },
    /// A redirect, which Coral does not follow.
    Redirect {
        /// The status.
        status: u16,
        /// The target, without its query.
        location: Option<String>,
    },
    /// Any other status than 200, from this or another application, or from a proxy.
    Status {
        /// The status.
        status: u16,
    },
    /// A response with status 200 that is not one of these webhooks.
    DifferentApplication {
        /// The difference from a response of the webhooks.
        reason: String,
    },
    /// The base URL has another path than the webhooks.
    Path(PathProblem),
    /// The webhooks do not have a tool with this name: they serve another toolset, or another version of it.
    UnknownTool {
        /// The name.
        tool: String,
    },
    /// The webhooks reject the signature: their secret is another one than that of the probe, or the signature did not arrive.
    SignatureRejected,
    /// The webhooks read the signature from another header than the `signatureHeader` of the tool.
    SignatureHeader {
        /// The header of the tool.
        sent: String,
        /// The header that the webhooks read.
        expected: String,
    },
    /// A proxy has changed the request, so that the webhooks reject it.
    ChangedRequest(RequestChange),
    /// The webhooks reject the request, although it has arrived unchanged.
    Rejected {
        /// The status that a call would receive.
        status: u16,
        /// The reason, as the webhooks log it.
        reason: String,
    },
    /// The webhooks do not verify signatures, so they cannot prove that they belong to this application.
    Unverified,
    /// The response took so long that no time would be left for the tool.
    TooSlow {
        /// The time from connecting to the end of the response.
        latency: Duration,
    },
}

impl ProbeFailure {
    /// The fix, as a sentence without a full stop.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Redirect { location: Some(location), .. } => format!("use the target in the base URL: `{location}`"),
            Self::Path(problem) => problem.advice(),
            Self::Rejected { reason, .. } => reason.clone(),
            _ => self.fixed_advice().to_owned(),
        }
    }

    fn fixed_advice(&self) -> &'static str {
        match self {
            Self::InvalidUrl { .. } => "correct the URL",
            Self::UnreachableHost { .. } => {
                "set the base URL to the public URL of the application, or to that of a tunnel during development"
            }
            Self::Dns { .. } => "correct the host, or create its DNS record",
            Self::Connect { problem, .. } => problem.advice(),
            Self::Tls(problem) => problem.advice(),
            Self::TimedOut { .. } | Self::TooSlow { .. } => {
                "look for the delay in the network, proxies and middleware; Coral waits 15 s, connecting included"
            }
            Self::Redirect { .. } => "use the target of the redirect in the base URL",
            Self::Status { status } => status_advice(*status),
            Self::DifferentApplication { .. } => {
                "check host, port and path of the base URL; the webhooks need this version of coral-tools, too"
            }
            Self::UnknownTool { .. } => "serve the toolset that the session request declares",
            Self::SignatureRejected => {
                "give the webhooks and the probe the same secret; if they have it, a proxy removes the signature header"
            }
            Self::SignatureHeader { .. } => {
                "set the same header with `CustomTools::signature_header` and `WebhookConfig::signature_header`"
            }
            Self::ChangedRequest(_) => "configure the proxy to forward the body and Coral's headers unchanged",
            Self::Unverified => "serve the webhooks with a `Secret`",
            Self::NoResponse { .. } | Self::Path(_) | Self::Rejected { .. } => LOOK_IN_LOGS,
        }
    }

    /// Whether another path at the same host may be that of the webhooks.
    pub(super) fn may_be_the_path(&self) -> bool {
        matches!(self, Self::Status { status: 404 | 405 } | Self::DifferentApplication { .. } | Self::Path(_))
    }
}

const LOOK_IN_LOGS: &str = "look for the request in the logs of the application and of the proxies before it";

fn status_advice(status: u16) -> &'static str {
    match status {
        401 | 403 => "a proxy or middleware requires authentication; exempt the webhooks, which verify signatures",
        404 | 405 => "compare the path of the base URL with the path under which the webhooks are nested",
        429 => "try again later; the webhooks respond to 256 probes per second",
        502..=504 => "a proxy does not reach the application; check that it runs, and the proxy's upstream address",
        _ => LOOK_IN_LOGS,
    }
}

impl fmt::Display for ProbeFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidUrl { reason } => write!(f, "invalid URL: {reason}"),
            Self::UnreachableHost { host, reason } => write!(f, "host: Coral cannot reach `{host}`: {reason}"),
            Self::Dns { host, reason } => write!(f, "DNS: `{host}` does not resolve: {reason}"),
            Self::Connect { address, problem } => write!(f, "connect: {address}: {problem}"),
            Self::Tls(problem) => write!(f, "TLS: {problem}"),
            Self::NoResponse { reason } => write!(f, "no response: {reason}"),
            Self::TimedOut { timeout } => write!(f, "no response within {timeout:?}"),
            Self::Redirect { status, .. } => write!(f, "redirect: status {status}; Coral does not follow redirects"),
            Self::Status { status } => {
                write!(f, "status {status}, instead of a response of the webhooks")
            }
            Self::DifferentApplication { reason } => write!(f, "a different application responded: {reason}"),
            Self::Path(problem) => write!(f, "path: {problem}"),
            Self::UnknownTool { tool } => write!(f, "the webhooks do not have a tool `{tool}`"),
            Self::SignatureRejected => f.write_str("signature: the application rejects it"),
            Self::SignatureHeader { sent, expected } => {
                write!(f, "signature: sent as `{sent}`, but the webhooks read `{expected}`")
            }
            Self::ChangedRequest(change) => write!(f, "a proxy changed the request: {change}"),
            Self::Rejected { status, .. } => write!(f, "the webhooks would reject a call with status {status}"),
            Self::Unverified => f.write_str("the webhooks do not verify signatures: any client can call the tools"),
            Self::TooSlow { latency } => write!(f, "latency: the response took {latency:.1?}"),
        }
    }
}

impl Error for ProbeFailure {}
