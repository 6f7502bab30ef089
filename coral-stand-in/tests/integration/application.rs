//! An application with webhooks that records the requests.

use axum::Router;
use axum::extract::{Request, State};
use coral_tools::serde_json::{self, Value};
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use http_body_util::BodyExt;
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::client::TIMEOUT;

pub(crate) struct Application {
    pub(crate) url: String,
    calls: mpsc::UnboundedReceiver<ReceivedRequest>,
}

#[derive(Debug)]
pub(crate) struct ReceivedRequest {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Responds to every request with this text.
pub(crate) async fn application(text: &'static str) -> Application {
    let (sender, calls) = mpsc::unbounded_channel();
    let handler = move |State(sender): State<mpsc::UnboundedSender<ReceivedRequest>>, request: Request| async move {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        let path = parts.uri.path().to_owned();
        sender.send(ReceivedRequest { path, headers: parts.headers, body }).expect("the test receives");
        text
    };
    let app = Router::new().fallback(handler).with_state(sender);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, app).await });
    Application { url, calls }
}

impl Application {
    pub(crate) async fn next(&mut self) -> ReceivedRequest {
        timeout(TIMEOUT, self.calls.recv()).await.expect("no timeout").expect("a call")
    }

    pub(crate) fn is_idle(&mut self) -> bool {
        self.calls.try_recv().is_err()
    }
}

impl ReceivedRequest {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().expect("text")
    }

    pub(crate) fn is_signed_in(&self, header: &str, secret: &str) -> bool {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
        mac.update(&self.body);
        self.header(header) == const_hex::encode(mac.finalize().into_bytes())
    }
}
