//! Coral's side of a tool call.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use http::Request;
use tower::Service;

use super::agent_view::AgentView;
use super::arguments::Arguments;
use super::json::encode_body;
use super::request::{CallHeaders, CallerError, WireRequest};
use super::sender::HttpSender;
use crate::session::call_url::Destination;
use crate::webhook::Secret;

/// Calls the webhook of a tool as Coral does: the same bytes, the same limits, and the result as the agent sees it.
///
/// Calls use plain HTTP and a new connection each, with 5 s to connect and 15 s in total, without redirects and retries.
///
/// ```no_run
/// use coral_tools::Secret;
/// use coral_tools::testing::CoralCaller;
/// use serde_json::json;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let coral = CoralCaller::new(Secret::from_env("CORAL_CUSTOM_TOOL_SECRET")?).by_agent("report-writer");
/// let arguments = json!({"title": "Q4", "content": "# Done"});
/// let view = coral.call("http://127.0.0.1:8080/coral/submit_report", arguments).await?;
/// assert!(!view.is_error, "{}", view.text);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct CoralCaller {
    secret: Secret,
    signature_header: String,
    namespace: String,
    pub(super) session_id: String,
    agent_name: String,
    pub(super) sender: HttpSender,
}

impl CoralCaller {
    /// Makes a caller that signs with `secret`. It calls as the agent `agent` of a fixed session in the namespace `default`.
    pub fn new(secret: Secret) -> Self {
        Self {
            secret,
            signature_header: "X-Coral-Signature".to_owned(),
            namespace: "default".to_owned(),
            session_id: "6f1c2e7a-3b84-4d09-9a5e-2c7d81f0b364".to_owned(),
            agent_name: "agent".to_owned(),
            sender: HttpSender::default(),
        }
    }

    /// Signs with another secret.
    pub fn secret(mut self, secret: Secret) -> Self {
        self.secret = secret;
        self
    }

    /// Sends the signature in another header, as `transport.signatureHeader` of a tool requires. Default: `X-Coral-Signature`.
    pub fn signature_header(mut self, name: impl Into<String>) -> Self {
        self.signature_header = name.into();
        self
    }

    /// Calls from this namespace. Default: `default`.
    pub fn in_namespace(mut self, name: impl Into<String>) -> Self {
        self.namespace = name.into();
        self
    }

    /// Calls from this session.
    pub fn in_session(mut self, id: impl Into<String>) -> Self {
        self.session_id = id.into();
        self
    }

    /// Calls as this agent. Default: `agent`.
    pub fn by_agent(mut self, name: impl Into<String>) -> Self {
        self.agent_name = name.into();
        self
    }

    /// Limits the time to connect. Default: 5 s.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.sender.connect_timeout = limit;
        self
    }

    /// Limits the time of a whole call. Default: 15 s.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.sender.timeout = limit;
        self
    }

    /// Builds the call of the tool at `url` without sending it.
    ///
    /// `url` is the tool's `transport.url`; the session and the agent are appended to it. The arguments are JSON as a
    /// model wrote it, a [`serde_json::Value`], or `()` for none.
    ///
    /// # Errors
    ///
    /// Returns an error if the arguments are not a JSON object, or if Coral could not send the call.
    pub fn request(&self, url: &str, arguments: impl Into<Arguments>) -> Result<WireRequest, CallerError> {
        let destination =
            Destination::from_tool_url(url, &self.session_id, &self.agent_name).map_err(CallerError::Unsendable)?;
        let body = encode_body(arguments.into().as_str())?;
        let signature = self.secret.sign(&body);
        let headers = CallHeaders {
            signature_header: &self.signature_header,
            namespace: &self.namespace,
            session_id: &self.session_id,
            agent_name: &self.agent_name,
        };
        WireRequest::new(destination, &headers, body, signature)
    }

    /// Calls the tool at `url`.
    ///
    /// If Coral could not send the call, the agent sees an `Unknown error`, as with Coral.
    ///
    /// # Errors
    ///
    /// Returns an error if the arguments are not a JSON object, or if `url` is an `https` URL.
    pub async fn call(&self, url: &str, arguments: impl Into<Arguments>) -> Result<AgentView, CallerError> {
        match self.request(url, arguments) {
            Ok(request) => self.send(&request).await,
            Err(CallerError::Unsendable(cause)) => Ok(AgentView::from_outcome(&Err(cause.to_owned()))),
            Err(error) => Err(error),
        }
    }

    /// Sends a call that [`request`](Self::request) built.
    ///
    /// # Errors
    ///
    /// Returns an error if its URL is an `https` URL.
    pub async fn send(&self, request: &WireRequest) -> Result<AgentView, CallerError> {
        Ok(AgentView::from_outcome(&self.sender.send(request).await?))
    }

    /// Calls the tool at `url` of a [`Router`](axum::Router) in this process, without a socket. Only the path and query
    /// of `url` matter.
    ///
    /// # Errors
    ///
    /// Returns an error if the arguments are not a JSON object.
    pub async fn call_in_process<R>(
        &self,
        app: R,
        url: &str,
        arguments: impl Into<Arguments>,
    ) -> Result<AgentView, CallerError>
    where
        R: Service<Request<Body>, Response = Response, Error = Infallible>,
    {
        match self.request(url, arguments) {
            Ok(request) => Ok(AgentView::from_outcome(&self.sender.send_in_process(app, &request).await)),
            Err(CallerError::Unsendable(cause)) => Ok(AgentView::from_outcome(&Err(cause.to_owned()))),
            Err(error) => Err(error),
        }
    }
}
