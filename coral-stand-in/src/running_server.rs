//! A router that is served on a port, until it is stopped or dropped.

use std::io;

use axum::Router;
use axum::middleware::from_fn;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::listener::Listener;
use crate::request_log::log_request;

pub(crate) struct RunningServer {
    /// `http://{address}:{port}`
    origin: String,
    /// Each change closes all open connections.
    drops: watch::Sender<u64>,
    task: JoinHandle<()>,
}

impl RunningServer {
    pub(crate) fn start(listener: TcpListener, router: Router) -> io::Result<Self> {
        let origin = format!("http://{}", listener.local_addr()?);
        let drops = watch::Sender::new(0);
        let router = router.layer(from_fn(log_request));
        let listener = Listener::new(listener, drops.subscribe());
        let task = tokio::spawn(async move {
            // Serves until the task is aborted.
            let _served = axum::serve(listener, router).await;
        });
        Ok(Self { origin, drops, task })
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Closes all open connections. New connections are accepted.
    pub(crate) fn drop_connections(&self) {
        self.drops.send_modify(|drops| *drops += 1);
    }

    /// Returns when connections are closed and the port is released.
    pub(crate) async fn stop(&mut self) {
        self.abort();
        // The result is an error, because the task was aborted.
        let _aborted = (&mut self.task).await;
    }

    fn abort(&self) {
        self.task.abort();
        self.drop_connections();
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        self.abort();
    }
}
