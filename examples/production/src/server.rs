//! Serves connections with two limits that `axum::serve` does not have: their number, and the time for the headers of a request.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::serve::Listener;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

#[derive(Debug, Clone, Copy)]
pub(crate) struct ConnectionLimits {
    /// How many connections are open at the same time. Further ones wait in the queue of the operating system.
    pub(crate) connections: usize,
    /// How long a client may take for the headers of a request, and how long a connection may be idle before the next request.
    pub(crate) header_timeout: Duration,
}

/// Serves connections until `stop` completes, then closes idle connections and waits for running requests.
pub(crate) async fn serve(
    mut listener: impl Listener,
    app: Router,
    limits: ConnectionLimits,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.header_timeout);
    let permits = Arc::new(Semaphore::new(limits.connections));
    let connections = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let (stream, permit) = tokio::select! {
            accepted = accept(&mut listener, &permits) => accepted,
            () = &mut stop => break,
        };
        let service = TowerToHyperService::new(app.clone());
        let connection = connections.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // A client that disconnects is not an error of the server.
            let _result = connection.await;
            drop(permit);
        });
    }
    drop(listener);
    connections.shutdown().await;
    Ok(())
}

/// Accepts a connection when fewer than the limit are open.
async fn accept<L: Listener>(listener: &mut L, permits: &Arc<Semaphore>) -> (L::Io, Option<OwnedSemaphorePermit>) {
    // `Err` only if the semaphore is closed, which never happens.
    let permit = Arc::clone(permits).acquire_owned().await.ok();
    let (stream, _address) = listener.accept().await;
    (stream, permit)
}
