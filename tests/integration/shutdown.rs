//! Graceful shutdown of an axum server.

use std::future::pending;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use coral_tools::shutdown::Shutdown;
use coral_tools::testing::CoralCaller;
use coral_tools::{Secret, State, Toolset, coral_tool, toolset};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

const TIMEOUT: Duration = Duration::from_secs(20);

/// Accepts connections in memory, so that paused time advances only when nothing else can happen.
struct MemoryListener(mpsc::Receiver<DuplexStream>);

impl Listener for MemoryListener {
    type Io = DuplexStream;
    type Addr = ();

    async fn accept(&mut self) -> (DuplexStream, ()) {
        match self.0.recv().await {
            Some(connection) => (connection, ()),
            None => pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Clone, Default)]
struct App {
    started: Arc<Notify>,
    released: Arc<Notify>,
}

/// Waits until it is released.
#[coral_tool]
async fn wait(#[context] State(app): State<App>) -> &'static str {
    app.started.notify_one();
    app.released.notified().await;
    "released"
}

/// An application with the tool `wait`, served until its shutdown.
struct Server {
    app: App,
    shutdown: Shutdown,
    connections: mpsc::Sender<DuplexStream>,
    ended: JoinHandle<io::Result<()>>,
}

impl Server {
    fn start() -> Self {
        let (app, shutdown) = (App::default(), Shutdown::new());
        let (connections, accepted) = mpsc::channel(8);
        let tools: Toolset<App> = toolset![wait];
        let routes = tools.webhooks(Secret::new("secret")).with_state(app.clone());
        let requested = shutdown.clone();
        let ended = tokio::spawn(async move {
            let server = axum::serve(MemoryListener(accepted), routes).with_graceful_shutdown(requested.requested());
            requested.run_with_timeout(TIMEOUT, server).await
        });
        Self { app, shutdown, connections, ended }
    }

    async fn connect(&self) -> DuplexStream {
        let (client, connection) = duplex(4096);
        self.connections.send(connection).await.expect("a server");
        client
    }

    /// Calls `wait`, which is running then.
    async fn call(&self) -> DuplexStream {
        let call = CoralCaller::new(Secret::new("secret")).request("http://localhost/wait", ()).expect("a call");
        let mut client = self.connect().await;
        client.write_all(&call.to_bytes()).await.expect("written");
        self.app.started.notified().await;
        client
    }

    async fn end(self) -> io::Result<()> {
        self.ended.await.expect("no panic")
    }
}

/// Reads until the connection is closed, or has returned this text.
async fn read_until(client: &mut DuplexStream, end: &str) -> String {
    let mut received = Vec::new();
    while client.read_buf(&mut received).await.expect("bytes") > 0 {
        if String::from_utf8_lossy(&received).ends_with(end) {
            break;
        }
    }
    String::from_utf8(received).expect("text")
}

#[tokio::test(start_paused = true)]
async fn running_calls_are_answered_and_connections_are_not_accepted() {
    let server = Server::start();
    let mut call = server.call().await;
    server.shutdown.request();
    server.connections.closed().await;
    server.app.released.notify_one();
    let response = read_until(&mut call, r#"{"result":"released"}"#).await;
    assert!(response.starts_with("HTTP/1.1 200 OK\r\n"), "{response}");
    server.end().await.expect("all calls have ended");
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_does_not_delay_the_end() {
    let server = Server::start();
    let mut client = server.call().await;
    server.app.released.notify_one();
    read_until(&mut client, r#"{"result":"released"}"#).await;
    server.shutdown.request();
    server.end().await.expect("idle connections are closed");
    assert_eq!(client.read(&mut [0]).await.expect("the end"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_never_completes_delays_the_end_until_the_timeout() {
    let server = Server::start();
    let mut client = server.connect().await;
    client.write_all(b"POST /wait HTTP/1.1\r\nhost: localhost\r\n").await.expect("written");
    // Paused time advances once the server has read these bytes.
    sleep(Duration::from_millis(1)).await;
    server.shutdown.request();
    let requested = Instant::now();
    assert_eq!(server.end().await.map_err(|error| error.kind()), Err(io::ErrorKind::TimedOut));
    assert_eq!(requested.elapsed(), TIMEOUT);
}

#[tokio::test(start_paused = true)]
async fn the_timeout_begins_with_the_request() {
    let shutdown = Shutdown::new();
    let server = async {
        sleep(TIMEOUT * 10).await;
        Err(io::Error::other("the error of the server"))
    };
    let error = shutdown.run_with_timeout(TIMEOUT, server).await.expect_err("its error");
    assert_eq!(error.to_string(), "the error of the server");
}

#[tokio::test(start_paused = true)]
async fn a_time_after_the_request_is_counted_from_the_first_request() {
    let shutdown = Shutdown::new();
    assert!(!shutdown.is_requested());
    let start = Instant::now();
    shutdown.clone().request();
    assert!(shutdown.is_requested());
    sleep(Duration::from_secs(3)).await;
    shutdown.request();
    shutdown.requested_for(Duration::from_secs(5)).await;
    assert_eq!(start.elapsed(), Duration::from_secs(5));
}
