//! Calls and streams against a server whose answers are written down to the byte.

mod outage_tolerance;
mod refusals;
#[cfg(feature = "_pull")]
mod streams;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep};

use super::{ApiKey, Transport};

pub(crate) const KEY: &str = "the-key/that nobody-may-see";

/// What a connection gets: these bytes, and its end after a while.
#[derive(Debug, Clone)]
pub(crate) struct TestResponse {
    bytes: Vec<u8>,
    lives: Duration,
}

impl TestResponse {
    pub(crate) fn new(head: &str, body: impl AsRef<[u8]>) -> Self {
        let head = format!("HTTP/1.1 {head}\r\nConnection: close\r\n\r\n");
        Self { bytes: [head.as_bytes(), body.as_ref()].concat(), lives: Duration::ZERO }
    }

    /// A stream of events.
    pub(crate) fn stream(body: impl AsRef<[u8]>) -> Self {
        Self::new("200 OK\r\nContent-Type: text/event-stream", body)
    }

    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::new(&format!("{status} x\r\nContent-Type: application/json"), body)
    }

    pub(crate) fn lives(self, lives: Duration) -> Self {
        Self { lives, ..self }
    }
}

/// A request's head, and when it came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) head: String,
    pub(crate) at: Instant,
}

/// Answers one request on each connection.
pub(crate) struct Server {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// Gives to each request, by its head and how many were before it, what it is to get.
    pub(crate) async fn to(answer: impl Fn(&str, usize) -> TestResponse + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let head = head(&mut socket).await;
                let before = log.lock().expect("no panic").len();
                let answer = answer(&head, before);
                log.lock().expect("no panic").push(Asked { head, at: Instant::now() });
                let _gone = socket.write_all(&answer.bytes).await;
                if !answer.lives.is_zero() {
                    tokio::spawn(async move {
                        sleep(answer.lives).await;
                        drop(socket);
                    });
                }
            }
        });
        Self { url, asked }
    }

    pub(crate) async fn saying(answer: TestResponse) -> Self {
        Self::to(move |_, _| answer.clone()).await
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no panic").clone()
    }

    /// For how long it was left alone between one request and the next.
    pub(crate) fn pauses(&self) -> Vec<Duration> {
        self.asked().windows(2).map(|pair| pair[1].at - pair[0].at).collect()
    }

    /// How it is reached, with the key, once for a call.
    fn transport(&self) -> Transport {
        let mut transport = Transport::new(&self.url, "", Some(ApiKey::new(KEY)));
        transport.configure(|settings| settings.retries = 0);
        transport
    }
}

async fn head(socket: &mut TcpStream) -> String {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    while !bytes.ends_with(b"\r\n\r\n") {
        match socket.read(&mut buffer).await {
            Ok(read @ 1..) => bytes.extend_from_slice(&buffer[..read]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
