//! A server that sends prepared bytes, and rejects all requests after that.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

const JSON: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n\r\n";
const EVENTS: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\n\r\n";
const REJECTION: &[u8] = b"HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

type Responses = Arc<Mutex<VecDeque<Vec<u8>>>>;

pub(crate) struct ScriptedServer {
    url: String,
    responses: Responses,
}

impl ScriptedServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let responses = Responses::default();
        let queue = Arc::clone(&responses);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(respond(socket, Arc::clone(&queue)));
            }
        });
        Self { url, responses }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Sets the responses to the next requests: whole ones if they start with `HTTP/`, and otherwise what follows the head of a
    /// response that the request expects.
    pub(crate) fn set_responses(&self, responses: impl Iterator<Item = Vec<u8>>) {
        *self.responses.lock().expect("not poisoned") = responses.collect();
    }
}

async fn respond(mut socket: TcpStream, responses: Responses) {
    let request = read_head(&mut socket).await;
    let prepared = responses.lock().expect("not poisoned").pop_front();
    let response = match prepared {
        Some(bytes) if bytes.starts_with(b"HTTP/") => bytes,
        Some(bytes) => [head_of_response(&request).into_bytes(), bytes].concat(),
        None => REJECTION.to_vec(),
    };
    let _disconnected = socket.write_all(&response).await;
    let _disconnected = socket.shutdown().await;
    // Bytes that are not read would reset the connection.
    let _disconnected = tokio::io::copy(&mut socket, &mut tokio::io::sink()).await;
}

async fn read_head(socket: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match socket.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_disconnected) => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

fn head_of_response(request: &str) -> String {
    let header = |name| request.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    match (header("sec-websocket-key"), header("accept")) {
        (Some(key), _) => format!(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {}\r\n\r\n",
            derive_accept_key(key.as_bytes())
        ),
        (None, Some("text/event-stream")) => EVENTS.to_owned(),
        _ => JSON.to_owned(),
    }
}
