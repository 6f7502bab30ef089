//! Clients that attack the server.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::connection::{BodyTiming, Connection, Response};
use crate::counts::StatusCounts;
use crate::requests::Request;

/// The interval of the bytes of a slow body.
const SLOW_INTERVAL: Duration = Duration::from_secs(1);
/// Longer than any response takes.
const NO_RESPONSE: Duration = Duration::from_secs(30);

/// The behaviour of each connection of an attack, which it repeats.
#[derive(Debug, Clone)]
pub(crate) enum Behaviour {
    /// Sends the request and reads the response. Keeps the connection.
    Call(Request),
    /// Sends the head, and a byte of the body per second.
    SlowBody(Request),
    /// Sends everything except the last byte.
    WithheldByte(Request),
    /// Sends the head only.
    HeadOnly(Request),
    /// Sends the head and a part of the body, and closes its side of the connection.
    HalfClosed(Request),
    /// Sends the head and a part of the body, and resets the connection.
    Reset(Request),
}

/// An attack with a number of connections.
#[derive(Debug, Clone)]
pub(crate) struct Attack {
    pub(crate) connections: usize,
    pub(crate) behaviour: Behaviour,
    /// The pause of a connection between two attempts.
    pub(crate) pause: Duration,
    /// Attempts of each connection; `None` until the attack is stopped.
    pub(crate) attempts: Option<usize>,
}

/// An attack that runs. It stops when this is dropped.
#[derive(Debug)]
pub(crate) struct RunningAttack {
    progress: Arc<Progress>,
    connections: usize,
    tasks: JoinSet<()>,
}

#[derive(Debug, Default)]
struct Progress {
    statuses: Mutex<StatusCounts>,
    /// First attempts that have sent what they send at once.
    started: AtomicUsize,
    started_one: Notify,
}

impl Attack {
    pub(crate) fn start(&self, address: SocketAddr) -> RunningAttack {
        let progress = Arc::new(Progress::default());
        let mut tasks = JoinSet::new();
        for _ in 0..self.connections {
            tasks.spawn(self.clone().repeat(address, Arc::clone(&progress)));
        }
        RunningAttack { progress, connections: self.connections, tasks }
    }

    async fn repeat(self, address: SocketAddr, progress: Arc<Progress>) {
        let mut connection = None;
        let mut attempts = 0;
        while self.attempts.is_none_or(|limit| attempts < limit) {
            let on_sent = || {
                if attempts == 0 {
                    progress.started.fetch_add(1, Ordering::Relaxed);
                    progress.started_one.notify_one();
                }
            };
            let response = self.behaviour.attempt(address, &mut connection, on_sent).await;
            if response.is_err() || !matches!(self.behaviour, Behaviour::Call(_)) {
                connection = None;
            }
            progress.statuses.lock().unwrap_or_else(PoisonError::into_inner).add(&response);
            attempts += 1;
            sleep(self.pause).await;
        }
    }
}

impl RunningAttack {
    /// Waits until each connection has sent what it sends at once.
    pub(crate) async fn started(&self) {
        while self.progress.started.load(Ordering::Relaxed) < self.connections {
            self.progress.started_one.notified().await;
        }
    }

    /// Waits until each connection has made its attempts.
    pub(crate) async fn finished(&mut self) {
        while self.tasks.join_next().await.is_some() {}
    }

    pub(crate) fn statuses(&self) -> StatusCounts {
        self.progress.statuses.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Behaviour {
    async fn attempt(
        &self,
        address: SocketAddr,
        connection: &mut Option<Connection>,
        on_sent: impl FnOnce(),
    ) -> io::Result<Response> {
        let connection = match connection {
            Some(connection) => connection,
            empty => empty.insert(Connection::open(address).await?),
        };
        match self {
            Self::Call(request) => {
                connection.stream.write_all(&request.to_bytes()).await?;
                on_sent();
            }
            Self::SlowBody(request) => {
                connection.stream.write_all(request.head.as_bytes()).await?;
                on_sent();
                return slow_body(connection, request.body.as_bytes()).await;
            }
            Self::WithheldByte(request) => {
                let bytes = request.to_bytes();
                connection.stream.write_all(&bytes[..bytes.len() - 1]).await?;
                on_sent();
            }
            Self::HeadOnly(request) => {
                connection.stream.write_all(request.head.as_bytes()).await?;
                on_sent();
            }
            Self::HalfClosed(request) => {
                send_half(&mut connection.stream, request).await?;
                connection.stream.shutdown().await?;
                on_sent();
            }
            Self::Reset(request) => {
                send_half(&mut connection.stream, request).await?;
                connection.stream.set_zero_linger()?;
                on_sent();
                return Err(io::ErrorKind::ConnectionReset.into());
            }
        }
        timeout(NO_RESPONSE, connection.response()).await.unwrap_or(Err(io::ErrorKind::TimedOut.into()))
    }
}

async fn send_half(stream: &mut TcpStream, request: &Request) -> io::Result<()> {
    let bytes = request.to_bytes();
    stream.write_all(&bytes[..request.head.len() + request.body.len() / 2]).await
}

/// Sends a byte per second until the server responds.
async fn slow_body(connection: &mut Connection, body: &[u8]) -> io::Result<Response> {
    for byte in body {
        match timeout(SLOW_INTERVAL, connection.response()).await {
            Ok(response) => return response,
            Err(_) => connection.stream.write_all(&[*byte]).await?,
        }
    }
    connection.response().await
}

/// Sends requests one after the other on one connection, and counts the statuses.
pub(crate) async fn call_repeatedly(address: SocketAddr, request: &Request, calls: usize) -> io::Result<StatusCounts> {
    let mut statuses = StatusCounts::default();
    let mut connection = Connection::open(address).await?;
    for _ in 0..calls {
        statuses.add(&connection.call(request, BodyTiming::WithHead).await);
    }
    Ok(statuses)
}
