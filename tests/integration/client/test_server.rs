//! A server that sends prepared responses, one per request, and records the requests.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The server's reaction to one request.
#[derive(Debug, Clone)]
pub(crate) enum TestResponse {
    /// Sends these bytes and closes the connection.
    Bytes(Vec<u8>),
    /// Closes the connection without a response.
    Disconnect,
    /// Sends nothing and keeps the connection open.
    Stall,
}

impl TestResponse {
    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::new(status, "Content-Type: application/json\r\n", body)
    }

    /// Creates a response. Each header ends with `\r\n`.
    pub(crate) fn new(status: u16, headers: &str, body: &str) -> Self {
        let length = body.len();
        let head = format!("HTTP/1.1 {status} x\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n");
        Self::Bytes((head + body).into_bytes())
    }
}

/// A request that the server received.
#[derive(Debug, Clone)]
pub(crate) struct RecordedRequest {
    /// Method and path: `GET /api/v1/registry`.
    pub(crate) line: String,
    /// All headers in lower case, one per line.
    pub(crate) headers: String,
    pub(crate) body: String,
    pub(crate) at: Instant,
}

pub(crate) struct TestServer {
    address: std::net::SocketAddr,
    requests: Arc<Mutex<Vec<RecordedRequest>>>,
    request_count: watch::Receiver<usize>,
}

impl TestServer {
    /// Starts a server that sends these responses in their order, and disconnects all further requests.
    pub(crate) async fn with_responses(responses: impl IntoIterator<Item = TestResponse>) -> Self {
        let mut responses = responses.into_iter().collect::<Vec<_>>().into_iter();
        Self::with_responder(move |_| responses.next().unwrap_or(TestResponse::Disconnect)).await
    }

    /// Starts a server. `respond` receives the line of each request.
    pub(crate) async fn with_responder(mut respond: impl FnMut(&str) -> TestResponse + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let recorded = Arc::clone(&requests);
        let (count, request_count) = watch::channel(0);
        tokio::spawn(async move {
            let mut stalled = Vec::new();
            while let Ok((mut socket, _)) = listener.accept().await {
                let Some(request) = read_request(&mut socket).await else { continue };
                let response = respond(&request.line);
                recorded.lock().expect("not poisoned").push(request);
                count.send_modify(|count| *count += 1);
                match response {
                    TestResponse::Bytes(bytes) => _ = socket.write_all(&bytes).await,
                    TestResponse::Stall => stalled.push(socket),
                    TestResponse::Disconnect => {}
                }
            }
        });
        Self { address, requests, request_count }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.requests.lock().expect("not poisoned").clone()
    }

    /// Waits until this many requests have arrived.
    pub(crate) async fn wait_for_requests(&self, count: usize) {
        self.request_count.clone().wait_for(|arrived| *arrived >= count).await.expect("the server");
    }

    /// Returns the lines of all requests.
    pub(crate) fn request_lines(&self) -> Vec<String> {
        self.requests().into_iter().map(|request| request.line).collect()
    }
}

async fn read_request(socket: &mut TcpStream) -> Option<RecordedRequest> {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let (line, headers) = head.split_once("\r\n").unwrap_or((head, ""));
            let headers = headers.to_lowercase();
            let length = headers.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(0, |length| length.parse().expect("a length"));
            if body.len() >= length {
                let line = line.trim_end_matches(" HTTP/1.1").to_owned();
                return Some(RecordedRequest { line, headers, body: body.to_owned(), at: Instant::now() });
            }
        }
        match socket.read(&mut buffer).await {
            Ok(read @ 1..) => bytes.extend_from_slice(&buffer[..read]),
            _ => return None,
        }
    }
}
