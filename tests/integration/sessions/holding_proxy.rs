//! A proxy that holds the responses to requests that create sessions.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

const CREATING: &[u8] = b"POST /api/v1/local/session HTTP/1.1";

/// Starts a proxy of the server at `url`, and returns its URL. It holds the responses until `calls` is at least `min_calls`.
pub(super) async fn start(url: &str, calls: &watch::Sender<usize>, min_calls: usize) -> String {
    let server = url.strip_prefix("http://").expect("plain HTTP").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let proxy = format!("http://{}", listener.local_addr().expect("an address"));
    let calls = calls.subscribe();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(&server).await.expect("the server");
            tokio::spawn(forward(client, server, calls.clone(), min_calls));
        }
    });
    proxy
}

async fn forward(mut client: TcpStream, mut server: TcpStream, mut calls: watch::Receiver<usize>, min_calls: usize) {
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let is_creating = AtomicBool::new(false);
    let requests = async {
        while let Some(bytes) = read(&mut from_client).await {
            if bytes.starts_with(CREATING) {
                is_creating.store(true, Ordering::Relaxed);
            }
            write(&mut to_server, &bytes).await;
        }
    };
    let responses = async {
        while let Some(bytes) = read(&mut from_server).await {
            if is_creating.swap(false, Ordering::Relaxed) {
                drop(calls.wait_for(|calls| *calls >= min_calls).await);
            }
            write(&mut to_client, &bytes).await;
        }
    };
    // The connection ends when one side closes it.
    tokio::select! {
        () = requests => {}
        () = responses => {}
    }
}

async fn read(from: &mut (impl AsyncRead + Unpin)) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(16 * 1024);
    let count = from.read_buf(&mut bytes).await.unwrap_or(0);
    (count > 0).then_some(bytes)
}

/// An error is one of the other direction as well.
async fn write(to: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) {
    let _closed = to.write_all(bytes).await;
}
