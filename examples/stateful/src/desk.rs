//! What is to be approved, in memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a person says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Decision {
    Approved,
    Refused,
}

/// One thing that an agent wants to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Approval {
    /// What to ask for it by.
    pub(crate) ticket: u64,
    /// The agent that asks.
    pub(crate) agent: String,
    /// What it wants to do.
    pub(crate) summary: String,
    /// Absent until somebody has decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) decision: Option<Decision>,
    #[serde(skip)]
    customer: String,
}

/// All approvals of all customers. A database would take its place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Desk {
    approvals: Arc<Mutex<Vec<Approval>>>,
}

impl Desk {
    /// Puts a request on the desk.
    pub(crate) fn add(&self, customer: &str, agent: &str, summary: String) -> u64 {
        let mut approvals = self.lock();
        let ticket = approvals.len() as u64 + 1;
        let (agent, customer) = (agent.to_owned(), customer.to_owned());
        approvals.push(Approval { ticket, agent, summary, decision: None, customer });
        ticket
    }

    /// Decides; `false` where there is no such ticket.
    pub(crate) fn decide(&self, ticket: u64, decision: Decision) -> bool {
        let mut approvals = self.lock();
        let found = approvals.iter_mut().find(|approval| approval.ticket == ticket);
        found.map(|approval| approval.decision = Some(decision)).is_some()
    }

    /// Everything that was asked on behalf of a customer.
    pub(crate) fn of(&self, customer: &str) -> Vec<Approval> {
        self.lock().iter().filter(|approval| approval.customer == customer).cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Approval>> {
        self.approvals.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
