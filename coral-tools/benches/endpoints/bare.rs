//! The minimum: a function from request to response, without a router.

use std::fmt::Debug;

use bytes::Bytes;
use hmac::Hmac;
use http::{Request, Response, StatusCode, header};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

#[derive(Deserialize)]
struct Arguments {
    title: String,
    content: String,
}

#[derive(Serialize)]
struct Receipt {
    report_id: usize,
}

pub(crate) struct App {
    key: Hmac<Sha256>,
}

impl App {
    pub(super) fn new() -> Self {
        Self { key: super::key() }
    }

    pub(crate) async fn call<B: Body<Error: Debug>>(&self, request: Request<B>) -> Response<Full<Bytes>> {
        let (parts, body) = request.into_parts();
        let mut path = parts.uri.path().split('/').skip(2);
        let (Some(session), Some(agent)) = (path.next(), path.next()) else {
            return status(StatusCode::NOT_FOUND);
        };
        let body = body.collect().await.expect("body").to_bytes();
        let signature = parts.headers.get("x-coral-signature").map(http::HeaderValue::as_bytes);
        if !super::verify(&self.key, signature, &body) {
            return status(StatusCode::UNAUTHORIZED);
        }
        let Ok(Arguments { title, content }) = serde_json::from_slice(&body) else {
            return status(StatusCode::BAD_REQUEST);
        };
        let receipt = Receipt { report_id: session.len() + agent.len() + title.len() + content.len() };
        let json = serde_json::to_vec(&receipt).expect("json");
        let response = Response::builder().header(header::CONTENT_TYPE, "application/json");
        response.body(Full::new(json.into())).expect("response")
    }
}

fn status(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::default();
    *response.status_mut() = status;
    response
}
