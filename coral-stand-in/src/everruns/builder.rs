//! The settings of a stand-in.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use super::fault::Faults;
use super::state::ServerState;
use super::{EverrunsStandIn, Fault, Step, api};
use crate::running_server::RunningServer;

/// The builder of an [`EverrunsStandIn`].
#[derive(Debug)]
#[must_use]
pub struct EverrunsStandInBuilder {
    key: String,
    turns: Vec<Vec<Step>>,
    faults: Faults,
    heartbeat: Duration,
    address: SocketAddr,
}

impl Default for EverrunsStandInBuilder {
    fn default() -> Self {
        let heartbeat = Duration::from_secs(30);
        Self {
            key: "evr_pat_stand_in".to_owned(),
            turns: Vec::new(),
            faults: Faults::default(),
            heartbeat,
            address: (Ipv4Addr::LOCALHOST, 0).into(),
        }
    }
}

impl EverrunsStandInBuilder {
    /// Adds a turn: the steps of each session's agent after its next message.
    pub fn turn(mut self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.turns.push(steps.into_iter().collect());
        self
    }

    /// Adds a fault.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.add(fault);
        self
    }

    /// Sets the only accepted API key. Default: `evr_pat_stand_in`.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = key.into();
        self
    }

    /// Sets the interval of heartbeats on idle streams. Default: 30 s.
    pub fn heartbeat(mut self, interval: Duration) -> Self {
        self.heartbeat = interval;
        self
    }

    /// Sets the address to listen on. Default: a free port of 127.0.0.1.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    ///
    /// Returns an error if it cannot listen on the address.
    pub async fn start(self) -> io::Result<EverrunsStandIn> {
        let listener = TcpListener::bind(self.address).await?;
        let state = Arc::new(ServerState::new(self.key, self.faults, self.heartbeat, self.turns));
        let server = RunningServer::start(listener, api::router(Arc::clone(&state)))?;
        Ok(EverrunsStandIn { url: format!("{}/api", server.origin()), state, server })
    }
}
