//! HTTP responses of the webhooks.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};

// Constants, because `HeaderValue::from_static` checks each byte.
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const PLAIN_TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

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

/// Returns a plain-text response with status 200.
pub(super) fn text(text: &str) -> Response<ResponseBody> {
    with_body(StatusCode::OK, PLAIN_TEXT, text.as_bytes().to_vec())
}

/// Returns a JSON response.
pub(super) fn json(status: StatusCode, json: Vec<u8>) -> Response<ResponseBody> {
    with_body(status, JSON, json)
}

/// Returns a response without a body.
pub(super) fn empty(status: StatusCode) -> Response<ResponseBody> {
    let mut response = Response::new(ResponseBody::default());
    *response.status_mut() = status;
    response
}

fn with_body(status: StatusCode, content_type: HeaderValue, body: Vec<u8>) -> Response<ResponseBody> {
    let mut response = Response::new(ResponseBody(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}
