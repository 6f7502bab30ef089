//! A TCP listener with a limit of open connections, which can all be closed.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::sleep;

/// The largest number of open connections; the next one waits.
const MAX_CONNECTIONS: usize = 1024;

/// The pause after a failed accept, for example when the system has no free file descriptors.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(100);

pub(crate) struct Listener {
    inner: TcpListener,
    permits: Arc<Semaphore>,
    /// Each change closes all open connections.
    drops: watch::Receiver<u64>,
}

/// A connection that the listener can close.
pub(crate) struct Connection {
    stream: TcpStream,
    dropped: Pin<Box<dyn Future<Output = ()> + Send>>,
    is_dropped: bool,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Listener {
    pub(crate) fn new(inner: TcpListener, drops: watch::Receiver<u64>) -> Self {
        Self { inner, permits: Arc::new(Semaphore::new(MAX_CONNECTIONS)), drops }
    }

    /// Waits for the next connection.
    pub(crate) async fn accept(&self) -> Connection {
        // The semaphore is never closed.
        let permit = self.permits.clone().acquire_owned().await.ok();
        loop {
            let Ok((stream, _from)) = self.inner.accept().await else {
                sleep(ACCEPT_RETRY_DELAY).await;
                continue;
            };
            let mut drops = self.drops.clone();
            drops.mark_unchanged();
            let dropped = Box::pin(async move {
                // An error means that the server was dropped, which closes connections, too.
                let _changed = drops.changed().await;
            });
            return Connection { stream, dropped, is_dropped: false, _permit: permit };
        }
    }
}

impl Connection {
    /// Returns an error once the connection is dropped. Registers the task to be woken then.
    fn check(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        if !self.is_dropped {
            self.is_dropped = self.dropped.as_mut().poll(cx).is_ready();
        }
        if self.is_dropped { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
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
