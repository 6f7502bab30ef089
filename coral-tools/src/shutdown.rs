//! Graceful shutdown with a deadline, for any server: [`Shutdown`]. Feature `shutdown`.

use std::future::{Future, IntoFuture};
use std::io;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::sync::watch;
use tokio::time::Instant;

/// A shutdown that is requested once, by a signal or by the application, and that all parts of the application observe.
///
/// A server stops accepting connections, waits for the running calls, and ends at the latest when a timeout has passed:
///
/// ```no_run
/// use std::time::Duration;
///
/// use axum::Router;
/// use coral_tools::shutdown::Shutdown;
/// use tokio::net::TcpListener;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = Router::new();
/// let shutdown = Shutdown::on_signal()?;
/// let listener = TcpListener::bind("127.0.0.1:3000").await?;
/// let server = axum::serve(listener, app).with_graceful_shutdown(shutdown.requested());
/// shutdown.run_with_timeout(Duration::from_secs(20), server).await?;
/// # Ok(())
/// # }
/// ```
///
/// axum closes idle connections at once, and waits for all others without a limit. One client that never completes the headers of
/// its request therefore keeps a server without a timeout running.
///
/// Clones share the request. The timeout does not stop the tasks of open connections. They end with the runtime, which waits for
/// functions that block, such as a `blocking` tool, also in `#[tokio::main]`: end it with
/// [`Runtime::shutdown_background`](tokio::runtime::Runtime::shutdown_background).
#[derive(Debug, Clone, Default)]
pub struct Shutdown {
    /// The time of the request.
    requested: watch::Sender<Option<Instant>>,
}

impl Shutdown {
    /// Creates a shutdown that only [`request`](Self::request) requests.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a shutdown that SIGTERM and SIGINT (Ctrl+C) request; only Ctrl+C on systems other than Unix. Until the process
    /// ends, these signals have no other effect.
    ///
    /// # Errors
    ///
    /// Returns an error if the signals cannot be received.
    ///
    /// # Panics
    ///
    /// Panics outside of a tokio runtime with IO enabled.
    pub fn on_signal() -> io::Result<Self> {
        let shutdown = Self::new();
        let signal = next_signal()?;
        let requested = shutdown.clone();
        tokio::spawn(async move {
            let signal = signal.await;
            tracing::info!(signal, "shutting down");
            requested.request();
        });
        Ok(shutdown)
    }

    /// Requests the shutdown. Further requests have no effect.
    pub fn request(&self) {
        self.requested
            .send_if_modified(|requested| requested.replace(requested.unwrap_or_else(Instant::now)).is_none());
    }

    /// Whether the shutdown has been requested. A readiness check reports "not ready" from then on.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.requested.borrow().is_some()
    }

    /// Completes when the shutdown is requested.
    pub fn requested(&self) -> impl Future<Output = ()> + Send + 'static + use<> {
        self.requested_for(Duration::ZERO)
    }

    /// Completes when this time has passed since the request. A server behind a load balancer stops accepting connections after the
    /// time in which the load balancer notices that it is not ready.
    pub fn requested_for(&self, time: Duration) -> impl Future<Output = ()> + Send + 'static + use<> {
        let (shutdown, mut requested) = (self.clone(), self.requested.subscribe());
        async move {
            // The sender is not dropped before this future, so waiting cannot fail.
            let requested = requested.wait_for(Option::is_some).await.map_or(None, |requested| *requested);
            drop(shutdown);
            if let Some(requested) = requested.filter(|_| !time.is_zero()) {
                tokio::time::sleep_until(requested + time).await;
            }
        }
    }

    /// Runs a server until it ends, or until `timeout` has passed since the request.
    ///
    /// # Errors
    ///
    /// Returns an error of the server, or one of the kind [`TimedOut`](io::ErrorKind::TimedOut) if it is still running then.
    pub async fn run_with_timeout(
        &self,
        timeout: Duration,
        server: impl IntoFuture<Output = io::Result<()>>,
    ) -> io::Result<()> {
        match select(pin!(server.into_future()), pin!(self.requested_for(timeout))).await {
            Either::Left((ended, _)) => ended,
            Either::Right(_) => {
                let message = "requests were still running when the timeout of the shutdown had passed";
                Err(io::Error::new(io::ErrorKind::TimedOut, message))
            }
        }
    }
}

/// Starts to receive signals, and returns a future of the name of the first.
#[cfg(unix)]
fn next_signal() -> io::Result<impl Future<Output = &'static str>> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        match select(pin!(terminate.recv()), pin!(interrupt.recv())).await {
            Either::Left(_) => "SIGTERM",
            Either::Right(_) => "SIGINT",
        }
    })
}

/// Returns a future of the name of the first signal.
#[cfg(not(unix))]
fn next_signal() -> io::Result<impl Future<Output = &'static str>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        "Ctrl+C"
    })
}
