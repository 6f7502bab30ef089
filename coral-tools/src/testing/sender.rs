//! Sends a request over a socket or to a service in this process, within a timeout.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use tower::{Service, ServiceExt};

use super::raw_response::RawResponse;
use super::request::{CallerError, WireRequest};
use super::socket::exchange;

/// The HTTP client of a Coral server: no redirects, no retries.
#[derive(Debug, Clone)]
pub(super) struct HttpSender {
    pub(super) connect_timeout: Duration,
    pub(super) timeout: Duration,
}

impl Default for HttpSender {
    fn default() -> Self {
        Self { connect_timeout: Duration::from_secs(5), timeout: Duration::from_secs(15) }
    }
}

impl HttpSender {
    /// Sends the request over a new connection. The inner error is the reason for a missing response.
    pub(super) async fn send(&self, request: &WireRequest) -> Result<Result<RawResponse, String>, CallerError> {
        if request.destination.tls {
            return Err(CallerError::Https);
        }
        Ok(self.in_time(exchange(request, self.connect_timeout)).await)
    }

    pub(super) async fn send_in_process<R>(&self, app: R, request: &WireRequest) -> Result<RawResponse, String>
    where
        R: Service<Request<Body>, Response = Response, Error = Infallible>,
    {
        self.in_time(async {
            let Ok(request) = request.to_http() else {
                // HTTP servers respond to such a request themselves.
                return receive(StatusCode::BAD_REQUEST.into_response()).await;
            };
            match app.oneshot(request).await {
                Ok(response) => receive(response).await,
                Err(never) => match never {},
            }
        })
        .await
    }

    async fn in_time(
        &self,
        exchange: impl Future<Output = Result<RawResponse, String>>,
    ) -> Result<RawResponse, String> {
        let late = |_| Err("the call took too long".to_owned());
        tokio::time::timeout(self.timeout, exchange).await.unwrap_or_else(late)
    }
}

async fn receive(response: Response) -> Result<RawResponse, String> {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.map_err(|error| format!("reading the response: {error}"))?;
    let body = body.to_bytes();
    if parts.status == StatusCode::NO_CONTENT && !body.is_empty() {
        return Err("a 204 has no body, but its Content-Length is not 0".to_owned());
    }
    let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    Ok(RawResponse {
        status: parts.status.as_u16(),
        content_type: content_type.map(str::to_owned),
        body: body.to_vec(),
    })
}
