//! The settings of a stand-in.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use super::QoderStandIn;
use super::fault::Fault;
use super::request_fault::RequestFault;
use super::script::Step;
use super::state::ServerState;

/// The builder of a [`QoderStandIn`].
#[derive(Debug)]
#[must_use]
pub struct QoderStandInBuilder {
    key: String,
    turns: Vec<Vec<Step>>,
    faults: Vec<Fault>,
    request_faults: Vec<RequestFault>,
    address: SocketAddr,
}

impl Default for QoderStandInBuilder {
    fn default() -> Self {
        Self {
            key: "pt-stand-in".to_owned(),
            turns: Vec::new(),
            faults: Vec::new(),
            request_faults: Vec::new(),
            address: (Ipv4Addr::LOCALHOST, 0).into(),
        }
    }
}

impl QoderStandInBuilder {
    /// Sets the only accepted API key. Default: `pt-stand-in`.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = key.into();
        self
    }

    /// Adds a turn: the steps of each session's model after its next message. After the last step, the turn ends with
    /// `end_turn`.
    pub fn turn(mut self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.turns.push(steps.into_iter().collect());
        self
    }

    /// Adds a fault.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Adds a fault of single requests.
    pub fn request_fault(mut self, request_fault: RequestFault) -> Self {
        self.request_faults.push(request_fault);
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
    pub async fn start(self) -> io::Result<QoderStandIn> {
        QoderStandIn::serve(ServerState::new(self.key, self.faults, self.turns, self.request_faults), self.address)
            .await
    }
}
