//! A client for websockets.

use coral_stand_in::coral::CoralStandIn;
use coral_tools::serde_json::{self, Value};
use futures_util::StreamExt;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::client::TIMEOUT;

pub(crate) struct EventReader(WebSocketStream<TcpStream>);

/// Opens a websocket. The error is the status of the rejection.
pub(crate) async fn listen(coral: &CoralStandIn, path: &str) -> Result<EventReader, u16> {
    let host = coral.url().trim_start_matches("http://");
    let stream = TcpStream::connect(host).await.expect("a connection");
    match client_async(format!("ws://{host}{path}"), stream).await {
        Ok((socket, _response)) => Ok(EventReader(socket)),
        Err(Error::Http(response)) => Err(response.status().as_u16()),
        Err(other) => panic!("{other}"),
    }
}

/// Opens a websocket with the events of all sessions.
pub(crate) async fn listen_to_all(coral: &CoralStandIn) -> EventReader {
    listen(coral, &format!("/ws/v1/events/{}/lsm", coral.key())).await.expect("a websocket")
}

impl EventReader {
    /// Returns the text of the next event; `None` once the socket is closed.
    pub(crate) async fn text(&mut self) -> Option<String> {
        loop {
            match timeout(TIMEOUT, self.0.next()).await.expect("no timeout") {
                Some(Ok(Message::Text(text))) => return Some(text.to_string()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    pub(crate) async fn event(&mut self) -> Option<Value> {
        let text = self.text().await?;
        Some(serde_json::from_str(&text).expect("JSON"))
    }

    /// Skips to the next event of this type.
    pub(crate) async fn until(&mut self, kind: &str) -> Value {
        loop {
            let event = self.event().await.unwrap_or_else(|| panic!("no {kind} before the end"));
            if event["type"] == kind {
                return event;
            }
        }
    }

    /// Returns the types of all events until the socket is closed.
    pub(crate) async fn remaining_types(&mut self) -> Vec<String> {
        let mut kinds = Vec::new();
        while let Some(event) = self.event().await {
            kinds.push(event["type"].as_str().expect("a type").to_owned());
        }
        kinds
    }
}
