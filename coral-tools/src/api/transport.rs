//! One call over HTTP: sent, waited for in time, repeated where that is safe.

use std::error::Error;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Method, RequestBuilder, Response, Url, redirect};
use serde_json::Value;
use tokio::time::{sleep, timeout};

use super::backoff::Backoff;
use super::error::{Cause, ClientError, FailureStage, RetryPolicy};
use super::error_response::ErrorResponse;
#[cfg(feature = "_pull")]
use super::error_response::shown;
use super::key::ApiKey;
use super::path::RequestPath;
use super::settings::ClientSettings;
use crate::build_error::{BuildError, BuildErrors};
use crate::json::{DecodeError, FromJson, from_json};
use crate::session::is_loopback;

/// More than any session's state: one with 100,000 long messages.
const LARGEST_ANSWER: usize = 128 << 20;
/// More than any sentence.
const LARGEST_REFUSAL: usize = 1 << 20;
/// How long its words may take; its status is known by then.
const REFUSAL_WITHIN: Duration = Duration::from_secs(10);
const USER_AGENT: &str = concat!("coral-tools/", env!("CARGO_PKG_VERSION"));

/// A call to be made.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HttpRequest {
    /// For errors and the log: `creating a session`.
    operation: &'static str,
    method: Method,
    path: RequestPath,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
    repeat: RetryPolicy,
    once: bool,
}

impl HttpRequest {
    fn new(operation: &'static str, method: Method, path: RequestPath, repeat: RetryPolicy) -> Self {
        Self { operation, method, path, headers: Vec::new(), body: None, repeat, once: false }
    }

    pub(crate) fn get(operation: &'static str, path: RequestPath) -> Self {
        Self::new(operation, Method::GET, path, RetryPolicy::Passing)
    }

    pub(crate) fn post(operation: &'static str, path: RequestPath, body: &Value) -> Self {
        Self::new(operation, Method::POST, path, RetryPolicy::Never).with_body(body)
    }

    /// With a body that is JSON already.
    #[cfg(feature = "everruns")]
    pub(crate) fn post_json(operation: &'static str, path: RequestPath, body: String) -> Self {
        Self { body: Some(body), ..Self::new(operation, Method::POST, path, RetryPolicy::Never) }
    }

    pub(crate) fn delete(operation: &'static str, path: RequestPath) -> Self {
        Self::new(operation, Method::DELETE, path, RetryPolicy::Passing)
    }

    /// Some of Coral's deletions say in their body what to delete.
    pub(crate) fn with_body(mut self, body: &Value) -> Self {
        self.body = Some(body.to_string());
        self
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn repeating(mut self, repeat: RetryPolicy) -> Self {
        self.repeat = repeat;
        self
    }

    /// To another path.
    pub(crate) fn to(mut self, path: RequestPath) -> Self {
        self.path = path;
        self
    }

    /// Made once, whatever comes of it: whoever makes it does so again.
    pub(crate) fn once(mut self) -> Self {
        self.once = true;
        self
    }

    pub(crate) fn operation(&self) -> &'static str {
        self.operation
    }

    pub(crate) fn failed(&self, cause: impl Into<Cause>) -> ClientError {
        ClientError::new(self.operation, self.repeat, cause.into())
    }
}

/// A whole answer that says yes.
#[derive(Debug)]
pub(crate) struct HttpResponse {
    operation: &'static str,
    body: Bytes,
}

impl HttpResponse {
    pub(crate) fn read<T: FromJson>(&self) -> Result<T, ClientError> {
        from_json(&self.body).map_err(|error| ClientError::unreadable(self.operation, error))
    }

    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

/// How the server is reached.
#[derive(Debug, Clone)]
pub(crate) struct Transport {
    base: Result<Url, BuildErrors>,
    /// None where the server asks for none.
    key: Option<ApiKey>,
    headers: Vec<(&'static str, String)>,
    http: Result<Client, BuildErrors>,
    settings: ClientSettings,
}

impl Transport {
    /// The server at `url`, which may also be given with the beginning that all paths have, `prefix`.
    pub(crate) fn new(url: &str, prefix: &str, key: Option<ApiKey>) -> Self {
        let base = base(url, prefix);
        let settings = ClientSettings::default();
        let http = http(&base, settings.connect_timeout);
        Self { base, key, headers: Vec::new(), http, settings }
    }

    pub(crate) fn with_key(&mut self, key: ApiKey) {
        self.key = Some(key);
    }

    /// A header of every call, instead of another of this name.
    pub(crate) fn with_header(&mut self, name: &'static str, value: impl Into<String>) {
        self.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.headers.push((name, value.into()));
    }

    /// Returns the errors of the URL and of the HTTP client, which otherwise the first request returns.
    #[cfg(feature = "client")]
    pub(crate) fn check(&self) -> Result<(), BuildErrors> {
        self.base.as_ref().map(drop).and(self.http.as_ref().map(drop)).map_err(Clone::clone)
    }

    /// Returns the error of the API key.
    #[cfg(feature = "client")]
    pub(crate) fn check_key(&self) -> Result<(), BuildErrors> {
        match self.key.as_ref().and_then(ApiKey::fault) {
            Some(fault) => Err(BuildError::new("key", fault).into()),
            None => Ok(()),
        }
    }

    pub(crate) fn settings(&self) -> &ClientSettings {
        &self.settings
    }

    /// Changes settings. Connections are kept, unless the connect timeout changes.
    pub(crate) fn configure(&mut self, change: impl FnOnce(&mut ClientSettings)) {
        let connect_timeout = self.settings.connect_timeout;
        change(&mut self.settings);
        if self.settings.connect_timeout != connect_timeout {
            self.http = http(&self.base, self.settings.connect_timeout);
        }
    }

    /// The server, for people.
    pub(crate) fn server(&self) -> &str {
        self.base.as_ref().map_or("a URL that is wrong", |url| url.as_str().trim_end_matches('/'))
    }

    pub(crate) fn key(&self) -> Option<&ApiKey> {
        self.key.as_ref()
    }

    /// Makes a call, and makes it again where that is safe and may help.
    pub(crate) async fn send(&self, call: &HttpRequest) -> Result<HttpResponse, ClientError> {
        self.send_counting(call).await.0
    }

    /// As [`Transport::send`]; and whether an attempt before the last may have been done.
    pub(crate) async fn send_counting(&self, call: &HttpRequest) -> (Result<HttpResponse, ClientError>, bool) {
        let mut backoff = Backoff::new(Duration::from_millis(200), Duration::from_secs(10));
        let (mut retries_left, mut in_doubt) = (self.settings.retries, false);
        loop {
            let error = match self.attempt(call).await {
                Err(error) if retries_left > 0 && !call.once && error.is_retryable() => error,
                answer => return (answer, in_doubt),
            };
            retries_left -= 1;
            in_doubt |= error.stage() != FailureStage::NotSent;
            let delay = backoff.next_delay().max(error.retry_after().unwrap_or_default());
            tracing::debug!(%error, ?delay, "retrying a request");
            sleep(delay).await;
        }
    }

    /// Makes a call once.
    pub(crate) async fn attempt(&self, call: &HttpRequest) -> Result<HttpResponse, ClientError> {
        let request = self.asking(call)?.timeout(self.settings.timeout);
        let response = request.send().await.map_err(|error| call.failed(self.lost(error)))?;
        if !response.status().is_success() {
            return Err(call.failed(Cause::ErrorResponse(self.said(response).await)));
        }
        let body = whole(response, LARGEST_ANSWER).await.map_err(|cause| call.failed(cause))?;
        Ok(HttpResponse { operation: call.operation, body })
    }

    /// The request that makes the call.
    pub(crate) fn asking(&self, call: &HttpRequest) -> Result<RequestBuilder, ClientError> {
        let request = self.request(call.method.clone(), &call.path);
        let request = request.map_err(|errors| call.failed(Cause::Request(errors)))?;
        let request = call.headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
        Ok(match &call.body {
            Some(body) => request.header(CONTENT_TYPE, "application/json").body(body.clone()),
            None => request,
        })
    }

    /// A request with the key and no body.
    pub(crate) fn request(&self, method: Method, path: &RequestPath) -> Result<RequestBuilder, BuildErrors> {
        if let Some(fault) = self.key.as_ref().and_then(ApiKey::fault) {
            return Err(BuildError::new("the key", fault).into());
        }
        let url =
            format!("{}/{}", self.base.as_ref().map_err(Clone::clone)?.as_str().trim_end_matches('/'), path.as_str()?);
        let request = self.http.as_ref().map_err(Clone::clone)?.request(method, url);
        let request = request.header(ACCEPT, HeaderValue::from_static("application/json"));
        let request = self.headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
        Ok(match self.key.as_ref().and_then(ApiKey::header) {
            Some(key) => request.header(AUTHORIZATION, key),
            None => request,
        })
    }

    /// What an answer says that says no. The status is the answer, whatever becomes of its words.
    pub(crate) async fn said(&self, response: Response) -> ErrorResponse {
        let (status, headers) = (response.status(), response.headers().clone());
        let body = timeout(REFUSAL_WITHIN, whole(response, LARGEST_REFUSAL)).await;
        let body = body.ok().and_then(Result::ok).unwrap_or_default();
        ErrorResponse::new(status, &headers, &body, self.key.as_ref())
    }

    /// As much of a server's text as is shown, without the key.
    #[cfg(feature = "_pull")]
    pub(crate) fn shown(&self, text: &str, longest: usize) -> Option<String> {
        shown(text, longest, self.key.as_ref())
    }

    /// Why nothing, or not all, came back. Whatever failed before there was a connection was not sent.
    pub(crate) fn lost(&self, error: reqwest::Error) -> Cause {
        if error.is_builder() {
            Cause::Request(BuildError::new("the request", error.without_url().to_string()).into())
        } else if error.is_connect() {
            Cause::NotSent { server: self.server().to_owned(), source: nameless(error) }
        } else {
            Cause::NoAnswer(nameless(error))
        }
    }
}

/// Where the URL has a key in it, the error must not have it.
fn nameless(error: reqwest::Error) -> Box<dyn Error + Send + Sync> {
    Box::new(error.without_url())
}

fn http(base: &Result<Url, BuildErrors>, connect_timeout: Duration) -> Result<Client, BuildErrors> {
    let builder = Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(connect_timeout)
        .redirect(redirect::Policy::none())
        // Websockets begin with an upgrade, which HTTP/2 has not; another crate may have turned that on.
        .http1_only();
    // No proxy of the environment leads to this machine.
    let is_local = base.as_ref().is_ok_and(|url| url.host_str().is_some_and(is_loopback));
    let builder = if is_local { builder.no_proxy() } else { builder };
    builder.build().map_err(|error| BuildError::new("HTTP client", error.without_url().to_string()).into())
}

/// The server's URL, up to where its API begins.
fn base(url: &str, prefix: &str) -> Result<Url, BuildErrors> {
    let fault = |message| BuildErrors::from(BuildError::new("the server's URL", message));
    let text = url.trim().trim_end_matches('/').trim_end_matches(prefix);
    let parsed: Url = text.parse().map_err(|_| fault("it is not an absolute URL, as in `http://localhost:5555`"))?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(fault("it must begin with `http://` or `https://`"));
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(fault("a user and password in a URL end up in logs; remove them"));
    }
    if parsed.query().is_some() || parsed.fragment().is_some() {
        return Err(fault("it has a query or fragment, which a path cannot follow; remove it"));
    }
    Ok(parsed)
}

async fn whole(mut response: Response, limit: usize) -> Result<Bytes, Cause> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| Cause::NoAnswer(nameless(error)))? {
        if body.len() + chunk.len() > limit {
            return Err(Cause::Unreadable(DecodeError::new(format!("it is larger than {} MiB", limit >> 20))));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
