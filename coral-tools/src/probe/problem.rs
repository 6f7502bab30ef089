//! Details of a [`ProbeFailure`](super::ProbeFailure).

use std::fmt;

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectProblem {
    /// The machine rejects connections to the port.
    Refused,
    /// No reaction in the 5 s that Coral waits.
    TimedOut,
    /// Any other error of the operating system, or of a proxy for outgoing requests.
    Other(String),
}

impl ConnectProblem {
    pub(super) fn advice(&self) -> &'static str {
        match self {
            Self::Refused => {
                "start the application, or correct the port; it must listen on an address that others can reach"
            }
            Self::TimedOut => "open the port in the firewall, or correct the host",
            Self::Other(_) => "check host and port, and the network between",
        }
    }
}

impl fmt::Display for ConnectProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused => f.write_str("connection refused; no program listens there"),
            Self::TimedOut => f.write_str("no connection within 5 s"),
            Self::Other(reason) => f.write_str(reason),
        }
    }
}

/// Why there is no TLS connection.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlsProblem {
    /// The port responds without TLS.
    NotTls,
    /// The server does not offer TLS 1.2.
    Version {
        /// The version that it offers, if it accepted one.
        offered: Option<&'static str>,
    },
    /// The certificate is not valid for the URL.
    Certificate(String),
    /// Any other error of TLS.
    Other(String),
}

impl TlsProblem {
    pub(super) fn advice(&self) -> &'static str {
        match self {
            Self::NotTls => "use the port that serves TLS, or `http://` if Coral is on the same machine or network",
            Self::Version { .. } => "enable TLS 1.2 at the server or proxy that ends TLS",
            Self::Certificate(_) => "install a certificate of a public authority for this host, with its chain",
            Self::Other(_) => "check the TLS configuration of the server or proxy that ends TLS",
        }
    }
}

impl fmt::Display for TlsProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotTls => f.write_str("the port does not serve TLS, but the URL starts with `https://`"),
            Self::Version { offered: Some(version) } => {
                write!(f, "the server offers {version} but not TLS 1.2, the only version that Coral supports")
            }
            Self::Version { offered: None } => f.write_str("the server does not offer TLS 1.2, which Coral needs"),
            Self::Certificate(reason) => write!(f, "the certificate is not valid: {reason}"),
            Self::Other(reason) => f.write_str(reason),
        }
    }
}

/// How the path of the base URL differs from that of the webhooks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathProblem {
    /// The webhooks receive more than the path of a tool.
    Extra {
        /// The part before the tool's name, such as `/coral`.
        prefix: String,
        /// Whether that is the name of the tool: its own URL was used as the base URL.
        is_tool: bool,
    },
    /// The webhooks respond at a path that continues that of the base URL.
    Missing {
        /// The missing part, such as `/coral`.
        suffix: String,
    },
    /// The webhooks respond at another path.
    Different {
        /// That path, such as `/coral`.
        path: String,
    },
    /// A proxy or router removes the tool's name from the path.
    WithoutTool {
        /// The path that the webhooks received.
        received: String,
    },
}

impl PathProblem {
    /// Compares the path of a base URL with the one at which the webhooks respond.
    pub(super) fn between(used: &str, working: &str) -> Self {
        let (used, working) = (used.trim_end_matches('/'), working.trim_end_matches('/'));
        match working.strip_prefix(used) {
            Some(suffix) if suffix.starts_with('/') => Self::Missing { suffix: suffix.to_owned() },
            _ => Self::Different { path: if working.is_empty() { "/".to_owned() } else { working.to_owned() } },
        }
    }

    pub(super) fn advice(&self) -> String {
        match self {
            Self::Extra { is_tool: true, .. } => {
                "remove the tool's name from the base URL; it is appended for each tool".to_owned()
            }
            Self::Extra { prefix, .. } => {
                format!("remove `{prefix}` from the base URL, or nest the webhooks under the whole path")
            }
            Self::Missing { suffix } => format!("append `{suffix}` to the base URL"),
            Self::Different { path } => format!("set the path of the base URL to `{path}`"),
            Self::WithoutTool { .. } => "configure the proxy or router to keep the rest of the path".to_owned(),
        }
    }
}

impl fmt::Display for PathProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Extra { prefix, is_tool: true } => {
                write!(f, "the base URL is the URL of a tool: `{prefix}` precedes the tool's name")
            }
            Self::Extra { prefix, .. } => {
                write!(
                    f,
                    "the webhooks received `{prefix}` before the tool's name; that part is doubled or superfluous"
                )
            }
            Self::Missing { suffix } => write!(f, "`{suffix}` is missing at the end of the base URL's path"),
            Self::Different { path } => write!(f, "the webhooks respond at another path, `{path}`"),
            Self::WithoutTool { received } => {
                write!(f, "the webhooks received `{received}`, without the tool's name or the caller")
            }
        }
    }
}

/// A change of the request between the probe and the webhooks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestChange {
    /// The header did not arrive.
    HeaderRemoved(String),
    /// The header arrived with another value, or more than once.
    HeaderChanged(String),
    /// The body arrived with other bytes.
    Body,
}

impl fmt::Display for RequestChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HeaderRemoved(name) => write!(f, "the header `{name}` is missing"),
            Self::HeaderChanged(name) => write!(f, "the header `{name}` has another value"),
            Self::Body => f.write_str("the body has other bytes, so its signature is not valid"),
        }
    }
}
