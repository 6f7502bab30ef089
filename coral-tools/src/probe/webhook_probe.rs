//! [`WebhookProbe`].

use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::time::Instant;

use super::failure::ProbeFailure;
use super::http::ProbeClient;
use super::problem::PathProblem;
use super::report::{ProbeReport, ProbeSuccess, ToolProbe};
use super::request::ProbeRequest;
use super::search::candidates;
use super::verdict::evaluate;
use crate::session::base_url::BaseUrl;
use crate::session::custom_tools::CustomTools;
use crate::session::host::HostScope;
use crate::webhook::Secret;

/// As long as Coral waits for a call.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Tools that are probed concurrently.
const CONCURRENCY: usize = 4;

/// Tests whether calls of Coral reach the webhooks of this application: sends a signed request to the URL of each tool, which
/// the webhooks recognize and confirm.
///
/// No tool runs. [`Coral::probe_webhooks`](crate::Coral::probe_webhooks) does the same, and also compares the networks of the
/// server and of the URL.
///
/// ```no_run
/// use coral_tools::{Secret, Toolset, WebhookProbe, coral_tool, toolset};
///
/// /// Submit a completed report to the application.
/// #[coral_tool]
/// fn submit_report(title: String) {}
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let tools: Toolset = toolset![submit_report];
/// let secret = Secret::from_env("CORAL_CUSTOM_TOOL_SECRET")?;
/// let custom_tools = tools.custom_tools("https://your-app.example/coral")?;
///
/// // While the webhooks are served:
/// let report = WebhookProbe::new(secret).probe(&custom_tools).await;
/// println!("{report}");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct WebhookProbe {
    secret: Secret,
    timeout: Duration,
    server: Option<HostScope>,
}

impl WebhookProbe {
    /// Creates a probe that signs with the first key of `secret`, which must be one of the webhooks' secrets.
    pub fn new(secret: Secret) -> Self {
        Self { secret, timeout: TIMEOUT, server: None }
    }

    /// Sets the timeout for each tool. Default: 15 s, as long as Coral waits.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets from where the Coral server sends its calls.
    pub(super) fn for_server(mut self, server: HostScope) -> Self {
        self.server = Some(server);
        self
    }

    /// Probes the URL of each tool. The webhooks must be served already.
    pub async fn probe(&self, tools: &CustomTools) -> ProbeReport {
        let client = ProbeClient::new(self.timeout);
        let urls: Vec<_> = tools.urls().map(|(tool, url)| (tool.to_owned(), url)).collect();
        let probe = |(tool, url): (String, BaseUrl)| {
            let client = client.clone();
            async move {
                let result = match client {
                    Ok(client) => self.probe_url(&client, &tool, &url, tools.signature_header_name()).await,
                    Err(failure) => Err(failure),
                };
                ToolProbe { tool, url: url.redacted(), result }
            }
        };
        let probes: Vec<ToolProbe> = stream::iter(urls).map(probe).buffered(CONCURRENCY).collect().await;
        match client {
            Ok(client) => self.explain_paths(&client, tools, probes).await,
            Err(_) => ProbeReport::new(probes, None),
        }
    }

    async fn probe_url(
        &self,
        client: &ProbeClient,
        tool: &str,
        url: &BaseUrl,
        signature_header: &str,
    ) -> Result<ProbeSuccess, ProbeFailure> {
        self.check_host(url)?;
        let request = ProbeRequest::new(tool, url, signature_header, &self.secret)
            .map_err(|reason| ProbeFailure::InvalidUrl { reason: reason.to_owned() })?;
        let start = Instant::now();
        let response = client.send(&request).await?;
        evaluate(&request, &self.secret, &response, start.elapsed())
    }

    fn check_host(&self, url: &BaseUrl) -> Result<(), ProbeFailure> {
        let Some(url) = url.parsed() else { return Ok(()) };
        // Without a known server, only hosts that no server can reach.
        let server = self.server.unwrap_or(HostScope::Loopback);
        match url.scope() {
            scope if server.cannot_reach(scope) => {
                Err(ProbeFailure::UnreachableHost { host: url.host, reason: format!("it is {scope}") })
            }
            _ => Ok(()),
        }
    }

    /// Looks for the base URL at which the webhooks respond, if the path of the given one seems to be wrong.
    async fn explain_paths(
        &self,
        client: &ProbeClient,
        tools: &CustomTools,
        mut probes: Vec<ToolProbe>,
    ) -> ProbeReport {
        let may_be_the_path = |probe: &&ToolProbe| {
            !tools.has_own_url(&probe.tool) && probe.result.as_ref().is_err_and(ProbeFailure::may_be_the_path)
        };
        let Some(failed) = probes.iter().find(may_be_the_path).map(|probe| probe.tool.clone()) else {
            return ProbeReport::new(probes, None);
        };
        let Some((path, working)) = self.search(client, tools, &failed).await else {
            return ProbeReport::new(probes, None);
        };
        let used = tools.base_url().parsed().map_or(String::new(), |url| url.path.to_owned());
        for probe in &mut probes {
            if may_be_the_path(&&*probe) && !matches!(probe.result, Err(ProbeFailure::Path(_))) {
                probe.result = Err(ProbeFailure::Path(PathProblem::between(&used, &path)));
            }
        }
        ProbeReport::new(probes, Some(working.redacted()))
    }

    async fn search(&self, client: &ProbeClient, tools: &CustomTools, tool: &str) -> Option<(String, BaseUrl)> {
        for (path, base_url) in candidates(tools.base_url(), tools.names()) {
            let url = base_url.join(tool);
            if self.probe_url(client, tool, &url, tools.signature_header_name()).await.is_ok() {
                return Some((path, base_url));
            }
        }
        None
    }
}
