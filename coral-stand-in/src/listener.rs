//! Connections: no more than so many, and all of them can be cut.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::sleep;

/// How many connections are open at once; the next one waits.
const CONNECTIONS: usize = 1024;

/// How long it waits where the system is out of something.
const RECOVERY: Duration = Duration::from_millis(100);

pub(crate) struct Listener {
    inner: TcpListener,
    room: Arc<Semaphore>,
    /// Counts how often all connections have been cut.
    cuts: watch::Receiver<u64>,
}

/// A connection, until it is cut.
pub(crate) struct Connection {
    stream: TcpStream,
    cut: Pin<Box<dyn Future<Output = ()> + Send>>,
    is_cut: bool,
    _room: Option<OwnedSemaphorePermit>,
}

impl Listener {
    pub(crate) fn new(inner: TcpListener, cuts: watch::Receiver<u64>) -> Self {
        Self { inner, room: Arc::new(Semaphore::new(CONNECTIONS)), cuts }
    }
}

impl axum::serve::Listener for Listener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        // The semaphore is never closed.
        let room = self.room.clone().acquire_owned().await.ok();
        loop {
            let Ok((stream, from)) = self.inner.accept().await else {
                sleep(RECOVERY).await;
                continue;
            };
            let mut cuts = self.cuts.clone();
            cuts.mark_unchanged();
            let cut = Box::pin(async move {
                // It is cut, too, when there is nobody left who could.
                let _cut = cuts.changed().await;
            });
            return (Connection { stream, cut, is_cut: false, _room: room }, from);
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.inner.local_addr()
    }
}

impl Connection {
    /// Whoever reads or writes also waits for the cut.
    fn check(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        if !self.is_cut {
            self.is_cut = self.cut.as_mut().poll(cx).is_ready();
        }
        if self.is_cut { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.check(cx)?;
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.check(cx)?;
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
