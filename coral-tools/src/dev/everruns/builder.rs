//! What a stand-in is to be.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;

use super::super::listener::Listener;
use super::shared::Shared;
use super::trap::Traps;
use super::{StandIn, Step, Trap, api};

/// Sets up a [`StandIn`].
#[derive(Debug)]
#[must_use]
pub struct StandInBuilder {
    token: String,
    turns: Vec<Vec<Step>>,
    traps: Traps,
}

impl Default for StandInBuilder {
    fn default() -> Self {
        Self { token: "evr_pat_stand_in".to_owned(), turns: Vec::new(), traps: Traps::default() }
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

    /// Starts it on a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// Where it cannot listen.
    pub async fn start(self) -> io::Result<StandIn> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}/api", listener.local_addr()?);
        let shared = Arc::new(Shared::new(self.token, self.traps, self.turns));
        let cuts = watch::Sender::new(0);
        let (listener, router) = (Listener::new(listener, cuts.subscribe()), api::router(Arc::clone(&shared)));
        let serving = tokio::spawn(async move {
            // It serves until it is dropped.
            let _served = axum::serve(listener, router).await;
        });
        Ok(StandIn { url, shared, cuts, serving })
    }
}
