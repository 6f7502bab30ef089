//! HTTP responses of the webhooks.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};

use super::rejection::Rejection;
use crate::toolset::Outcome;

/// The body of a webhook's response: complete when the response is returned, and possibly empty.
#[derive(Debug, Clone, Default)]
pub struct ResponseBody(Bytes);

impl ResponseBody {
    /// Returns the bytes of the body.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.0
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let bytes = std::mem::take(&mut self.0);
        Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.len() as u64)
    }
}

/// Converts an outcome by its audience: an agent reads the body only if the status is exactly 200, so everything that it
/// can act on has that status.
pub(super) fn from_outcome(outcome: Outcome) -> Result<Response<ResponseBody>, Rejection> {
    let status = match outcome {
        Outcome::UnknownTool => return Err(Rejection::NotFound),
        Outcome::UnknownSession => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    Ok(with_body(status, "application/json", outcome.into_json()))
}

/// Returns a plain-text response with status 200.
pub(super) fn text(text: &str) -> Response<ResponseBody> {
    with_body(StatusCode::OK, "text/plain; charset=utf-8", text.as_bytes().to_vec())
}

/// Returns a response without a body.
pub(super) fn empty(status: StatusCode) -> Response<ResponseBody> {
    let mut response = Response::new(ResponseBody::default());
    *response.status_mut() = status;
    response
}

fn with_body(status: StatusCode, content_type: &'static str, body: Vec<u8>) -> Response<ResponseBody> {
    let mut response = Response::new(ResponseBody(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
