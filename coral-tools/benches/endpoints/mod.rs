//! One signed call, answered three ways: by a bare hyper service, by an axum handler written by hand, by `webhooks`.
//!
//! All do the same work: find the session and the agent, verify the signature over the raw body with a key whose
//! schedule is made once, read `{title, content}`, answer a small JSON. Both routers are nested under a path.

mod bare;
mod by_hand;
mod toolkit;

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use sha2::Sha256;
use tower::Service;

pub(crate) const SECRET: &str = "bench-secret";
const PATH: &str = "/coral/submit_report/0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11/report-writer";

/// What is measured, in the order of the tables.
pub(crate) const NAMES: [&str; 3] = ["bare hyper", "axum by hand", "coral-tools"];

/// The sizes of the bodies, in bytes.
pub(crate) const SIZES: [usize; 3] = [200, 2_048, 65_536];

/// An endpoint, ready to be called without a socket.
pub(crate) enum Endpoint {
    Bare(bare::App),
    Router(Box<Router>),
}

impl Endpoint {
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "bare hyper" => Self::Bare(bare::App::new()),
            "axum by hand" => Self::Router(Box::new(by_hand::app())),
            "coral-tools" => Self::Router(Box::new(toolkit::app())),
            other => panic!("no endpoint is called {other}"),
        }
    }

    /// Answers `request` and returns the length of the answer's body.
    pub(crate) async fn call(&mut self, request: Request<Full<Bytes>>) -> usize {
        match self {
            Self::Bare(app) => finish(app.call(request).await).await,
            Self::Router(router) => {
                let answer: Result<_, Infallible> = router.call(request.map(Body::new)).await;
                finish(answer.unwrap_or_else(|never| match never {})).await
            }
        }
    }
}

async fn finish<B: http_body::Body<Data = Bytes, Error: std::fmt::Debug>>(response: Response<B>) -> usize {
    assert_eq!(response.status(), 200);
    response.into_body().collect().await.expect("body").to_bytes().len()
}

/// A paragraph of a report, as JSON has it.
const PARAGRAPH: &str = "Revenue grew by 12 % over the third quarter, mostly in the northern region, where the new \
    contracts took effect in October; costs were flat, since the move of the second plant was put off to the spring. \
    We expect the same for the first quarter.\\n\\n";

/// A body of exactly `size` bytes, printed as Coral prints it, and its signature.
#[derive(Clone)]
pub(crate) struct Call {
    body: Bytes,
    signature: String,
}

impl Call {
    pub(crate) fn of_size(size: usize) -> Self {
        let (head, tail) = ("{\n    \"title\": \"Q4\",\n    \"content\": \"", "\"\n}");
        let room = size - head.len() - tail.len();
        let paragraphs = PARAGRAPH.repeat(room / PARAGRAPH.len());
        let rest = ".".repeat(room % PARAGRAPH.len());
        let body = [head, &paragraphs, &rest, tail].concat();
        assert_eq!(body.len(), size);
        let signature = const_hex::encode(key().chain_update(&body).finalize().into_bytes());
        Self { body: body.into(), signature }
    }

    /// The request as it arrives (without what the HTTP parser has already used up).
    pub(crate) fn request(&self) -> Request<Full<Bytes>> {
        Request::post(PATH)
            .header("host", "127.0.0.1:8080")
            .header("content-length", self.body.len())
            .header("accept", "application/json")
            .header("x-coral-signature", &self.signature)
            .header("x-coral-namespace", "default")
            .header("x-coral-sessionid", "0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11")
            .header("x-coral-agentname", "report-writer")
            .header("user-agent", "ktor-client")
            .header("content-type", "application/json")
            .body(Full::new(self.body.clone()))
            .expect("request")
    }

    /// Only the signature's part of the work, for the instruction counts to leave out.
    pub(crate) fn verify(&self, key: &Hmac<Sha256>) -> bool {
        verify(key, Some(self.signature.as_bytes()), &self.body)
    }
}

pub(crate) fn key() -> Hmac<Sha256> {
    Hmac::new_from_slice(SECRET.as_bytes()).expect("key")
}

/// How a careful engineer writes it.
fn verify(key: &Hmac<Sha256>, signature: Option<&[u8]>, body: &[u8]) -> bool {
    let mut bytes = [0; 32];
    signature.is_some_and(|text| const_hex::decode_to_slice(text, &mut bytes).is_ok())
        && key.clone().chain_update(body).verify_slice(&bytes).is_ok()
}
