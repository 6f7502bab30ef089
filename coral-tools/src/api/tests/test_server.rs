//! A server that sends prepared bytes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep};

use super::super::{ApiKey, Transport};

pub(crate) const KEY: &str = "the-key/that nobody-may-see";

/// The bytes that a connection receives before it is closed.
#[derive(Debug, Clone)]
pub(crate) struct TestResponse {
    bytes: Vec<u8>,
    close_delay: Duration,
}

impl TestResponse {
    pub(crate) fn new(head: &str, body: impl AsRef<[u8]>) -> Self {
        let head = format!("HTTP/1.1 {head}\r\nConnection: close\r\n\r\n");
        Self { bytes: [head.as_bytes(), body.as_ref()].concat(), close_delay: Duration::ZERO }
    }

    /// Creates a stream of server-sent events.
    pub(crate) fn stream(body: impl AsRef<[u8]>) -> Self {
        Self::new("200 OK\r\nContent-Type: text/event-stream", body)
    }

    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::new(&format!("{status} x\r\nContent-Type: application/json"), body)
    }

    /// Sets how long the connection stays open after the last byte. Default: 0 s.
    pub(crate) fn close_delay(self, close_delay: Duration) -> Self {
        Self { close_delay, ..self }
    }
}

/// A request that the server received.
#[derive(Debug, Clone)]
pub(crate) struct RecordedRequest {
    pub(crate) head: String,
    pub(crate) at: Instant,
}

/// A server that accepts one request per connection.
pub(crate) struct TestServer {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<RecordedRequest>>>,
}

impl TestServer {
    /// Starts a server. `respond` receives the head of a request and the number of requests before it.
    pub(crate) async fn with_responder(respond: impl Fn(&str, usize) -> TestResponse + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let recorded = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let head = read_head(&mut socket).await;
                let count = recorded.lock().expect("not poisoned").len();
                let response = respond(&head, count);
                recorded.lock().expect("not poisoned").push(RecordedRequest { head, at: Instant::now() });
                let _disconnected = socket.write_all(&response.bytes).await;
                if !response.close_delay.is_zero() {
                    tokio::spawn(async move {
                        sleep(response.close_delay).await;
                        drop(socket);
                    });
                }
            }
        });
        Self { url, requests }
    }

    /// Starts a server that sends the same response to every request.
    pub(crate) async fn with_response(response: TestResponse) -> Self {
        Self::with_responder(move |_, _| response.clone()).await
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.requests.lock().expect("not poisoned").clone()
    }

    /// Returns the times between two consecutive requests.
    pub(crate) fn intervals(&self) -> Vec<Duration> {
        self.requests().windows(2).map(|pair| pair[1].at - pair[0].at).collect()
    }

    /// Returns a transport with the key and without retries.
    pub(super) fn transport(&self) -> Transport {
        let mut transport = Transport::new(&self.url, "", Some(ApiKey::new(KEY)));
        transport.configure(|settings| settings.retries = 0);
        transport
    }
}

async fn read_head(socket: &mut TcpStream) -> String {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    while !bytes.ends_with(b"\r\n\r\n") {
        match socket.read(&mut buffer).await {
            Ok(read @ 1..) => bytes.extend_from_slice(&buffer[..read]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
