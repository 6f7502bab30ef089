//! [`EventSocket`].

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

use crate::api::{ClientError, ClientErrorCause, RequestPath, RetryPolicy, Transport};

const OPEN_TIMEOUT: Duration = Duration::from_secs(15);

/// One websocket. It is opened by the client's own HTTP, so that the key, TLS, proxies and errors are the same.
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
        let error = |cause| ClientError::new(operation, RetryPolicy::Transient, cause);
        match timeout(OPEN_TIMEOUT, Self::upgrade(transport, path)).await {
            Ok(opened) => opened.map_err(error),
            Err(elapsed) => Err(error(ClientErrorCause::NoResponse(elapsed.into()))),
        }
    }

    async fn upgrade(transport: &Transport, path: &RequestPath) -> Result<Self, ClientErrorCause> {
        let key = generate_key();
        let request = transport.bodyless_builder(Method::GET, path).map_err(ClientErrorCause::InvalidRequest)?;
        let request = request
            .header(CONNECTION, "Upgrade")
            .header(UPGRADE, "websocket")
            .header(SEC_WEBSOCKET_VERSION, "13")
            .header(SEC_WEBSOCKET_KEY, &key);
        let response = request.send().await.map_err(|error| transport.classify_send_error(error))?;
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Err(ClientErrorCause::ErrorResponse(transport.read_error_response(response).await));
        }
        if !is_accepted(&response, &key) {
            return Err(ClientErrorCause::NoResponse("the websocket handshake is invalid".into()));
        }
        let upgraded = response.upgrade().await.map_err(|error| transport.classify_send_error(error))?;
        let limit = Some(transport.settings().response_limit);
        let config = WebSocketConfig::default().max_message_size(limit).max_frame_size(limit);
        let stream = WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(config)).await;
        Ok(Self { stream, idle_timeout: transport.settings().idle_timeout })
    }

    /// Returns the next text message. Returns `None` if the websocket is closed, broken or idle.
    pub(super) async fn next(&mut self) -> Option<Utf8Bytes> {
        loop {
            match timeout(self.idle_timeout, self.stream.next()).await.ok()?? {
                Ok(Message::Text(text)) => return Some(text),
                // The library answers pings itself.
                Ok(_) => {}
                Err(error) => {
                    tracing::debug!(%error, "a websocket broke");
                    return None;
                }
            }
        }
    }
}

fn is_accepted(response: &Response, key: &str) -> bool {
    let accept = response.headers().get(SEC_WEBSOCKET_ACCEPT);
    accept.is_some_and(|accept| accept.as_bytes() == derive_accept_key(key.as_bytes()).as_bytes())
}
