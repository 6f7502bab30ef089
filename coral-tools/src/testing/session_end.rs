//! Coral's side of the webhook that is called when a session ends.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use http::Request;
use serde_json::Value;
use tower::Service;

use super::json::encode_body;
use super::raw_response::RawResponse;
use super::request::{CallerError, WireRequest};
use super::sender::HttpSender;
use crate::session::call_url::Destination;
use crate::webhook::Secret;

/// Sends the report of a session's end as Coral does, to a [`session_end`](crate::webhook::session_end) handler or to
/// any other webhook.
///
/// Over plain http, with a fresh connection, 5 s to connect and 15 s in all, no redirects, no retries. Coral ignores the
/// response; a test sees its status.
///
/// ```
/// use coral_tools::testing::SessionEndCaller;
/// use coral_tools::webhook::session_end;
/// use coral_tools::{Secret, SessionEndReport};
/// use serde_json::json;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), coral_tools::testing::CallerError> {
/// let secret = Secret::new("webhook-secret");
/// let app: axum::Router = session_end(secret.clone(), async |report: SessionEndReport, _state: ()| {
///     assert_eq!(report.session.id, "6f1c2e7a-3b84-4d09-9a5e-2c7d81f0b364");
///     Ok(())
/// });
///
/// let report = json!({
///     "timestamp": "2026-03-01T12:00:00Z",
///     "namespaceState": {"name": "default", "deleteOnLastSessionExit": true, "annotations": {}},
///     "sessionState": {
///         "type": "base",
///         "state": {
///             "id": "6f1c2e7a-3b84-4d09-9a5e-2c7d81f0b364",
///             "timestamp": "2026-03-01T11:59:00Z",
///             "namespace": "default",
///             "status": {"type": "closing", "closingTime": "2026-03-01T12:00:00Z"},
///             "annotations": {},
///         },
///     },
///     "agentStats": [],
/// });
/// let status = SessionEndCaller::new(secret).send_in_process(app, "http://localhost/session-end", &report).await?;
/// assert_eq!(status, 200);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct SessionEndCaller {
    secret: Secret,
    sender: HttpSender,
}

impl SessionEndCaller {
    /// Makes a caller that signs with `secret`, which a Coral server calls `network.webhookSecret`.
    pub fn new(secret: Secret) -> Self {
        Self { secret, sender: HttpSender::default() }
    }

    /// Limits the time to connect. Default: 5 s.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.sender.connect_timeout = limit;
        self
    }

    /// Limits the time of the whole exchange. Default: 15 s.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.sender.timeout = limit;
        self
    }

    /// Builds the request without sending it.
    ///
    /// # Errors
    ///
    /// Returns an error if `report` is not a JSON object, or if Coral could not send it to `url`.
    pub fn request(&self, url: &str, report: &Value) -> Result<WireRequest, CallerError> {
        let destination = Destination::from_url(url).map_err(CallerError::Unsendable)?;
        let body = encode_body(&report.to_string())?;
        let signature = self.secret.sign(&body);
        WireRequest::new_report(destination, body, signature)
    }

    /// Sends the report to `url` and returns the status of the response.
    ///
    /// # Errors
    ///
    /// Returns an error if [`request`](Self::request) does, if `url` is an `https` URL, or if the response does not arrive in time.
    pub async fn send(&self, url: &str, report: &Value) -> Result<u16, CallerError> {
        let request = self.request(url, report)?;
        status(self.sender.send(&request).await?)
    }

    /// Sends the report to `url` of a [`Router`](axum::Router) in this process, without a socket. Only the path and query
    /// of `url` matter.
    ///
    /// # Errors
    ///
    /// Returns an error if [`request`](Self::request) does, or if the response does not arrive in time.
    pub async fn send_in_process<R>(&self, app: R, url: &str, report: &Value) -> Result<u16, CallerError>
    where
        R: Service<Request<Body>, Response = Response, Error = Infallible>,
    {
        let request = self.request(url, report)?;
        status(self.sender.send_in_process(app, &request).await)
    }
}

fn status(response: Result<RawResponse, String>) -> Result<u16, CallerError> {
    response.map(|response| response.status).map_err(CallerError::NoResponse)
}
