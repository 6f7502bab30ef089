//! Agents that remote servers run for payment.

mod amount;
mod scoring;
mod server;

use serde::Serialize;

pub use self::amount::Amount;
pub use self::scoring::{ScoreEffect, ScoreWeight, ServerScorer, ServerScoring};
pub use self::server::{RemoteServer, ServerAttribute, ServerAttributeType, ServerAttributeValue, ServerSource};

use super::runtime::Runtime;

/// A remote server is to be found for the agent. coral-server 1.2 answers 500 to it.
///
/// ```
/// use coral_tools::session::{Amount, Provider, RemoteRequest, RemoteServer, ServerSource};
/// use coral_tools::Runtime;
///
/// let server = RemoteServer { address: "agents.example".into(), port: 443, secure: true, attributes: vec![] };
/// let provider = Provider::RemoteRequest(RemoteRequest::new(
///     Runtime::Docker,
///     Amount::Usd(0.5),
///     ServerSource::Servers { servers: vec![server] },
/// ));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RemoteRequest {
    /// What runs the agent's program there.
    pub runtime: Runtime,
    /// The most that the agent may cost.
    pub max_cost: Amount,
    /// Where servers are looked for.
    pub server_source: ServerSource,
    /// How servers are compared.
    pub server_scoring: ServerScoring,
}

impl RemoteRequest {
    /// A request that takes any of the servers.
    #[must_use]
    pub fn new(runtime: Runtime, max_cost: Amount, server_source: ServerSource) -> Self {
        Self { runtime, max_cost, server_source, server_scoring: ServerScoring::Equal }
    }

    /// Has servers compared by these scorers.
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

/// A remote server has been found for the agent, and its payment begun. coral-server 1.2 does not run it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PaidRemoteServer {
    /// The server.
    pub server: RemoteServer,
    /// What runs the agent's program there.
    pub runtime: Runtime,
    /// The address of the wallet that is paid.
    pub wallet: String,
    /// The most that the agent may cost.
    pub max_cost: Amount,
    /// The session of the payment.
    pub payment_session_id: String,
}

impl PaidRemoteServer {
    pub(super) fn fractions(&self) -> Vec<f64> {
        self.max_cost.fraction().into_iter().chain(self.server.fractions()).collect()
    }
}
