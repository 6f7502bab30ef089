//! One signed call and four endpoints that respond to it: a bare function, an axum handler written by hand, the axum router
//! of `webhooks`, and the tower service of `webhook_service`.
//!
//! All do the same work: read the session and the agent, verify the signature over the raw body with a key schedule that is
//! computed once, parse `{title, content}`, respond with a small JSON. Both routers are nested under a path.

mod bare;
mod by_hand;
mod toolkit;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use coral_tools::webhook::WebhookService;
use hmac::{Hmac, KeyInit, Mac};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use sha2::Sha256;
use tower::Service;

pub(crate) const SECRET: &str = "bench-secret";
/// The prefix of the paths of both routers.
const NESTED: &str = "/coral";
const PATH: &str = "/submit_report/0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11/report-writer";

/// The endpoints, in the order of the tables.
pub(crate) const NAMES: [&str; 4] = ["bare function", "axum by hand", "webhooks", "webhook_service"];

/// The sizes of the bodies, in bytes.
pub(crate) const SIZES: [usize; 3] = [200, 2_048, 65_536];

/// An endpoint, ready to be called without a socket.
pub(crate) enum Endpoint {
    Function(bare::App),
    Router(Box<Router>),
    Service(WebhookService),
}

impl Endpoint {
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "bare function" => Self::Function(bare::App::new()),
            "axum by hand" => Self::Router(Box::new(by_hand::app())),
            "webhooks" => Self::Router(Box::new(toolkit::app())),
            "webhook_service" => Self::Service(toolkit::service()),
            other => panic!("`{other}` is not an endpoint; there are {NAMES:?}"),
        }
    }

    /// Returns the path that `call` is sent to.
    pub(crate) fn path(&self) -> String {
        match self {
            Self::Router(_) => [NESTED, PATH].concat(),
            Self::Function(_) | Self::Service(_) => PATH.to_owned(),
        }
    }

    /// Handles `request` and returns the length of the response's body.
    pub(crate) async fn call(&mut self, request: Request<Full<Bytes>>) -> usize {
        match self {
            Self::Function(app) => body_length(app.call(request).await).await,
            Self::Router(router) => body_length(router.call(request.map(Body::new)).await.expect("infallible")).await,
            Self::Service(service) => body_length(service.call(request).await.expect("infallible")).await,
        }
    }
}

impl Endpoint {
    /// Handles `request` and returns the status of the response.
    pub(crate) async fn status(&mut self, request: Request<Full<Bytes>>) -> u16 {
        let status = match self {
            Self::Function(app) => app.call(request).await.status(),
            Self::Router(router) => router.call(request.map(Body::new)).await.expect("infallible").status(),
            Self::Service(service) => service.call(request).await.expect("infallible").status(),
        };
        status.as_u16()
    }
}

/// Formats a row of a table: a column for each endpoint.
pub(crate) fn row(label: impl std::fmt::Display, columns: &[impl std::fmt::Display; NAMES.len()]) -> String {
    columns.iter().fold(format!("{label:<8}"), |row, column| format!("{row} {column:>16}"))
}

async fn body_length<B: http_body::Body<Data = Bytes, Error: std::fmt::Debug>>(response: Response<B>) -> usize {
    assert_eq!(response.status(), 200);
    response.into_body().collect().await.expect("body").to_bytes().len()
}

/// A paragraph of a report, inside a JSON string.
const PARAGRAPH: &str = "Revenue grew by 12 % over the third quarter, mostly in the northern region, where the new \
    contracts took effect in October; costs were flat, since the move of the second plant was put off to the spring. \
    We expect the same for the first quarter.\\n\\n";

/// A body, formatted as Coral formats it, and its signature.
#[derive(Clone)]
pub(crate) struct Call {
    body: Bytes,
    signature: String,
}

impl Call {
    pub(crate) fn with_body_of(size: usize) -> Self {
        let (head, tail) = ("{\n    \"title\": \"Q4\",\n    \"content\": \"", "\"\n}");
        let content = size - head.len() - tail.len();
        let paragraphs = PARAGRAPH.repeat(content / PARAGRAPH.len());
        let padding = ".".repeat(content % PARAGRAPH.len());
        let body = [head, &paragraphs, &padding, tail].concat();
        assert_eq!(body.len(), size);
        let signature = const_hex::encode(key().chain_update(&body).finalize().into_bytes());
        Self { body: body.into(), signature }
    }

    /// Returns the call with a signature in which only this byte is wrong.
    pub(crate) fn forged(&self, byte: usize) -> Self {
        let mut signature = const_hex::decode(&self.signature).expect("hex");
        signature[byte] ^= 1;
        Self { body: self.body.clone(), signature: const_hex::encode(signature) }
    }

    /// Returns the request as the HTTP parser passes it on.
    pub(crate) fn request(&self, path: &str) -> Request<Full<Bytes>> {
        Request::post(path)
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

    /// Verifies the signature alone, so that its share can be subtracted.
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
