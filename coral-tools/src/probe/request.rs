//! The request of a probe.

use uuid::Uuid;

use crate::session::base_url::BaseUrl;
use crate::session::call_url::Destination;
use crate::webhook::Secret;
use crate::webhook::probe::{ProbeToken, header_digest};

const NAMESPACE: &str = "coral-tools-probe";

/// A probe of one tool: the request that Coral would send to its URL, with the body of a probe.
#[derive(Debug)]
pub(super) struct ProbeRequest {
    pub(super) tool: String,
    pub(super) token: ProbeToken,
    /// The URL of the call.
    pub(super) url: String,
    /// `host:port`, for messages.
    pub(super) address: String,
    pub(super) signature_header: String,
    /// The headers that matter to a call, with names in lower case.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl ProbeRequest {
    /// # Errors
    ///
    /// Returns the reason if Coral could not build a URL from that of the tool.
    pub(super) fn new(
        tool: &str,
        url: &BaseUrl,
        signature_header: &str,
        secret: &Secret,
    ) -> Result<Self, &'static str> {
        let token = ProbeToken::new(Uuid::new_v4().to_string(), secret);
        let agent = token.agent_name();
        let to = Destination::from_tool_url(url.as_str(), token.nonce(), &agent)?;
        let body = token.body();
        let headers = [
            ("x-coral-namespace", NAMESPACE),
            ("x-coral-sessionid", token.nonce()),
            ("x-coral-agentname", &agent),
            (signature_header, &secret.sign(&body)),
            ("content-type", "application/json"),
        ];
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).into();
        Ok(Self {
            tool: tool.to_owned(),
            url: format!("{}://{}{}", if to.tls { "https" } else { "http" }, to.authority(), to.target),
            address: format!("{}:{}", to.host, to.port),
            signature_header: signature_header.to_ascii_lowercase(),
            headers,
            body,
            token,
        })
    }

    /// The end of the path that the webhooks receive: `/{tool}/{session}/{agent}`.
    pub(super) fn call_path(&self) -> String {
        format!("/{}/{}/{}", self.tool, self.token.nonce(), self.token.agent_name())
    }

    /// The digest of each header, by name.
    pub(super) fn header_digests(&self) -> impl Iterator<Item = (&str, String)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), header_digest([value.as_bytes()])))
    }
}
