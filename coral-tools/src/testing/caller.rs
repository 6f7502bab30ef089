//! A stand-in for Coral's side of a tool call.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use http::Request;
use tower::Service;

use super::arguments::Arguments;
use super::json::body;
use super::received::AgentSees;
use super::request::{CallerError, Identity, WireRequest};
use super::sender::HttpSender;
use super::url::Destination;
use crate::webhook::Secret;

/// Calls a tool's webhook as Coral does: the same bytes, the same limits, the same view of the answer.
///
/// Over plain http, a fresh connection for each call, 5 s to connect and 15 s in all, no redirects, no second attempt.
///
/// ```no_run
/// use coral_tools::Secret;
/// use coral_tools::testing::CoralCaller;
/// use serde_json::json;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let coral = CoralCaller::new(Secret::from_env("CORAL_CUSTOM_TOOL_SECRET")?).by_agent("report-writer");
/// let arguments = json!({"title": "Q4", "content": "# Done"});
/// let sees = coral.call("http://127.0.0.1:8080/coral/submit_report", arguments).await?;
/// assert!(!sees.is_error, "{}", sees.text);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct CoralCaller {
    secret: Secret,
    signature_header: String,
    namespace: String,
    session_id: String,
    agent_name: String,
    pub(super) sender: HttpSender,
}

impl CoralCaller {
    /// A caller that signs with `secret`: agent `agent` of one session in the namespace `default`.
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

    /// Signs in another header, as a tool's `transport.signatureHeader` has it.
    pub fn signature_header(mut self, name: impl Into<String>) -> Self {
        self.signature_header = name.into();
        self
    }

    /// Calls from this namespace.
    pub fn in_namespace(mut self, name: impl Into<String>) -> Self {
        self.namespace = name.into();
        self
    }

    /// Calls from this session.
    pub fn in_session(mut self, id: impl Into<String>) -> Self {
        self.session_id = id.into();
        self
    }

    /// Calls as this agent.
    pub fn by_agent(mut self, name: impl Into<String>) -> Self {
        self.agent_name = name.into();
        self
    }

    /// How long connecting may take.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.sender.connect_timeout = limit;
        self
    }

    /// How long a whole call may take.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.sender.timeout = limit;
        self
    }

    /// The call of the tool at `url`, without sending it.
    ///
    /// `url` is the tool's `transport.url`; the session and the agent are appended to it. The arguments are JSON as a
    /// model wrote it, a [`serde_json::Value`], or `()` for none.
    ///
    /// # Errors
    ///
    /// Where Coral could not send it either, or the arguments are no JSON object.
    pub fn request(&self, url: &str, arguments: impl Into<Arguments>) -> Result<WireRequest, CallerError> {
        let to = Destination::of(url, &self.session_id, &self.agent_name).map_err(CallerError::Unsendable)?;
        let body = body(arguments.into().as_str())?;
        let signature = self.secret.sign(&body);
        let identity = Identity {
            signature_header: &self.signature_header,
            namespace: &self.namespace,
            session_id: &self.session_id,
            agent_name: &self.agent_name,
        };
        WireRequest::new(to, &identity, body, signature)
    }

    /// Calls the tool at `url`.
    ///
    /// What Coral cannot send is an `Unknown error` for the agent, as it is there.
    ///
    /// # Errors
    ///
    /// Where the arguments are no JSON object, or the URL is an `https` one, which this caller does not speak.
    pub async fn call(&self, url: &str, arguments: impl Into<Arguments>) -> Result<AgentSees, CallerError> {
        match self.request(url, arguments) {
            Ok(request) => self.send(&request).await,
            Err(CallerError::Unsendable(cause)) => Ok(AgentSees::of(&Err(cause.to_owned()))),
            Err(error) => Err(error),
        }
    }

    /// Sends a call that was made before.
    ///
    /// # Errors
    ///
    /// Where its URL is an `https` one.
    pub async fn send(&self, request: &WireRequest) -> Result<AgentSees, CallerError> {
        Ok(AgentSees::of(&self.sender.send(request).await?))
    }

    /// Calls the tool at `url` of a [`Router`](axum::Router) in this process, without a socket. Only the path and query
    /// of `url` matter.
    ///
    /// # Errors
    ///
    /// Where the arguments are no JSON object.
    pub async fn call_in_process<R>(
        &self,
        app: R,
        url: &str,
        arguments: impl Into<Arguments>,
    ) -> Result<AgentSees, CallerError>
    where
        R: Service<Request<Body>, Response = Response, Error = Infallible>,
    {
        match self.request(url, arguments) {
            Ok(request) => Ok(AgentSees::of(&self.sender.send_in_process(app, &request).await)),
            Err(CallerError::Unsendable(cause)) => Ok(AgentSees::of(&Err(cause.to_owned()))),
            Err(error) => Err(error),
        }
    }
}
