//! One call as it goes over the wire.

use std::fmt;

use axum::body::Body;
use http::uri::PathAndQuery;
use http::{HeaderName, Request};

use super::json::Fault;
use super::url::Destination;

/// One call, byte for byte as Coral sends it.
///
/// ```
/// use coral_tools::Secret;
/// use coral_tools::testing::CoralCaller;
///
/// let request = CoralCaller::new(Secret::new("test-secret"))
///     .in_session("sid")
///     .by_agent("Zoë 1")
///     .request("https://your-app.example/coral/ping", ())?;
/// assert_eq!(request.target(), "/coral/ping/sid/Zo%C3%AB%201");
/// assert_eq!(request.body(), "null");
/// # Ok::<(), coral_tools::testing::CallerError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireRequest {
    pub(super) to: Destination,
    headers: Vec<(String, String)>,
    body: String,
    signature: String,
}

/// What a [`CoralCaller`](super::CoralCaller) puts into the headers of a call.
pub(super) struct Identity<'a> {
    pub(super) signature_header: &'a str,
    pub(super) namespace: &'a str,
    pub(super) session_id: &'a str,
    pub(super) agent_name: &'a str,
}

impl WireRequest {
    pub(super) fn new(
        to: Destination,
        identity: &Identity<'_>,
        body: String,
        signature: String,
    ) -> Result<Self, CallerError> {
        let signature_header = identity.signature_header;
        let identity = [
            ("X-Coral-Namespace", identity.namespace),
            ("X-Coral-SessionId", identity.session_id),
            ("X-Coral-AgentName", identity.agent_name),
        ];
        Self::signed(to, signature_header, &identity, body, signature)
    }

    /// The report of a session's end: no agent sends it.
    pub(super) fn report(to: Destination, body: String, signature: String) -> Result<Self, CallerError> {
        Self::signed(to, "X-Coral-Signature", &[], body, signature)
    }

    fn signed(
        to: Destination,
        signature_header: &str,
        identity: &[(&str, &str)],
        body: String,
        signature: String,
    ) -> Result<Self, CallerError> {
        let length = body.len().to_string();
        let authority = to.authority();
        let first = [
            ("Host", authority.as_str()),
            ("Content-Length", &length),
            ("Accept", "application/json"),
            (signature_header, &signature),
        ];
        let last = [("User-Agent", "ktor-client"), ("Content-Type", "application/json")];
        let headers: Vec<(&str, &str)> = first.iter().chain(identity).chain(&last).copied().collect();
        check(&to.target, &headers)?;
        let headers = headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        Ok(Self { to, headers, body, signature })
    }

    /// Always `POST`.
    #[must_use]
    pub fn method(&self) -> &'static str {
        "POST"
    }

    /// Path and query, as in the request line.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.to.target
    }

    /// Names and values in the order and the case in which they are sent.
    pub fn headers(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The arguments as Coral prints them.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// HMAC-SHA256 of the body, in hex.
    #[must_use]
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// The whole request in HTTP/1.1.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = format!("{} {} HTTP/1.1\r\n", self.method(), self.target());
        for (name, value) in self.headers() {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        text.push_str(&self.body);
        text.into_bytes()
    }

    /// The request for a [`Router`](axum::Router) in this process, to be changed or sent by
    /// [`tower::ServiceExt::oneshot`](https://docs.rs/tower/latest/tower/trait.ServiceExt.html#method.oneshot).
    ///
    /// # Errors
    ///
    /// Where an HTTP server would refuse a header: DEL passes Coral, but nobody takes it.
    pub fn to_http(&self) -> Result<Request<Body>, http::Error> {
        let mut request = Request::post(self.target());
        for (name, value) in self.headers() {
            // White space around a value is lost on the wire.
            request = request.header(name, value.trim_matches([' ', '\t']).as_bytes());
        }
        request.body(Body::from(self.body.clone()))
    }
}

/// What the server's HTTP library checks before it sends anything.
fn check(target: &str, headers: &[(&str, &str)]) -> Result<(), CallerError> {
    if target.parse::<PathAndQuery>().is_err() {
        return Err(CallerError::Unsendable("the URL's path is malformed"));
    }
    for (name, value) in headers {
        if HeaderName::from_bytes(name.as_bytes()).is_err() {
            return Err(CallerError::Unsendable("the signature header's name is no header name"));
        }
        if value.chars().any(|c| c < ' ' && c != '\t') {
            return Err(CallerError::Unsendable("the namespace, session or agent holds a control character"));
        }
    }
    Ok(())
}

/// Why there was no call.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallerError {
    /// The arguments are not a JSON object, or nested too deeply.
    Arguments(&'static str),
    /// Coral itself cannot send it, and tells the agent `Unknown error`.
    Unsendable(&'static str),
    /// An `https` URL; this caller speaks plain http alone.
    Https,
    /// There was no response, for example in time.
    NoResponse(String),
}

impl From<Fault> for CallerError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotJson => Self::Arguments("the arguments are not JSON"),
            Fault::NotAnObject => Self::Arguments("the arguments are not a JSON object"),
            Fault::TooDeep => Self::Arguments("the arguments are nested deeper than 512 levels"),
            Fault::NotFinite => Self::Unsendable("the arguments hold a number that no double holds"),
        }
    }
}

impl fmt::Display for CallerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arguments(fault) | Self::Unsendable(fault) => f.write_str(fault),
            Self::Https => f.write_str("`https` URLs are not supported: use the `http` URL behind the TLS proxy"),
            Self::NoResponse(cause) => write!(f, "no response: {cause}"),
        }
    }
}

impl std::error::Error for CallerError {}
