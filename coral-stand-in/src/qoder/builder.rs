//! What a stand-in is to be.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use super::StandIn;
use super::fault::Fault;
use super::script::Step;
use super::trap::Trap;
use super::world::World;

/// Sets up a [`StandIn`].
#[derive(Debug)]
#[must_use]
pub struct StandInBuilder {
    token: String,
    turns: Vec<Vec<Step>>,
    traps: Vec<Trap>,
    faults: Vec<Fault>,
    address: SocketAddr,
}

impl Default for StandInBuilder {
    fn default() -> Self {
        Self {
            token: "pt-stand-in".to_owned(),
            turns: Vec::new(),
            traps: Vec::new(),
            faults: Vec::new(),
            address: (Ipv4Addr::LOCALHOST, 0).into(),
        }
    }
}

impl StandInBuilder {
    /// Takes this token alone, instead of `pt-stand-in`.
    pub fn token(mut self, token: &str) -> Self {
        self.token = token.to_owned();
        self
    }

    /// What the model of each session does upon the next message. A turn that stops at nothing ends well.
    pub fn turn(mut self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.turns.push(steps.into_iter().collect());
        self
    }

    /// Does what is allowed, and not expected.
    pub fn trap(mut self, trap: Trap) -> Self {
        self.traps.push(trap);
        self
    }

    /// Something goes wrong with the next requests that it is about.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
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
        StandIn::serve(World::new(self.token, self.traps, self.turns, self.faults), self.address).await
    }
}
