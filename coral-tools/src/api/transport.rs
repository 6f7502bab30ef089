//! Requests over HTTP: sent with a timeout, and retried if that is safe.

use std::error::Error;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Method, RequestBuilder, Response, Url, redirect};
use serde_json::Value;
use tokio::time::{sleep, timeout};

use super::backoff::Backoff;
use super::error::{ClientError, ClientErrorCause, FailureStage, RetryPolicy};
use super::error_response::ErrorResponse;
#[cfg(feature = "_pull")]
use super::error_response::redacted;
use super::key::ApiKey;
use super::path::RequestPath;
use super::settings::ClientSettings;
use crate::build_error::{BuildError, BuildErrors};
use crate::json::{DecodeError, FromJson, from_json};
use crate::session::is_loopback;

const MAX_ERROR_BODY_BYTES: usize = 1 << 20;
/// Limit of reading the body of an error response. Its status is known already.
const ERROR_BODY_TIMEOUT: Duration = Duration::from_secs(10);
const USER_AGENT: &str = concat!("coral-tools/", env!("CARGO_PKG_VERSION"));

/// A request to an API.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HttpRequest {
    /// The purpose of the request, for errors and logs: `creating a session`.
    operation: &'static str,
    method: Method,
    path: RequestPath,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
    retry_policy: RetryPolicy,
    retries: bool,
    retries_timeouts: bool,
}

impl HttpRequest {
    fn new(operation: &'static str, method: Method, path: RequestPath, retry_policy: RetryPolicy) -> Self {
        Self {
            operation,
            method,
            path,
            headers: Vec::new(),
            body: None,
            retry_policy,
            retries: true,
            retries_timeouts: true,
        }
    }

    pub(crate) fn get(operation: &'static str, path: RequestPath) -> Self {
        Self::new(operation, Method::GET, path, RetryPolicy::Transient)
    }

    pub(crate) fn post(operation: &'static str, path: RequestPath, body: &Value) -> Self {
        Self::new(operation, Method::POST, path, RetryPolicy::Never).with_body(body)
    }

    /// Creates a `POST` with a body that is JSON text already.
    #[cfg(feature = "everruns")]
    pub(crate) fn post_json(operation: &'static str, path: RequestPath, body: String) -> Self {
        Self { body: Some(body), ..Self::new(operation, Method::POST, path, RetryPolicy::Never) }
    }

    pub(crate) fn delete(operation: &'static str, path: RequestPath) -> Self {
        Self::new(operation, Method::DELETE, path, RetryPolicy::Transient)
    }

    /// Sets the body. Some `DELETE` requests of Coral have one.
    pub(crate) fn with_body(mut self, body: &Value) -> Self {
        self.body = Some(body.to_string());
        self
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn with_retry_policy(mut self, retry_policy: RetryPolicy) -> Self {
        self.retry_policy = retry_policy;
        self
    }

    pub(crate) fn with_path(mut self, path: RequestPath) -> Self {
        self.path = path;
        self
    }

    /// Disables retries, for callers that poll. `ClientError::is_retryable` still follows the retry policy.
    pub(crate) fn without_retries(mut self) -> Self {
        self.retries = false;
        self
    }

    /// Disables retries after a timeout, for requests that take as long as the agents of a session need.
    #[cfg(feature = "client")]
    pub(crate) fn without_retries_after_timeouts(mut self) -> Self {
        self.retries_timeouts = false;
        self
    }

    /// Whether the error allows another attempt.
    fn can_retry(&self, error: &ClientError) -> bool {
        error.is_retryable() && (self.retries_timeouts || !error.is_timeout())
    }

    pub(crate) fn operation(&self) -> &'static str {
        self.operation
    }

    /// Creates the error of this request.
    pub(crate) fn error(&self, cause: impl Into<ClientErrorCause>) -> ClientError {
        ClientError::new(self.operation, self.retry_policy, cause.into())
    }
}

/// A successful response with its whole body.
#[derive(Debug)]
pub(crate) struct HttpResponse {
    operation: &'static str,
    body: Bytes,
}

impl HttpResponse {
    /// Decodes the body.
    pub(crate) fn read<T: FromJson>(&self) -> Result<T, ClientError> {
        from_json(&self.body).map_err(|error| ClientError::invalid_response(self.operation, error))
    }

    /// Returns the size of the body in bytes.
    #[cfg(feature = "qoder")]
    pub(crate) fn size(&self) -> usize {
        self.body.len()
    }

    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

/// A server's URL, the API key and the HTTP client.
#[derive(Debug, Clone)]
pub(crate) struct Transport {
    base_url: Result<Url, BuildErrors>,
    /// `None` if the server requires no key.
    key: Option<ApiKey>,
    /// Headers of every request.
    headers: Vec<(&'static str, String)>,
    http: Result<Client, BuildErrors>,
    settings: ClientSettings,
}

impl Transport {
    /// Creates a transport for the server at `url`. `prefix` is the path that all of its API's paths start with; `url` may end with it.
    pub(crate) fn new(url: &str, prefix: &str, key: Option<ApiKey>) -> Self {
        let base_url = parse_base_url(url, prefix);
        let settings = ClientSettings::default();
        let http = http_client(&base_url, settings.connect_timeout);
        Self { base_url, key, headers: Vec::new(), http, settings }
    }

    pub(crate) fn with_key(&mut self, key: ApiKey) {
        self.key = Some(key);
    }

    /// Sets a header of every request, and replaces one of the same name.
    pub(crate) fn with_header(&mut self, name: &'static str, value: impl Into<String>) {
        self.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.headers.push((name, value.into()));
    }

    /// Returns the errors of the URL and of the HTTP client, which otherwise the first request returns.
    #[cfg(feature = "client")]
    pub(crate) fn check(&self) -> Result<(), BuildErrors> {
        self.base_url.as_ref().map(drop).and(self.http.as_ref().map(drop)).map_err(Clone::clone)
    }

    /// Returns the error of the API key.
    #[cfg(feature = "client")]
    pub(crate) fn check_key(&self) -> Result<(), BuildErrors> {
        match self.key.as_ref().and_then(ApiKey::problem) {
            Some(problem) => Err(BuildError::new("key", problem).into()),
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
            self.http = http_client(&self.base_url, self.settings.connect_timeout);
        }
    }

    /// The server's URL, for errors and logs.
    pub(crate) fn server(&self) -> &str {
        self.base_url.as_ref().map_or("an invalid URL", |url| url.as_str().trim_end_matches('/'))
    }

    pub(crate) fn key(&self) -> Option<&ApiKey> {
        self.key.as_ref()
    }

    /// Sends a request, and retries it if that is safe and may help.
    pub(crate) async fn send(&self, request: &HttpRequest) -> Result<HttpResponse, ClientError> {
        self.send_tracked(request).await.0
    }

    /// Does the same as [`Transport::send`], and also returns whether the server may have executed an attempt before the last.
    pub(crate) async fn send_tracked(&self, request: &HttpRequest) -> (Result<HttpResponse, ClientError>, bool) {
        let mut backoff = Backoff::new(Duration::from_millis(200), Duration::from_secs(10));
        let mut retries_left = if request.retries { self.settings.retries } else { 0 };
        let mut in_doubt = false;
        loop {
            let error = match self.attempt(request).await {
                Err(error) if retries_left > 0 && request.can_retry(&error) => error,
                response => return (response, in_doubt),
            };
            retries_left -= 1;
            in_doubt |= error.stage() != FailureStage::NotSent;
            let delay = backoff.next_delay().max(error.retry_after().unwrap_or_default());
            tracing::debug!(%error, ?delay, "retrying a request");
            sleep(delay).await;
        }
    }

    /// Sends a request once.
    pub(crate) async fn attempt(&self, request: &HttpRequest) -> Result<HttpResponse, ClientError> {
        let builder = self.request_builder(request)?.timeout(self.settings.timeout);
        let response = builder.send().await.map_err(|error| request.error(self.classify_send_error(error)))?;
        if !response.status().is_success() {
            return Err(request.error(ClientErrorCause::ErrorResponse(self.read_error_response(response).await)));
        }
        let (status, is_html) = (response.status(), is_html(&response));
        let body = read_body(response, self.settings.response_limit).await.map_err(|cause| request.error(cause))?;
        if is_html || starts_like_html(&body) {
            return Err(request.error(ClientErrorCause::HtmlPage { status }));
        }
        Ok(HttpResponse { operation: request.operation, body })
    }

    pub(crate) fn request_builder(&self, request: &HttpRequest) -> Result<RequestBuilder, ClientError> {
        let builder = self.bodyless_builder(request.method.clone(), &request.path);
        let builder = builder.map_err(|errors| request.error(ClientErrorCause::InvalidRequest(errors)))?;
        let builder = request.headers.iter().fold(builder, |builder, (name, value)| builder.header(*name, value));
        Ok(match &request.body {
            Some(body) => builder.header(CONTENT_TYPE, "application/json").body(body.clone()),
            None => builder,
        })
    }

    /// Starts a request with the API key and the headers of every request.
    pub(crate) fn bodyless_builder(&self, method: Method, path: &RequestPath) -> Result<RequestBuilder, BuildErrors> {
        if let Some(problem) = self.key.as_ref().and_then(ApiKey::problem) {
            return Err(BuildError::new("API key", problem).into());
        }
        let base_url = self.base_url.as_ref().map_err(Clone::clone)?;
        let url = format!("{}/{}", base_url.as_str().trim_end_matches('/'), path.as_str()?);
        let builder = self.http.as_ref().map_err(Clone::clone)?.request(method, url);
        let builder = builder.header(ACCEPT, HeaderValue::from_static("application/json"));
        let builder = self.headers.iter().fold(builder, |builder, (name, value)| builder.header(*name, value));
        Ok(match self.key.as_ref().and_then(ApiKey::header) {
            Some(key) => builder.header(AUTHORIZATION, key),
            None => builder,
        })
    }

    /// Reads an error response. If its body cannot be read in time, only the status and the headers count.
    pub(crate) async fn read_error_response(&self, response: Response) -> ErrorResponse {
        let (status, headers) = (response.status(), response.headers().clone());
        let body = timeout(ERROR_BODY_TIMEOUT, read_body(response, MAX_ERROR_BODY_BYTES)).await;
        let body = body.ok().and_then(Result::ok).unwrap_or_default();
        ErrorResponse::new(status, &headers, &body, self.key.as_ref())
    }

    /// Returns at most `max` characters of a server's text, without the key.
    #[cfg(feature = "_pull")]
    pub(crate) fn redacted(&self, text: &str, max: usize) -> Option<String> {
        redacted(text, max, self.key.as_ref())
    }

    /// Classifies an error of sending a request. A request is `NotSent` only if the connection was not established.
    pub(crate) fn classify_send_error(&self, error: reqwest::Error) -> ClientErrorCause {
        if error.is_builder() {
            ClientErrorCause::InvalidRequest(BuildError::new("request", error.without_url().to_string()).into())
        } else if error.is_connect() {
            ClientErrorCause::NotSent { server: self.server().to_owned(), source: without_url(error) }
        } else {
            ClientErrorCause::NoResponse(without_url(error))
        }
    }
}

/// Removes the URL from an error, because URLs of websockets contain the key.
fn without_url(error: reqwest::Error) -> Box<dyn Error + Send + Sync> {
    Box::new(error.without_url())
}

fn http_client(base_url: &Result<Url, BuildErrors>, connect_timeout: Duration) -> Result<Client, BuildErrors> {
    let builder = Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(connect_timeout)
        .redirect(redirect::Policy::none())
        // Websockets start with an upgrade, which HTTP/2 does not have. Another crate may have enabled reqwest's HTTP/2.
        .http1_only();
    // A proxy of the environment cannot reach this machine.
    let is_local = base_url.as_ref().is_ok_and(|url| url.host_str().is_some_and(is_loopback));
    let builder = if is_local { builder.no_proxy() } else { builder };
    builder.build().map_err(|error| BuildError::new("HTTP client", error.without_url().to_string()).into())
}

/// Parses the server's URL, and removes `prefix` from its end.
fn parse_base_url(url: &str, prefix: &str) -> Result<Url, BuildErrors> {
    let error = |message| BuildErrors::from(BuildError::new("server URL", message));
    let trimmed = url.trim().trim_end_matches('/').trim_end_matches(prefix);
    let url: Url = trimmed.parse().map_err(|_| error("it is not an absolute URL, such as `http://localhost:5555`"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(error("it must begin with `http://` or `https://`"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(error("it contains a user or password, which would appear in logs; remove them"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(error("it contains a query or fragment, which a path cannot follow; remove it"));
    }
    Ok(url)
}

fn is_html(response: &Response) -> bool {
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|content_type| content_type.to_ascii_lowercase().starts_with("text/html"))
}

/// Whether a body is a page whose content type does not say so.
fn starts_like_html(body: &[u8]) -> bool {
    let starts_with = |tag: &str| {
        let start = body.trim_ascii_start().get(..tag.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()))
    };
    starts_with("<!doctype html") || starts_with("<html")
}

async fn read_body(mut response: Response, limit: usize) -> Result<Bytes, ClientErrorCause> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| ClientErrorCause::NoResponse(without_url(error)))? {
        if body.len() + chunk.len() > limit {
            let error = DecodeError::new(format!("it is larger than the `response_limit` of {limit} bytes"));
            return Err(ClientErrorCause::InvalidResponse(error));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
