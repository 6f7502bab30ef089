//! The client.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use serde_json::Value;
use uuid::Uuid;

use crate::api::{
    ApiKey, ClientError, ClientSettings, HttpRequest, HttpResponse, OutageTolerance, RequestPath, RetryPolicy,
    Transport,
};
use crate::build_error::{BuildError, BuildErrors, ProblemCollector};
use crate::env::variable;
use crate::json::FromJson;
use crate::platform::result_cache::ResultCache;

const CLOUD: &str = "https://api.qoder.com/api/v1/cloud";
const CHINA: &str = "https://api.qoder.com.cn/api/v1/cloud";
/// The path of the API on a host of its own.
const API_PATH: &str = "/api/v1/cloud";
const KEYS: [&str; 2] = ["QODER_ACCESS_TOKEN", "QODER_PAT"];
/// The URL of this API, then that of all APIs of Qoder.
const URLS: [&str; 2] = ["QODER_MANAGED_BASE_URL", "QODER_BASE_URL"];
const RETRIES: usize = 2;
/// Qoder sends a heartbeat about every 15 s.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// A client of Qoder Cloud Agents. Cheap to clone; clones share connections and the [`ResultCache`].
///
/// Constructors neither connect nor check: an invalid URL or key is an error of the first request.
///
/// ```
/// use std::time::Duration;
///
/// use coral_tools::Qoder;
///
/// let qoder = Qoder::cloud("pt-secret").workspace("ws_1").timeout(Duration::from_secs(20));
/// assert!(!format!("{qoder:?}").contains("pt-secret"), "`Debug` redacts keys");
/// ```
#[derive(Debug, Clone)]
pub struct Qoder {
    transport: Arc<Transport>,
    result_cache: ResultCache,
}

impl Qoder {
    /// A client of the global service, `api.qoder.com`. The key is a personal access token, `pt-…`, or a service token.
    #[must_use]
    pub fn cloud(key: impl Into<ApiKey>) -> Self {
        Self::at(CLOUD).key(key)
    }

    /// A client of the service in China, `api.qoder.com.cn`.
    #[must_use]
    pub fn china(key: impl Into<ApiKey>) -> Self {
        Self::at(CHINA).key(key)
    }

    /// A client of the API at `url`, without a key. A URL without a path, such as `http://127.0.0.1:8080`, is extended by
    /// `/api/v1/cloud`.
    #[must_use]
    pub fn at(url: &str) -> Self {
        let mut transport = Transport::new(&with_api_path(url), "/", None);
        transport.configure(|settings| (settings.retries, settings.idle_timeout) = (RETRIES, IDLE_TIMEOUT));
        Self { transport: Arc::new(transport), result_cache: ResultCache::new() }
    }

    /// A client with the key in `QODER_ACCESS_TOKEN`, or else in `QODER_PAT`. The URL is in `QODER_MANAGED_BASE_URL`, or else in
    /// `QODER_BASE_URL`. Default: the global service.
    ///
    /// # Errors
    ///
    /// Returns an error if neither key is set, or if a variable is empty or not Unicode.
    pub fn from_env() -> Result<Self, BuildErrors> {
        Self::from_variables(variable)
    }

    fn from_variables(read: impl Fn(&str) -> Result<Option<String>, BuildError>) -> Result<Self, BuildErrors> {
        let mut problems = ProblemCollector::new();
        let mut first_set = |names: [&str; 2]| {
            let values = names.map(|name| problems.check(read(name).map_err(BuildErrors::from)).flatten());
            values.into_iter().flatten().next()
        };
        let (key, url) = (first_set(KEYS), first_set(URLS));
        problems.finish(())?;
        let Some(key) = key else {
            let message = "it is not set; create a personal access token in the settings of Qoder";
            return Err(BuildError::new(KEYS[0], message).into());
        };
        Ok(Self::at(url.as_deref().unwrap_or(CLOUD)).key(key))
    }

    /// The API key. Default: none, except for [`cloud`](Self::cloud) and [`china`](Self::china).
    #[must_use]
    pub fn key(mut self, key: impl Into<ApiKey>) -> Self {
        self.transport_mut().with_key(key.into());
        self
    }

    /// The id of the workspace. Default: the key's workspace.
    #[must_use]
    pub fn workspace(mut self, id: impl Into<String>) -> Self {
        self.transport_mut().with_header("qoder-workspace-id", id);
        self
    }

    /// Timeout of one attempt of a request, including the response body. Default: 60 s.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        self.configure(|settings| settings.timeout = timeout)
    }

    /// Timeout of opening a connection. Default: 10 s.
    #[must_use]
    pub fn connect_timeout(self, timeout: Duration) -> Self {
        self.configure(|settings| settings.connect_timeout = timeout)
    }

    /// How many times a request is retried, if that is safe. Default: 2.
    #[must_use]
    pub fn retries(self, retries: usize) -> Self {
        self.configure(|settings| settings.retries = retries)
    }

    /// The maximum size of a response or an event in bytes. Default: 16 MiB. A larger response is an error, and so are pages of a
    /// list that have more than four times this size together.
    /// [`RunLimits::turn_bytes`](crate::platform::RunLimits::turn_bytes) limits a whole turn.
    #[must_use]
    pub fn response_limit(self, bytes: usize) -> Self {
        self.configure(|settings| settings.response_limit = bytes)
    }

    /// How long a stream of events may be silent before it is opened again. Default: 60 s; Qoder sends a heartbeat about every
    /// 15 s.
    #[must_use]
    pub fn idle_timeout(self, timeout: Duration) -> Self {
        self.configure(|settings| settings.idle_timeout = timeout)
    }

    /// How long a stream of events tolerates transient errors before it ends with the error. Default: 60 s.
    #[must_use]
    pub fn max_outage(self, limit: Duration) -> Self {
        self.configure(|settings| settings.max_outage = limit)
    }

    /// Shares a cache of results with other clients. Default: a cache of its own.
    #[must_use]
    pub fn result_cache(mut self, cache: &ResultCache) -> Self {
        self.result_cache = cache.clone();
        self
    }

    pub(crate) fn cache(&self) -> &ResultCache {
        &self.result_cache
    }

    pub(crate) fn outage_tolerance(&self) -> OutageTolerance {
        OutageTolerance::new(self.transport.settings().max_outage)
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.transport
    }

    fn configure(mut self, change: impl FnOnce(&mut ClientSettings)) -> Self {
        self.transport_mut().configure(change);
        self
    }

    fn transport_mut(&mut self) -> &mut Transport {
        Arc::make_mut(&mut self.transport)
    }

    pub(crate) async fn get(&self, operation: &'static str, path: RequestPath) -> Result<HttpResponse, ClientError> {
        self.transport.send(&HttpRequest::get(operation, path).with_retry_policy(RetryPolicy::ServerErrors)).await
    }

    pub(crate) async fn post(
        &self,
        operation: &'static str,
        path: RequestPath,
        body: &Value,
    ) -> Result<HttpResponse, ClientError> {
        self.transport.send(&idempotent(HttpRequest::post(operation, path, body))).await
    }

    pub(crate) async fn delete(&self, operation: &'static str, path: RequestPath) -> Result<HttpResponse, ClientError> {
        self.transport.send(&idempotent(HttpRequest::delete(operation, path))).await
    }

    /// Sends a GET request and decodes the response.
    pub(crate) async fn get_json<T: FromJson>(
        &self,
        operation: &'static str,
        path: RequestPath,
    ) -> Result<T, ClientError> {
        self.get(operation, path).await?.read()
    }

    /// Sends a POST request and decodes the response.
    pub(crate) async fn post_json<T: FromJson>(
        &self,
        operation: &'static str,
        path: RequestPath,
        body: Result<Value, BuildErrors>,
    ) -> Result<T, ClientError> {
        let body = body.map_err(|errors| ClientError::invalid_request(operation, errors))?;
        self.post(operation, path, &body).await?.read()
    }
}

/// Makes retries safe: the server processes requests with the same key and body once.
fn idempotent(request: HttpRequest) -> HttpRequest {
    request.with_header("idempotency-key", Uuid::new_v4().to_string()).with_retry_policy(RetryPolicy::ServerErrors)
}

fn with_api_path(url: &str) -> String {
    let url = url.trim();
    match url.parse::<Url>() {
        Ok(parsed) if parsed.path() == "/" && parsed.query().is_none() && parsed.fragment().is_none() => {
            format!("{}{API_PATH}", url.trim_end_matches('/'))
        }
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<(String, String), Vec<String>> {
        let read = |name: &str| {
            let value = variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            if value.as_deref() == Some("") { Err(BuildError::new(name, "it is empty")) } else { Ok(value) }
        };
        let qoder = Qoder::from_variables(read);
        let qoder =
            qoder.map_err(|errors| errors.iter().map(|error| error.subject().to_owned()).collect::<Vec<_>>())?;
        let key = qoder.transport.key().and_then(ApiKey::header).expect("a key");
        Ok((qoder.transport.server().to_owned(), key.to_str().expect("text").to_owned()))
    }

    #[test]
    fn variables_set_the_key_and_the_url() {
        let [access, pat] = [("QODER_ACCESS_TOKEN", "pt-a"), ("QODER_PAT", "pt-b")];
        let [managed, base] =
            [("QODER_MANAGED_BASE_URL", "http://127.0.0.1:1"), ("QODER_BASE_URL", "http://127.0.0.1:2/")];
        let is = |url: &str, key: &str| Ok((url.to_owned(), format!("Bearer {key}")));
        assert_eq!(read(&[pat]), is(CLOUD, "pt-b"));
        assert_eq!(read(&[pat, access, base]), is("http://127.0.0.1:2/api/v1/cloud", "pt-a"));
        assert_eq!(read(&[pat, managed]), is("http://127.0.0.1:1/api/v1/cloud", "pt-b"));
        assert_eq!(read(&[pat, base, managed]), is("http://127.0.0.1:1/api/v1/cloud", "pt-b"));
        assert_eq!(read(&[base]), Err(vec!["QODER_ACCESS_TOKEN".to_owned()]));
        let empty = [("QODER_PAT", ""), access, ("QODER_BASE_URL", ""), managed];
        assert_eq!(read(&empty), Err(vec!["QODER_PAT".to_owned(), "QODER_BASE_URL".to_owned()]));
    }
}
