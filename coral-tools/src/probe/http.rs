//! Sends probes as Coral sends calls: HTTP/1.1, TLS 1.2, a new connection each time, without redirects.

use std::error::Error;
use std::io;
use std::iter::successors;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{LOCATION, WWW_AUTHENTICATE};
use reqwest::tls::Version;
use reqwest::{Client, ClientBuilder, Response, redirect};

use super::failure::ProbeFailure;
use super::problem::{ConnectProblem, TlsProblem};
use super::request::ProbeRequest;
use super::tls::tls_problem;
use crate::session::is_loopback;

/// As long as Coral tries to connect.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// As Coral sends it, for proxies that filter clients.
const USER_AGENT: &str = "ktor-client";
/// More than any receipt.
const MAX_BODY_BYTES: usize = 16 * 1024;

/// A response, as far as it matters to a probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ProbeResponse {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    /// Whether it asks for a signature, as the webhooks do in a 401 response.
    pub(super) asks_for_signature: bool,
    pub(super) body: Vec<u8>,
}

/// The HTTP clients of the probes.
#[derive(Clone)]
pub(super) struct ProbeClient {
    resolver: Arc<dyn Resolve>,
    timeout: Duration,
    public: Client,
    /// Without a proxy of the environment, which cannot reach this machine.
    local: Client,
}

impl ProbeClient {
    /// # Errors
    ///
    /// Returns an error if TLS cannot be initialized.
    pub(super) fn new(timeout: Duration) -> Result<Self, ProbeFailure> {
        Self::with_resolver(timeout, Arc::new(SystemResolver))
    }

    fn with_resolver(timeout: Duration, resolver: Arc<dyn Resolve>) -> Result<Self, ProbeFailure> {
        let public = build(builder(timeout, &resolver).tls_version_max(Version::TLS_1_2))?;
        let local = build(builder(timeout, &resolver).tls_version_max(Version::TLS_1_2).no_proxy())?;
        Ok(Self { resolver, timeout, public, local })
    }

    pub(super) async fn send(&self, request: &ProbeRequest) -> Result<ProbeResponse, ProbeFailure> {
        let is_local = request.address.rsplit_once(':').is_some_and(|(host, _)| is_loopback(host));
        let client = if is_local { &self.local } else { &self.public };
        match self.exchange(client, request).await {
            Err(ProbeFailure::Tls(TlsProblem::Version { .. })) => {
                let offered = self.offered_version(is_local, request).await;
                Err(ProbeFailure::Tls(TlsProblem::Version { offered }))
            }
            result => result,
        }
    }

    /// Returns the version of TLS that a server without TLS 1.2 offers.
    async fn offered_version(&self, is_local: bool, request: &ProbeRequest) -> Option<&'static str> {
        let builder = builder(self.timeout, &self.resolver);
        let client = build(if is_local { builder.no_proxy() } else { builder }).ok()?;
        match self.exchange(&client, request).await {
            // A certificate is read after the versions have been agreed on.
            Ok(_) | Err(ProbeFailure::Tls(TlsProblem::Certificate(_))) => Some("TLS 1.3"),
            Err(_) => None,
        }
    }

    async fn exchange(&self, client: &Client, request: &ProbeRequest) -> Result<ProbeResponse, ProbeFailure> {
        let builder = client.post(&request.url).header("accept", "application/json").body(request.body.clone());
        let builder = request.headers.iter().fold(builder, |builder, (name, value)| builder.header(name, value));
        let failure = |error: reqwest::Error| self.failure(&error.without_url(), request);
        let response = builder.send().await.map_err(failure)?;
        let (status, location) = (response.status().as_u16(), header(&response, LOCATION.as_str()));
        let asks_for_signature =
            header(&response, WWW_AUTHENTICATE.as_str()).is_some_and(|scheme| scheme == "HMAC-SHA256");
        let body = read(response).await.map_err(failure)?;
        Ok(ProbeResponse { status, location, asks_for_signature, body })
    }

    fn failure(&self, error: &reqwest::Error, request: &ProbeRequest) -> ProbeFailure {
        if let Some(DnsError { host, source }) = causes(error).find_map(|cause| cause.downcast_ref()) {
            return ProbeFailure::Dns { host: host.clone(), reason: source.to_string() };
        }
        if let Some(error) = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
            return ProbeFailure::Tls(tls_problem(error));
        }
        if error.is_builder() {
            ProbeFailure::InvalidUrl { reason: last_reason(error) }
        } else if error.is_connect() {
            ProbeFailure::Connect { address: request.address.clone(), problem: connect_problem(error) }
        } else if error.is_timeout() {
            ProbeFailure::TimedOut { timeout: self.timeout }
        } else {
            ProbeFailure::NoResponse { reason: last_reason(error) }
        }
    }
}

fn builder(timeout: Duration, resolver: &Arc<dyn Resolve>) -> ClientBuilder {
    Client::builder()
        .dns_resolver(Arc::clone(resolver))
        .user_agent(USER_AGENT)
        .http1_only()
        .redirect(redirect::Policy::none())
        .pool_max_idle_per_host(0)
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(timeout)
}

fn build(builder: ClientBuilder) -> Result<Client, ProbeFailure> {
    builder.build().map_err(|error| ProbeFailure::Tls(TlsProblem::Other(last_reason(&error))))
}

fn header(response: &Response, name: &str) -> Option<String> {
    Some(response.headers().get(name)?.to_str().ok()?.to_owned())
}

/// Reads the start of the body; more than that is not a receipt.
async fn read(mut response: Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while body.len() < MAX_BODY_BYTES {
        let Some(chunk) = response.chunk().await? else { break };
        body.extend_from_slice(&chunk[..chunk.len().min(MAX_BODY_BYTES - body.len())]);
    }
    Ok(body)
}

fn connect_problem(error: &reqwest::Error) -> ConnectProblem {
    let io_kind = causes(error).find_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
    match io_kind {
        Some(io::ErrorKind::ConnectionRefused) => ConnectProblem::Refused,
        _ if error.is_timeout() => ConnectProblem::TimedOut,
        _ => ConnectProblem::Other(last_reason(error)),
    }
}

/// An error and its causes, with those inside of I/O errors.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    successors(Some(error), |error| cause(*error))
}

fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

fn last_reason(error: &(dyn Error + 'static)) -> String {
    causes(error).last().unwrap_or(error).to_string()
}

/// Resolves names with the operating system, with an error that is found among the causes of a request's error.
struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            match tokio::net::lookup_host((name.as_str(), 0)).await {
                Ok(addresses) => Ok(Box::new(addresses.collect::<Vec<_>>().into_iter()) as Addrs),
                Err(source) => Err(DnsError { host: name.as_str().to_owned(), source }.into()),
            }
        })
    }
}

#[derive(Debug)]
struct DnsError {
    host: String,
    source: io::Error,
}

impl std::fmt::Display for DnsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cannot resolve {}: {}", self.host, self.source)
    }
}

impl Error for DnsError {}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;
    use std::time::Duration;

    use reqwest::dns::{Name, Resolve, Resolving};

    use super::{DnsError, ProbeClient, ProbeFailure, ProbeRequest};
    use crate::session::base_url::BaseUrl;
    use crate::webhook::Secret;

    /// A resolver of a network without the name.
    struct EmptyResolver;

    impl Resolve for EmptyResolver {
        fn resolve(&self, name: Name) -> Resolving {
            let source = io::Error::other("no such name");
            Box::pin(async move { Err(DnsError { host: name.as_str().to_owned(), source }.into()) })
        }
    }

    #[tokio::test]
    async fn a_name_that_does_not_resolve_is_a_dns_failure() {
        let mut client =
            ProbeClient::with_resolver(Duration::from_secs(15), Arc::new(EmptyResolver)).expect("a client");
        client.public = client.local.clone();
        let url = BaseUrl::new("https://app.coral-tools.dev/coral/ping").expect("a URL");
        let request = ProbeRequest::new("ping", &url, "X-Coral-Signature", &Secret::new("secret")).expect("a request");
        let failure = client.send(&request).await.expect_err("no such name");
        let expected = ProbeFailure::Dns { host: "app.coral-tools.dev".to_owned(), reason: "no such name".to_owned() };
        assert_eq!(failure, expected);
    }
}
