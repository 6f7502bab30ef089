//! The requests for approval, in memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The decision of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Decision {
    Approved,
    Rejected,
}

/// An agent's request for approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ApprovalRequest {
    /// The number that identifies the request.
    pub(crate) ticket: u64,
    /// The agent that made the request.
    pub(crate) agent: String,
    /// The action to approve.
    pub(crate) summary: String,
    /// Absent until a person has decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) decision: Option<Decision>,
    #[serde(skip)]
    customer: String,
}

/// The requests of all customers. A real application would use a database.
#[derive(Debug, Clone, Default)]
pub(crate) struct ApprovalStore {
    requests: Arc<Mutex<Vec<ApprovalRequest>>>,
}

impl ApprovalStore {
    /// Adds a request and returns its ticket.
    pub(crate) fn add(&self, customer: &str, agent: &str, summary: String) -> u64 {
        let mut requests = self.lock();
        let ticket = requests.len() as u64 + 1;
        let (agent, customer) = (agent.to_owned(), customer.to_owned());
        requests.push(ApprovalRequest { ticket, agent, summary, decision: None, customer });
        ticket
    }

    /// Stores a decision. Returns `false` if the ticket does not exist.
    pub(crate) fn decide(&self, ticket: u64, decision: Decision) -> bool {
        let mut requests = self.lock();
        let request = requests.iter_mut().find(|request| request.ticket == ticket);
        request.map(|request| request.decision = Some(decision)).is_some()
    }

    /// Returns all requests on behalf of a customer.
    pub(crate) fn for_customer(&self, customer: &str) -> Vec<ApprovalRequest> {
        self.lock().iter().filter(|request| request.customer == customer).cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<ApprovalRequest>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
