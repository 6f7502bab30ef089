//! A listener to a websocket.

use coral_stand_in::coral::CoralStandIn;
use coral_tools::serde_json::{self, Value};
use futures_util::StreamExt;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::client::LIMIT;

pub(crate) struct Listener(WebSocketStream<TcpStream>);

/// Follows `path`, or tells the status that it was refused with.
pub(crate) async fn listen(coral: &CoralStandIn, path: &str) -> Result<Listener, u16> {
    let host = coral.url().trim_start_matches("http://");
    let stream = TcpStream::connect(host).await.expect("a connection");
    match client_async(format!("ws://{host}{path}"), stream).await {
        Ok((socket, _response)) => Ok(Listener(socket)),
        Err(Error::Http(response)) => Err(response.status().as_u16()),
        Err(other) => panic!("{other}"),
    }
}

/// Every event of every session.
pub(crate) async fn listen_to_all(coral: &CoralStandIn) -> Listener {
    listen(coral, &format!("/ws/v1/events/{}/lsm", coral.key())).await.expect("a websocket")
}

impl Listener {
    /// The text of the next event; none once it is closed.
    pub(crate) async fn text(&mut self) -> Option<String> {
        loop {
            match timeout(LIMIT, self.0.next()).await.expect("in time") {
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

    /// Skips to the next event of that type.
    pub(crate) async fn until(&mut self, kind: &str) -> Value {
        loop {
            let event = self.event().await.unwrap_or_else(|| panic!("no {kind} before the end"));
            if event["type"] == kind {
                return event;
            }
        }
    }

    /// The types of all events up to the end.
    pub(crate) async fn kinds_to_the_end(&mut self) -> Vec<String> {
        let mut kinds = Vec::new();
        while let Some(event) = self.event().await {
            kinds.push(event["type"].as_str().expect("a type").to_owned());
        }
        kinds
    }
}
