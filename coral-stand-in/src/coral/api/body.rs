//! From a request's body to what it says.

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::header::CONTENT_TYPE;

use super::Api;
use crate::coral::decode::{Body, Decoded, Tree, Undecodable};
use crate::coral::logs::{About, Level};
use crate::coral::refusal::Refusal;

impl Api {
    /// Reads a body as strictly as the server does.
    ///
    /// # Errors
    ///
    /// What the server says, which is no more than that it could not; the log says more.
    pub(super) async fn read<T: Body>(&self, request: Request) -> Result<T, Refusal> {
        if !is_json(&request) {
            return Err(Refusal::unexpected(format!("Cannot transform this request's content to {}", T::CLASS)));
        }
        let body = Bytes::from_request(request, &()).await;
        let body = body.map_err(|rejection| Refusal { status: rejection.status(), message: rejection.body_text() })?;
        self.decode(&body).map_err(|fault| {
            let text = format!("{} in a body: {fault}", T::CLASS);
            self.common.logs.write(Level::Error, About::default(), text);
            Refusal::unexpected(format!("Failed to convert request body to class {}", T::CLASS))
        })
    }

    fn decode<T: Body>(&self, body: &[u8]) -> Decoded<T> {
        let text = std::str::from_utf8(body).map_err(|error| Undecodable::new(error.to_string()))?;
        T::decode(Tree::parse(text)?, self.common.plays)
    }
}

fn is_json(request: &Request) -> bool {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json"))
}
