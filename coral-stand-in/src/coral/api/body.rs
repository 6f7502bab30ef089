//! Decodes the bodies of requests.

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::header::CONTENT_TYPE;

use super::Api;
use crate::coral::decode::{DecodeError, DecodeResult, JsonTree, RequestBody};
use crate::coral::emulated_version::EmulatedVersion;
use crate::coral::logs::LogSubject;
use crate::coral::rejection::Rejection;

impl Api {
    /// Decodes a body as strictly as the server.
    ///
    /// # Errors
    ///
    /// Returns the error of the server, which does not contain the reason. The reason is in the log.
    pub(super) async fn decode_body<T: RequestBody>(&self, request: Request) -> Result<T, Rejection> {
        let is_json = is_json(&request);
        let path = request.uri().path().to_owned();
        let body = Bytes::from_request(request, &()).await;
        let body =
            body.map_err(|rejection| Rejection { status: rejection.status(), message: rejection.body_text() })?;
        if !is_json || body.is_empty() {
            let message = format!("Cannot transform this request's content to {}", T::CLASS);
            return Err(match self.context.emulated {
                EmulatedVersion::Server1_1 => Rejection::unsupported_media_type(message),
                EmulatedVersion::Server1_2 | EmulatedVersion::Cloud => Rejection::unexpected(message),
            });
        }
        self.decode(&body).map_err(|error| {
            let text = format!("Unexpected exception thrown from route {path}");
            self.context.logs.write_error(LogSubject::default(), text, error.to_string());
            Rejection::unexpected(format!("Failed to convert request body to class {}", T::CLASS))
        })
    }

    fn decode<T: RequestBody>(&self, body: &[u8]) -> DecodeResult<T> {
        let text = std::str::from_utf8(body).map_err(|error| DecodeError::new(error.to_string()))?;
        T::decode(JsonTree::parse(text)?, self.context.emulated)
    }
}

fn is_json(request: &Request) -> bool {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json"))
}
