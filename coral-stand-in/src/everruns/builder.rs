//! What a stand-in is to be.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use super::shared::Shared;
use super::trap::Traps;
use super::{StandIn, Step, Trap, api};
use crate::serving::Serving;

/// Sets up a [`StandIn`].
#[derive(Debug)]
#[must_use]
pub struct StandInBuilder {
    token: String,
    turns: Vec<Vec<Step>>,
    traps: Traps,
    heartbeat: Duration,
    address: SocketAddr,
}

impl Default for StandInBuilder {
    fn default() -> Self {
        let heartbeat = Duration::from_secs(30);
        Self {
            token: "evr_pat_stand_in".to_owned(),
            turns: Vec::new(),
            traps: Traps::default(),
            heartbeat,
            address: (Ipv4Addr::LOCALHOST, 0).into(),
        }
    }
}

impl StandInBuilder {
    /// What the agent of each session does in its next turn.
    pub fn turn(mut self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.turns.push(steps.into_iter().collect());
        self
    }

    /// Does this to clients. Traps that spring a number of times do so in each session.
    pub fn trap(mut self, trap: Trap) -> Self {
        self.traps.set(trap);
        self
    }

    /// Takes this token alone, instead of `evr_pat_stand_in`.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = token.into();
        self
    }

    /// Gives a sign of life on streams where nothing happens, so often instead of every 30 s.
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
    pub async fn start(self) -> io::Result<StandIn> {
        let listener = TcpListener::bind(self.address).await?;
        let shared = Arc::new(Shared::new(self.token, self.traps, self.heartbeat, self.turns));
        let serving = Serving::start(listener, api::router(Arc::clone(&shared)))?;
        Ok(StandIn { url: format!("{}/api", serving.origin()), shared, serving })
    }
}
