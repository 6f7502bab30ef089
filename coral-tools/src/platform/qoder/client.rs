//! The client itself: where Qoder is, and how patient to be.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use serde_json::Value;
use uuid::Uuid;

use crate::api::{
    ApiKey, ClientError, HttpRequest, HttpResponse, OutageTolerance, RequestPath, RetryPolicy, Transport, variable,
};
use crate::build_error::{BuildError, BuildErrors};
use crate::platform::qoder::view::View;
use crate::platform::result_cache::ResultCache;

const GLOBAL: &str = "https://api.qoder.com/api/v1/cloud";
const CHINA: &str = "https://api.qoder.com.cn/api/v1/cloud";
/// Where the API is on a host of its own.
const API: &str = "/api/v1/cloud";
const TOKENS: [&str; 2] = ["QODER_ACCESS_TOKEN", "QODER_PAT"];
/// That of the API alone, then that of everything of Qoder's.
const URLS: [&str; 2] = ["QODER_MANAGED_BASE_URL", "QODER_BASE_URL"];

/// An account of Qoder Cloud Agents. Cheap to clone; clones share connections and [`ResultCache`].
///
/// Nothing is sent, nor checked, before the first call: what is wrong with the URL or the token is an error of that call.
///
/// ```
/// use std::time::Duration;
///
/// use coral_tools::Qoder;
///
/// let qoder = Qoder::global("pt-token").workspace("ws_1").timeout(Duration::from_secs(20));
/// assert!(!format!("{qoder:?}").contains("pt-token"), "tokens are never shown");
/// ```
#[derive(Debug, Clone)]
pub struct Qoder {
    transport: Arc<Transport>,
    result_cache: ResultCache,
    max_outage: Duration,
}

impl Qoder {
    /// The global service, `api.qoder.com`, with a personal access token or a service token.
    #[must_use]
    pub fn global(token: impl Into<ApiKey>) -> Self {
        Self::at(GLOBAL).token(token)
    }

    /// The service in China, `api.qoder.com.cn`.
    #[must_use]
    pub fn china(token: impl Into<ApiKey>) -> Self {
        Self::at(CHINA).token(token)
    }

    /// The API at `url`. Of a host alone, such as `http://127.0.0.1:8080`, it is taken to be below `/api/v1/cloud`.
    #[must_use]
    pub fn at(url: &str) -> Self {
        let mut transport = Transport::new(&with_api(url), "/", None);
        transport.configure(|settings| settings.retries = 2);
        Self { transport: Arc::new(transport), result_cache: ResultCache::new(), max_outage: Duration::from_secs(60) }
    }

    /// With the token in `QODER_ACCESS_TOKEN`, or else in `QODER_PAT`; where `QODER_MANAGED_BASE_URL` says, or else
    /// `QODER_BASE_URL`, or else the global service.
    ///
    /// # Errors
    ///
    /// Where both tokens are missing, or a variable is empty or not Unicode.
    pub fn from_env() -> Result<Self, BuildErrors> {
        Self::from_variables(variable)
    }

    fn from_variables(read: impl Fn(&str) -> Result<Option<String>, BuildError>) -> Result<Self, BuildErrors> {
        let mut faults = Vec::new();
        let mut first = |names: [&str; 2]| {
            let values = names.map(|name| read(name).map_err(|fault| faults.push(fault)).ok().flatten());
            values.into_iter().flatten().next()
        };
        let (token, url) = (first(TOKENS), first(URLS));
        if token.is_none() && faults.is_empty() {
            faults
                .push(BuildError::new(TOKENS[0], "it is not set; Qoder shows personal access tokens in its settings"));
        }
        match token {
            Some(token) if faults.is_empty() => Ok(Self::at(url.as_deref().unwrap_or(GLOBAL)).token(token)),
            _ => Err(BuildErrors::new(faults)),
        }
    }

    /// The token to call with.
    #[must_use]
    pub fn token(mut self, token: impl Into<ApiKey>) -> Self {
        Arc::make_mut(&mut self.transport).with_key(token.into());
        self
    }

    /// The workspace that all calls are about, instead of the token's own.
    #[must_use]
    pub fn workspace(mut self, id: &str) -> Self {
        Arc::make_mut(&mut self.transport).with_header("qoder-workspace-id", id);
        self
    }

    /// How long one attempt of a call may take, answer included. 60 s, unless said otherwise.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        Arc::make_mut(&mut self.transport).configure(|settings| settings.timeout = limit);
        self
    }

    /// How often a call is repeated at most, where that is safe. Twice, unless said otherwise.
    #[must_use]
    pub fn retries(mut self, times: usize) -> Self {
        Arc::make_mut(&mut self.transport).configure(|settings| settings.retries = times);
        self
    }

    /// How long a stream of events bears trouble that may pass before it ends with the error. 60 s, unless said otherwise.
    #[must_use]
    pub fn max_outage(mut self, limit: Duration) -> Self {
        self.max_outage = limit;
        self
    }

    /// Keeps the answers to calls there, such as with another client's.
    #[must_use]
    pub fn result_cache(mut self, cache: &ResultCache) -> Self {
        self.result_cache = cache.clone();
        self
    }

    pub(crate) fn cache(&self) -> &ResultCache {
        &self.result_cache
    }

    pub(crate) fn patient(&self) -> OutageTolerance {
        OutageTolerance::of(self.max_outage)
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.transport
    }

    pub(crate) async fn get(&self, operation: &'static str, path: RequestPath) -> Result<HttpResponse, ClientError> {
        self.transport.send(&HttpRequest::get(operation, path).repeating(RetryPolicy::Faults)).await
    }

    /// Sends what is done once however often it is sent: the key belongs to these bytes.
    pub(crate) async fn post(
        &self,
        operation: &'static str,
        path: RequestPath,
        body: &Value,
    ) -> Result<HttpResponse, ClientError> {
        self.transport.send(&once(HttpRequest::post(operation, path, body))).await
    }

    pub(crate) async fn delete(&self, operation: &'static str, path: RequestPath) -> Result<HttpResponse, ClientError> {
        self.transport.send(&once(HttpRequest::delete(operation, path))).await
    }

    pub(crate) async fn retrieve<T: View>(&self, operation: &'static str, path: RequestPath) -> Result<T, ClientError> {
        crate::platform::qoder::view::read(operation, &self.get(operation, path).await?)
    }

    pub(crate) async fn make<T: View>(
        &self,
        operation: &'static str,
        path: RequestPath,
        body: &Value,
    ) -> Result<T, ClientError> {
        crate::platform::qoder::view::read(operation, &self.post(operation, path, body).await?)
    }
}

fn once(call: HttpRequest) -> HttpRequest {
    call.with_header("idempotency-key", Uuid::new_v4().to_string()).repeating(RetryPolicy::Faults)
}

/// `url`, or where the API is on that host.
fn with_api(url: &str) -> String {
    let url = url.trim();
    match url.parse::<Url>() {
        Ok(parsed) if parsed.path() == "/" && parsed.query().is_none() && parsed.fragment().is_none() => {
            format!("{}{API}", url.trim_end_matches('/'))
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
            qoder.map_err(|faults| faults.iter().map(|fault| fault.subject().to_owned()).collect::<Vec<_>>())?;
        let key = qoder.transport.key().and_then(ApiKey::header).expect("a token");
        Ok((qoder.transport.server().to_owned(), key.to_str().expect("text").to_owned()))
    }

    #[test]
    fn the_environment_says_where_qoder_is_and_who_calls() {
        let [access, pat] = [("QODER_ACCESS_TOKEN", "pt-a"), ("QODER_PAT", "pt-b")];
        let [managed, base] =
            [("QODER_MANAGED_BASE_URL", "http://127.0.0.1:1"), ("QODER_BASE_URL", "http://127.0.0.1:2/")];
        let is = |url: &str, token: &str| Ok((url.to_owned(), format!("Bearer {token}")));
        assert_eq!(read(&[pat]), is(GLOBAL, "pt-b"));
        assert_eq!(read(&[pat, access, base]), is("http://127.0.0.1:2/api/v1/cloud", "pt-a"));
        assert_eq!(read(&[pat, managed]), is("http://127.0.0.1:1/api/v1/cloud", "pt-b"));
        assert_eq!(read(&[pat, base, managed]), is("http://127.0.0.1:1/api/v1/cloud", "pt-b"));
        assert_eq!(read(&[base]), Err(vec!["QODER_ACCESS_TOKEN".to_owned()]));
        let empty = [("QODER_PAT", ""), access, ("QODER_BASE_URL", ""), managed];
        assert_eq!(read(&empty), Err(vec!["QODER_PAT".to_owned(), "QODER_BASE_URL".to_owned()]));
    }
}
