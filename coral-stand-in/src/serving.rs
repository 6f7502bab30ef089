//! A stand-in's API on a port of this machine, until it is stopped or dropped.

use std::io;

use axum::Router;
use axum::middleware::from_fn;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::listener::Listener;
use crate::request_log::log_request;

pub(crate) struct Serving {
    /// `http://`, the address and the port.
    origin: String,
    /// Each change cuts every connection that is open.
    cuts: watch::Sender<u64>,
    task: JoinHandle<()>,
}

impl Serving {
    pub(crate) fn start(listener: TcpListener, router: Router) -> io::Result<Self> {
        let origin = format!("http://{}", listener.local_addr()?);
        let cuts = watch::Sender::new(0);
        let router = router.layer(from_fn(log_request));
        let listener = Listener::new(listener, cuts.subscribe());
        let task = tokio::spawn(async move {
            // It serves until it is aborted.
            let _served = axum::serve(listener, router).await;
        });
        Ok(Self { origin, cuts, task })
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Cuts every connection that is open. New ones are welcome.
    pub(crate) fn drop_connections(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// Returns when connections are cut and the port is free.
    pub(crate) async fn stop(&mut self) {
        self.end();
        // It was aborted.
        let _aborted = (&mut self.task).await;
    }

    fn end(&self) {
        self.task.abort();
        self.drop_connections();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.end();
    }
}
