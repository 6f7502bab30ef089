//! A router that is served on a port, until it is stopped or dropped.

use std::io;

use axum::Router;
use axum::middleware::from_fn;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
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
        Self::serve(listener, router, http1::Builder::new())
    }

    /// Starts a server whose responses have no `Date`.
    pub(crate) fn start_without_date(listener: TcpListener, router: Router) -> io::Result<Self> {
        let mut http = http1::Builder::new();
        http.auto_date_header(false);
        Self::serve(listener, router, http)
    }

    fn serve(listener: TcpListener, router: Router, http: http1::Builder) -> io::Result<Self> {
        let origin = format!("http://{}", listener.local_addr()?);
        let drops = watch::Sender::new(0);
        let router = router.layer(from_fn(log_request));
        let listener = Listener::new(listener, drops.subscribe());
        let task = tokio::spawn(async move {
            loop {
                let connection = TokioIo::new(listener.accept().await);
                let service = TowerToHyperService::new(router.clone());
                tokio::spawn(http.serve_connection(connection, service).with_upgrades());
            }
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
