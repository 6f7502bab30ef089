//! An answer that says no.

#[cfg(test)]
mod tests;

use std::fmt;
use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{StatusCode, Url};
use serde_json::Value;

use super::key::ApiKey;

/// As much of a server's sentence as anyone will read.
const LONGEST_MESSAGE: usize = 2_000;
/// Of an id or the name of a field.
const LONGEST_WORD: usize = 200;
/// Coral says `message`, RFC 9457 `detail` or else `title`, others `error` or something in it.
const MESSAGES: [&str; 5] = ["/message", "/detail", "/error/message", "/error", "/title"];
/// A server that asks for more is not waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Every way of an API, and of gateways before it, to say no: JSON with a sentence somewhere, RFC 9457's problems, a line of
/// text, a bare status, a page of HTML.
#[derive(Debug, Clone)]
pub(crate) struct ErrorResponse {
    status: StatusCode,
    message: Option<String>,
    code: Option<String>,
    /// What in the request is wrong.
    field: Option<String>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    /// `x-should-retry`, where the server knows better.
    should_retry: Option<bool>,
    /// The type of a body that is not the API's.
    foreign: Option<String>,
    redirect: Option<String>,
}

impl ErrorResponse {
    /// What is said is kept without the key, which a server may have repeated.
    pub(crate) fn new(status: StatusCode, headers: &HeaderMap, body: &[u8], key: Option<&ApiKey>) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let sentence = |text: &str| shown(text, LONGEST_MESSAGE, key);
        let word = |text: &str| shown(text, LONGEST_WORD, key);
        let json = serde_json::from_slice::<Value>(body).ok();
        let first = |pointers: &[&str], shown: &dyn Fn(&str) -> Option<String>| {
            let texts = |pointer: &&str| json.as_ref()?.pointer(pointer)?.as_str();
            pointers.iter().filter_map(texts).find_map(shown)
        };
        let kind = text(CONTENT_TYPE.as_str()).unwrap_or("no type");
        let plain = kind.starts_with("text/plain").then(|| str::from_utf8(body).ok().and_then(sentence)).flatten();
        let is_blank = body.trim_ascii().is_empty();
        Self {
            status,
            foreign: (json.is_none() && !is_blank).then(|| word(kind).unwrap_or_default()),
            message: first(&MESSAGES, &sentence).or(plain),
            code: first(&["/code", "/error/code", "/error/type"], &word),
            field: first(&["/error/param", "/param"], &word),
            request_id: ["x-request-id", "request-id"]
                .into_iter()
                .find_map(|name| text(name).and_then(word))
                .or_else(|| first(&["/request_id"], &word)),
            retry_after: text("retry-after-ms")
                .and_then(|millis| millis.trim().parse().ok())
                .map(Duration::from_millis)
                .or_else(|| text(RETRY_AFTER.as_str()).and_then(wait))
                .or_else(|| json.as_ref()?.get("retry_after_seconds")?.as_u64().map(Duration::from_secs)),
            should_retry: text("x-should-retry").and_then(|value| value.trim().parse().ok()),
            redirect: text(LOCATION.as_str())
                .filter(|_| status.is_redirection())
                .map(server_of)
                .and_then(|to| word(&to)),
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

    pub(crate) fn refuses_the_key(&self) -> bool {
        matches!(self.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
    }

    pub(crate) fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    pub(crate) fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// A gateway answers with pages of its own.
    fn is_of_the_api(&self) -> bool {
        self.foreign.is_none()
    }

    /// Whether it says of what the path names that it is not there. A line of text must say of what, as gateways have such
    /// lines, too.
    pub(crate) fn is_not_found(&self) -> bool {
        let names_it = || self.message().is_some_and(misses_a_thing);
        self.status == StatusCode::NOT_FOUND && (self.is_of_the_api() || names_it())
    }

    /// Whether the path itself is unknown, as opposed to what it names.
    pub(crate) fn knows_no_such_path(&self) -> bool {
        let silent = self.message().is_none_or(|message| message == "Not found");
        self.status == StatusCode::METHOD_NOT_ALLOWED || (self.status == StatusCode::NOT_FOUND && silent)
    }

    /// What a coral-server says of a body that it does not understand; it did nothing then.
    pub(crate) fn could_not_decode(&self) -> bool {
        self.message().is_some_and(|message| message.starts_with("Failed to convert request body"))
    }

    /// Whether the server says itself that it did nothing.
    pub(crate) fn was_not_done(&self) -> bool {
        self.status == StatusCode::TOO_MANY_REQUESTS && self.is_worth_waiting_for()
    }

    /// Whether it is a fault of the server, whatever it calls it.
    pub(crate) fn is_a_fault(&self) -> bool {
        self.status.is_server_error() && self.is_worth_waiting_for()
    }

    /// Whether it is trouble of the server, however long it lasts.
    pub(crate) fn is_trouble(&self) -> bool {
        self.status.is_server_error()
            || matches!(self.status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
    }

    /// Whether nobody knows what became of the call: a gateway speaks for a server that it has lost sight of.
    pub(crate) fn leaves_doubt(&self) -> bool {
        const GATEWAYS: [StatusCode; 4] = [
            StatusCode::REQUEST_TIMEOUT,
            StatusCode::BAD_GATEWAY,
            StatusCode::SERVICE_UNAVAILABLE,
            StatusCode::GATEWAY_TIMEOUT,
        ];
        GATEWAYS.contains(&self.status) || (self.status.is_server_error() && !self.is_of_the_api())
    }

    /// Whether it is the state of the server, not of the request. A 500 is what Coral says of wrong requests. What conflicts
    /// with something does so again, whatever else the server says.
    pub(crate) fn may_pass(&self) -> bool {
        const PASSING: [StatusCode; 5] = [
            StatusCode::REQUEST_TIMEOUT,
            StatusCode::TOO_MANY_REQUESTS,
            StatusCode::BAD_GATEWAY,
            StatusCode::SERVICE_UNAVAILABLE,
            StatusCode::GATEWAY_TIMEOUT,
        ];
        let passing = self.should_retry.unwrap_or_else(|| PASSING.contains(&self.status));
        passing && self.status != StatusCode::CONFLICT && self.is_worth_waiting_for()
    }

    fn is_worth_waiting_for(&self) -> bool {
        self.should_retry != Some(false) && self.retry_after.is_none_or(|wait| wait <= LONGEST_WAIT)
    }
}

/// As much of a server's text as is shown, without the key; nothing where that is nothing. The key is taken out first: half of
/// one would not be found.
pub(super) fn shown(text: &str, longest: usize, key: Option<&ApiKey>) -> Option<String> {
    let text: String = text.trim().chars().filter(|c| !c.is_control() || *c == '\n').collect();
    let text = key.map(|key| key.hide(&text)).unwrap_or(text);
    Some(text.chars().take(longest).collect()).filter(|text: &String| !text.is_empty())
}

/// Whether a line of text says that a thing is not there: `session not found`. Routers say it of paths and pages, or of nothing.
fn misses_a_thing(line: &str) -> bool {
    const OF_PATHS: [&str; 4] = ["page", "path", "route", "url"];
    const OF_NOTHING: [&str; 5] = ["404", "error", "http", "not", "found"];
    let line = line.to_ascii_lowercase();
    let words = || line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    line.contains("not found")
        && !words().any(|word| OF_PATHS.contains(&word))
        && words().any(|word| !OF_NOTHING.contains(&word))
}

/// Of RFC 9110, 10.2.3: seconds, or a date.
fn wait(retry_after: &str) -> Option<Duration> {
    if let Ok(seconds) = retry_after.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(retry_after).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

/// Where a URL leads, without what may be secret in it: paths of websockets have a key.
fn server_of(url: &str) -> String {
    match url.parse::<Url>().map(|url| url.origin()) {
        Ok(origin) if origin.is_tuple() => origin.ascii_serialization(),
        _ => "another path".to_owned(),
    }
}

impl fmt::Display for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, message, foreign, redirect, field, request_id, .. } = self;
        let field = field.as_ref().map(|field| format!(", field `{field}`")).unwrap_or_default();
        let request = request_id.as_ref().map(|id| format!(", request {id}")).unwrap_or_default();
        match (message, foreign, redirect) {
            (_, _, Some(to)) => write!(f, "the server answered {status} to {to}, where the key is not sent"),
            (Some(message), _, _) if self.refuses_the_key() => {
                write!(f, "the server refused the key ({status}{field}{request}): {message}")
            }
            (Some(message), _, _) => write!(f, "{message} ({status}{field}{request})"),
            (None, Some(what), _) => write!(f, "something other than the API answered {status} ({what}{request})"),
            (None, None, _) if self.refuses_the_key() => write!(f, "the server refused the key ({status}{request})"),
            (None, None, _) => write!(f, "the server answered {status} and nothing else{request}"),
        }
    }
}
