//! Error responses.

#[cfg(test)]
mod tests;

use std::fmt;
use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{StatusCode, Url};
use serde_json::Value;

use super::key::ApiKey;
use crate::claim::redact as redact_claims;

/// Characters of a server's message that are kept.
const MAX_MESSAGE: usize = 2_000;
/// Characters of an id, a code or a field name that are kept.
const MAX_WORD: usize = 200;
/// Where messages are: `message` of Coral, `detail` or else `title` of RFC 9457, `error` or a field of it elsewhere.
const MESSAGE_POINTERS: [&str; 5] = ["/message", "/detail", "/error/message", "/error", "/title"];
/// A request is not retried if the server's `Retry-After` is longer.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

/// An error response of an API or of a gateway in front of it: JSON with a message, a problem of RFC 9457, a line of text, a bare
/// status, or a page of HTML.
#[derive(Debug, Clone)]
pub(crate) struct ErrorResponse {
    status: StatusCode,
    message: Option<String>,
    code: Option<String>,
    /// The invalid field of the request.
    field: Option<String>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    /// The header `x-should-retry`.
    should_retry: Option<bool>,
    /// The content type of a body that is not the API's.
    foreign_content_type: Option<String>,
    /// The server that a redirect leads to.
    redirect: Option<String>,
}

impl ErrorResponse {
    /// Reads a response. The key is removed from everything that is kept, as servers may repeat it.
    pub(crate) fn new(status: StatusCode, headers: &HeaderMap, body: &[u8], key: Option<&ApiKey>) -> Self {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let message = |text: &str| redacted(text, MAX_MESSAGE, key);
        let word = |text: &str| redacted(text, MAX_WORD, key);
        let json = serde_json::from_slice::<Value>(body).ok();
        let first = |pointers: &[&str], redact: &dyn Fn(&str) -> Option<String>| {
            let strings = |pointer: &&str| json.as_ref()?.pointer(pointer)?.as_str();
            pointers.iter().filter_map(strings).find_map(redact)
        };
        let content_type = header(CONTENT_TYPE.as_str()).unwrap_or("no content type");
        let is_plain = content_type.starts_with("text/plain");
        let plain = is_plain.then(|| str::from_utf8(body).ok().and_then(message)).flatten();
        let is_blank = body.trim_ascii().is_empty();
        Self {
            status,
            foreign_content_type: (json.is_none() && !is_blank).then(|| word(content_type).unwrap_or_default()),
            message: first(&MESSAGE_POINTERS, &message).or(plain),
            code: first(&["/code", "/error/code", "/error/type"], &word),
            field: first(&["/error/param", "/param"], &word),
            request_id: ["x-request-id", "request-id"]
                .into_iter()
                .find_map(|name| header(name).and_then(word))
                .or_else(|| first(&["/request_id"], &word)),
            retry_after: header("retry-after-ms")
                .and_then(|millis| millis.trim().parse().ok())
                .map(Duration::from_millis)
                .or_else(|| header(RETRY_AFTER.as_str()).and_then(parse_retry_after))
                .or_else(|| json.as_ref()?.get("retry_after_seconds")?.as_u64().map(Duration::from_secs)),
            should_retry: header("x-should-retry").and_then(|value| value.trim().parse().ok()),
            redirect: header(LOCATION.as_str())
                .filter(|_| status.is_redirection())
                .map(redirect_target)
                .and_then(|target| word(&target)),
        }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    pub(crate) fn is_key_rejected(&self) -> bool {
        matches!(self.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
    }

    pub(crate) fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    pub(crate) fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Whether the response is from the API. Gateways send pages of their own.
    fn is_from_api(&self) -> bool {
        self.foreign_content_type.is_none()
    }

    /// Whether the object that the path names does not exist. A line of text must name the object, because gateways send lines of
    /// text as well.
    pub(crate) fn is_not_found(&self) -> bool {
        let names_object = || self.message().is_some_and(is_missing_object);
        self.status == StatusCode::NOT_FOUND && (self.is_from_api() || names_object())
    }

    /// Whether the path itself is unknown, as opposed to the object that it names.
    pub(crate) fn is_unknown_path(&self) -> bool {
        let is_unspecific = self.message().is_none_or(|message| message == "Not found");
        self.status == StatusCode::METHOD_NOT_ALLOWED || (self.status == StatusCode::NOT_FOUND && is_unspecific)
    }

    /// Whether a coral-server could not decode the body of the request, and so did not execute it.
    pub(crate) fn is_request_decode_error(&self) -> bool {
        self.message().is_some_and(|message| message.starts_with("Failed to convert request body"))
    }

    /// Whether a coral-server could not end a session because it was never executed.
    #[cfg(feature = "client")]
    pub(crate) fn is_not_launched(&self) -> bool {
        self.status == StatusCode::INTERNAL_SERVER_ERROR
            && self.message().is_some_and(|message| message.contains("have not been launched yet"))
    }

    /// Whether a coral-server does not know the type of an agent, or its registry.
    #[cfg(feature = "client")]
    pub(crate) fn is_unknown_agent(&self) -> bool {
        self.status == StatusCode::INTERNAL_SERVER_ERROR
            && self.message().is_some_and(|message| {
                (message.starts_with("Agent '") && message.contains("' not found in any of the "))
                    || message.starts_with("No registry sources for '")
            })
    }

    /// Whether a request that is not idempotent can be retried, because the server did not execute it.
    pub(crate) fn is_safe_to_retry(&self) -> bool {
        self.status == StatusCode::TOO_MANY_REQUESTS && self.is_retry_allowed()
    }

    /// Whether it is any 5xx that the server allows to retry.
    pub(crate) fn is_retryable_server_error(&self) -> bool {
        self.status.is_server_error() && self.is_retry_allowed()
    }

    /// Whether the server is unavailable or overloaded, for any length of time.
    pub(crate) fn is_outage(&self) -> bool {
        self.status.is_server_error()
            || matches!(self.status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
    }

    /// Whether the server may have executed the request: a gateway returns these statuses when it has lost the connection.
    pub(crate) fn is_outcome_unknown(&self) -> bool {
        const GATEWAYS: [StatusCode; 4] = [
            StatusCode::REQUEST_TIMEOUT,
            StatusCode::BAD_GATEWAY,
            StatusCode::SERVICE_UNAVAILABLE,
            StatusCode::GATEWAY_TIMEOUT,
        ];
        GATEWAYS.contains(&self.status) || (self.status.is_server_error() && !self.is_from_api())
    }

    /// Whether the error depends on the state of the server, not on the request. Coral returns 500 for invalid requests, so 500 is
    /// not transient. A conflict is permanent even if `x-should-retry` is `true`.
    pub(crate) fn is_transient(&self) -> bool {
        const TRANSIENT: [StatusCode; 5] = [
            StatusCode::REQUEST_TIMEOUT,
            StatusCode::TOO_MANY_REQUESTS,
            StatusCode::BAD_GATEWAY,
            StatusCode::SERVICE_UNAVAILABLE,
            StatusCode::GATEWAY_TIMEOUT,
        ];
        let is_transient = self.should_retry.unwrap_or_else(|| TRANSIENT.contains(&self.status));
        is_transient && self.status != StatusCode::CONFLICT && self.is_retry_allowed()
    }

    fn is_retry_allowed(&self) -> bool {
        self.should_retry != Some(false) && self.retry_after.is_none_or(|delay| delay <= MAX_RETRY_AFTER)
    }
}

/// Returns at most `max` characters of a server's text, without the key, claims and control characters, or `None` if nothing remains. The
/// key is removed before the text is cut, because half of a key would not be recognized.
pub(super) fn redacted(text: &str, max: usize, key: Option<&ApiKey>) -> Option<String> {
    let text: String = text.trim().chars().filter(|c| !c.is_control() || *c == '\n').collect();
    let text = redact_claims(&text);
    let text = key.map(|key| key.redact(&text)).unwrap_or(text);
    Some(text.chars().take(max).collect()).filter(|text: &String| !text.is_empty())
}

/// Whether a line of text reports a missing object, such as `session not found`. Routers report missing paths and pages, or name
/// nothing.
fn is_missing_object(line: &str) -> bool {
    const PATH_WORDS: [&str; 4] = ["page", "path", "route", "url"];
    const EMPTY_WORDS: [&str; 5] = ["404", "error", "http", "not", "found"];
    let line = line.to_ascii_lowercase();
    let words = || line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    line.contains("not found")
        && !words().any(|word| PATH_WORDS.contains(&word))
        && words().any(|word| !EMPTY_WORDS.contains(&word))
}

/// Parses `Retry-After` (RFC 9110, 10.2.3): seconds, or a date.
fn parse_retry_after(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

/// Returns the origin of a URL. Its path and query may contain secrets; the paths of websockets contain the key.
fn redirect_target(url: &str) -> String {
    match url.parse::<Url>().map(|url| url.origin()) {
        Ok(origin) if origin.is_tuple() => origin.ascii_serialization(),
        _ => "another path".to_owned(),
    }
}

impl fmt::Display for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, message, foreign_content_type, redirect, field, request_id, .. } = self;
        let field = field.as_ref().map(|field| format!(", field `{field}`")).unwrap_or_default();
        let request = request_id.as_ref().map(|id| format!(", request {id}")).unwrap_or_default();
        match (message, foreign_content_type, redirect) {
            (_, _, Some(target)) => {
                write!(
                    f,
                    "the server redirects to {target} ({status}), where the API key is not sent; check the server's URL"
                )
            }
            (Some(message), _, _) if self.is_key_rejected() => {
                write!(f, "the server rejected the API key ({status}{field}{request}): {message}")
            }
            (Some(message), _, _) => write!(f, "{message} ({status}{field}{request})"),
            (None, Some(content_type), _) => {
                write!(f, "received {status} ({content_type}{request}), which is not a response of the API")
            }
            (None, None, _) if self.is_key_rejected() => {
                write!(f, "the server rejected the API key ({status}{request})")
            }
            (None, None, _) => write!(f, "the server returned {status} without an error message{request}"),
        }
    }
}
