//! One websocket: opened over the client's own HTTP, so that keys, TLS, proxies and errors are the same.

use std::time::Duration;

use futures_util::StreamExt;
use reqwest::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use reqwest::{Method, Response, StatusCode, Upgraded};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::Utf8Bytes;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use crate::api::{Cause, ClientError, RequestPath, RetryPolicy, Transport};

/// More than any event: one has a whole session's state.
const LARGEST_EVENT: usize = 32 << 20;
/// How long opening may take.
const OPENING: Duration = Duration::from_secs(15);

pub(super) struct EventSocket {
    stream: WebSocketStream<Upgraded>,
    idle_timeout: Duration,
}

impl EventSocket {
    pub(super) async fn open(
        operation: &'static str,
        transport: &Transport,
        path: &RequestPath,
    ) -> Result<Self, ClientError> {
        let failed = |cause| ClientError::new(operation, RetryPolicy::Transient, cause);
        match timeout(OPENING, Self::upgrade(transport, path)).await {
            Ok(opened) => opened.map_err(failed),
            Err(late) => Err(failed(Cause::NoResponse(late.into()))),
        }
    }

    async fn upgrade(transport: &Transport, path: &RequestPath) -> Result<Self, Cause> {
        let key = generate_key();
        let request = transport.bodyless_builder(Method::GET, path).map_err(Cause::InvalidRequest)?;
        let request = request
            .header(CONNECTION, "Upgrade")
            .header(UPGRADE, "websocket")
            .header(SEC_WEBSOCKET_VERSION, "13")
            .header(SEC_WEBSOCKET_KEY, &key);
        let response = request.send().await.map_err(|error| transport.classify_send_error(error))?;
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Err(Cause::ErrorResponse(transport.read_error_response(response).await));
        }
        if !accepts(&response, &key) {
            return Err(Cause::NoResponse("what answered speaks no websocket".into()));
        }
        let upgraded = response.upgrade().await.map_err(|error| transport.classify_send_error(error))?;
        let config =
            WebSocketConfig::default().max_message_size(Some(LARGEST_EVENT)).max_frame_size(Some(LARGEST_EVENT));
        let stream = WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(config)).await;
        Ok(Self { stream, idle_timeout: transport.settings().idle_timeout })
    }

    /// The next text; `None` when there will be no more: closed, broken, or silent for too long.
    pub(super) async fn next(&mut self) -> Option<Utf8Bytes> {
        loop {
            match timeout(self.idle_timeout, self.stream.next()).await.ok()?? {
                Ok(Message::Text(text)) => return Some(text),
                // Pings are answered on the way.
                Ok(_) => {}
                Err(error) => {
                    tracing::debug!(%error, "a websocket of Coral's broke");
                    return None;
                }
            }
        }
    }
}

fn accepts(response: &Response, key: &str) -> bool {
    let accepted = response.headers().get(SEC_WEBSOCKET_ACCEPT);
    accepted.is_some_and(|accepted| accepted.as_bytes() == derive_accept_key(key.as_bytes()).as_bytes())
}
