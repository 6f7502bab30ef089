//! A request as it is sent.

use std::fmt;

use axum::body::Body;
use http::uri::PathAndQuery;
use http::{HeaderName, Request};

use super::json::BodyError;
use crate::session::call_url::Destination;

/// A request, byte for byte as Coral sends it.
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
    pub(super) destination: Destination,
    headers: Vec<(String, String)>,
    body: String,
    signature: String,
}

/// The parts of a call that a [`CoralCaller`](super::CoralCaller) sends in headers.
pub(super) struct CallHeaders<'a> {
    pub(super) signature_header: &'a str,
    pub(super) namespace: &'a str,
    pub(super) session_id: &'a str,
    pub(super) agent_name: &'a str,
}

impl WireRequest {
    pub(super) fn new(
        destination: Destination,
        call: &CallHeaders<'_>,
        body: String,
        signature: String,
    ) -> Result<Self, CallerError> {
        let signature_header = call.signature_header;
        let headers = [
            ("X-Coral-Namespace", call.namespace),
            ("X-Coral-SessionId", call.session_id),
            ("X-Coral-AgentName", call.agent_name),
        ];
        Self::with_headers(destination, signature_header, &headers, body, signature)
    }

    /// Builds the report of a session's end, which has no headers of an agent.
    pub(super) fn new_report(destination: Destination, body: String, signature: String) -> Result<Self, CallerError> {
        Self::with_headers(destination, "X-Coral-Signature", &[], body, signature)
    }

    fn with_headers(
        destination: Destination,
        signature_header: &str,
        extra: &[(&str, &str)],
        body: String,
        signature: String,
    ) -> Result<Self, CallerError> {
        let length = body.len().to_string();
        let authority = destination.authority();
        let first = [("Host", authority.as_str()), ("Content-Length", &length), (signature_header, &signature)];
        let last =
            [("Accept", "application/json"), ("User-Agent", "ktor-client"), ("Content-Type", "application/json")];
        let headers: Vec<(&str, &str)> = first.iter().chain(extra).chain(&last).copied().collect();
        check(&destination.target, &headers)?;
        let headers = headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        Ok(Self { destination, headers, body, signature })
    }

    /// The HTTP method: always `POST`.
    #[must_use]
    pub fn method(&self) -> &'static str {
        "POST"
    }

    /// The path and query, as in the request line.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.destination.target
    }

    /// The names and values of the headers, in the order and case in which they are sent.
    pub fn headers(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The JSON body as Coral prints it.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The HMAC-SHA256 of the body, in hex.
    #[must_use]
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// The whole request as HTTP/1.1.
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

    /// The request for a [`Router`](axum::Router) in this process, for example for
    /// [`tower::ServiceExt::oneshot`](https://docs.rs/tower/latest/tower/trait.ServiceExt.html#method.oneshot).
    ///
    /// # Errors
    ///
    /// Returns an error if a header contains a DEL character, which Coral sends and HTTP servers reject.
    pub fn to_http(&self) -> Result<Request<Body>, http::Error> {
        let mut request = Request::post(self.target());
        for (name, value) in self.headers() {
            // HTTP ignores white space around a value.
            request = request.header(name, value.trim_matches([' ', '\t']).as_bytes());
        }
        request.body(Body::from(self.body.clone()))
    }
}

/// Checks what the HTTP library of the server checks before it sends a request.
fn check(target: &str, headers: &[(&str, &str)]) -> Result<(), CallerError> {
    if target.parse::<PathAndQuery>().is_err() {
        return Err(CallerError::Unsendable("the URL's path is malformed"));
    }
    for (name, value) in headers {
        if HeaderName::from_bytes(name.as_bytes()).is_err() {
            return Err(CallerError::Unsendable("the name of the signature header is not a valid header name"));
        }
        if value.chars().any(|c| c < ' ' && c != '\t') {
            return Err(CallerError::Unsendable("the namespace, session or agent contains a control character"));
        }
    }
    Ok(())
}

/// The reason why a request was not sent, or got no response.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallerError {
    /// The arguments are not a JSON object, or nested too deeply.
    Arguments(&'static str),
    /// Coral could not send the request either: the agent sees an `Unknown error`.
    Unsendable(&'static str),
    /// The URL is an `https` URL, which this caller does not support.
    Https,
    /// There was no response, for example because of a timeout.
    NoResponse(String),
}

impl From<BodyError> for CallerError {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::NotJson => Self::Arguments("the arguments are not JSON"),
            BodyError::NotAnObject => Self::Arguments("the arguments are not a JSON object"),
            BodyError::TooDeep => Self::Arguments("the arguments are nested deeper than 512 levels"),
            BodyError::NotFinite => Self::Unsendable("the arguments contain a number that is too large for a double"),
        }
    }
}

impl fmt::Display for CallerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arguments(reason) | Self::Unsendable(reason) => f.write_str(reason),
            Self::Https => f.write_str("`https` URLs are not supported: use the `http` URL behind the TLS proxy"),
            Self::NoResponse(cause) => write!(f, "no response: {cause}"),
        }
    }
}

impl std::error::Error for CallerError {}
