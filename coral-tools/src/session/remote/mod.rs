//! Agents that remote servers run for payment.

mod amount;
mod scoring;
mod server;

use serde::Serialize;

pub use self::amount::Amount;
pub use self::scoring::{FlatScoreEffect, ScoreEffect, ServerScorer, ServerScoring};
pub use self::server::{RemoteServer, ServerAttribute, ServerAttributeType, ServerAttributeValue, ServerSource};

use super::runtime::Runtime;

/// A request to find a remote server that runs the agent for payment. coral-server 1.2 answers 500 to it.
///
/// ```
/// use coral_tools::Runtime;
/// use coral_tools::session::{Amount, AgentProvider, RemoteRequest, RemoteServer, ServerSource};
///
/// let provider = AgentProvider::RemoteRequest(RemoteRequest::new(
///     Runtime::Docker,
///     Amount::Usd(0.5),
///     ServerSource::Servers { servers: vec![RemoteServer::new("agents.example", 443)] },
/// ));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RemoteRequest {
    /// The runtime of the agent on the remote server.
    pub runtime: Runtime,
    /// The most that the agent may cost.
    pub max_cost: Amount,
    /// The servers to choose from.
    pub server_source: ServerSource,
    /// How servers are compared.
    pub server_scoring: ServerScoring,
}

impl RemoteRequest {
    /// A request that accepts any of the servers.
    #[must_use]
    pub fn new(runtime: Runtime, max_cost: Amount, server_source: ServerSource) -> Self {
        Self { runtime, max_cost, server_source, server_scoring: ServerScoring::Equal }
    }

    /// Compares servers by these scorers.
    #[must_use]
    pub fn scored_by(mut self, scorers: impl IntoIterator<Item = ServerScorer>) -> Self {
        self.server_scoring = ServerScoring::Custom { scorers: scorers.into_iter().collect() };
        self
    }

    pub(super) fn fractions(&self) -> Vec<f64> {
        let servers = self.server_source.servers().iter().flat_map(RemoteServer::fractions);
        let weights = self.server_scoring.scorers().iter().map(ServerScorer::weight);
        self.max_cost.fraction().into_iter().chain(servers).chain(weights).collect()
    }
}

/// A remote server that runs the agent, with the payment that has been started for it. coral-server 1.2 does not run
/// such agents.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PaidRemoteServer {
    /// The server.
    pub server: RemoteServer,
    /// The runtime of the agent on that server.
    pub runtime: Runtime,
    /// The address of the wallet that receives the payment.
    pub wallet: String,
    /// The most that the agent may cost.
    pub max_cost: Amount,
    /// The id of the payment session.
    pub payment_session_id: String,
}

impl PaidRemoteServer {
    /// A server that has been found, and its payment.
    #[must_use]
    pub fn new(
        server: RemoteServer,
        runtime: Runtime,
        wallet: impl Into<String>,
        max_cost: Amount,
        payment_session_id: impl Into<String>,
    ) -> Self {
        Self { server, runtime, wallet: wallet.into(), max_cost, payment_session_id: payment_session_id.into() }
    }

    pub(super) fn fractions(&self) -> Vec<f64> {
        self.max_cost.fraction().into_iter().chain(self.server.fractions()).collect()
    }
}
