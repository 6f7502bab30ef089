//! Budgets of sessions and agents, for servers after coral-server 1.2.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Serialize, Serializer};

/// An amount of money in millionths of a US cent: a dollar is 100 000 000 of them.
///
/// ```
/// use coral_tools::session::MicroCents;
///
/// assert_eq!(MicroCents::dollars(2), MicroCents(200_000_000));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[expect(clippy::exhaustive_structs, reason = "a newtype around a number")]
pub struct MicroCents(pub u64);

impl MicroCents {
    /// Whole US dollars, saturating at the bounds of `u64`.
    #[must_use]
    pub const fn dollars(dollars: u64) -> Self {
        Self(dollars.saturating_mul(100_000_000))
    }
}

/// The budget of a session. Coral Cloud reportedly requires one for every session that is executed at once.
///
/// No release of coral-server supports it yet. The field names come from clients written for servers after 1.2. If your
/// server uses other names, write `budgetSettings` with [`SessionRequest::extra`](crate::SessionRequest::extra).
///
/// ```
/// use coral_tools::session::{MicroCents, SessionBudget, SessionExhaustionBehavior};
/// use coral_tools::{Agent, Dialect, Runtime, SessionRequest};
///
/// let budget = SessionBudget::new()
///     .budget(MicroCents::dollars(5))
///     .exhaustion(SessionExhaustionBehavior::KillSession { minimum: MicroCents(0), delay: None });
/// let writer = Agent::local("writer", "1.0.0", Runtime::Docker);
/// let request = SessionRequest::in_namespace("default").agent(writer).budget(budget);
/// assert_eq!(request.to_json(Dialect::Next)?["budgetSettings"]["budget"], 500_000_000);
/// assert!(request.to_json(Dialect::Server1_2).is_err(), "1.2 does not support budgets");
/// # Ok::<(), coral_tools::BuildErrors>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SessionBudget {
    /// The most that its agents may spend together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<MicroCents>,
    /// The behaviour when the budget is exhausted.
    #[serde(rename = "exhaustionBehavior", skip_serializing_if = "Option::is_none")]
    pub exhaustion: Option<SessionExhaustionBehavior>,
}

impl SessionBudget {
    /// A budget without a limit or a behaviour.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the most that its agents may spend together.
    #[must_use]
    pub fn budget(mut self, budget: MicroCents) -> Self {
        self.budget = Some(budget);
        self
    }

    /// Sets the behaviour when the budget is exhausted.
    #[must_use]
    pub fn exhaustion(mut self, exhaustion: SessionExhaustionBehavior) -> Self {
        self.exhaustion = Some(exhaustion);
        self
    }
}

/// The behaviour when a session's budget is exhausted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum SessionExhaustionBehavior {
    /// Nothing.
    Ignore,
    /// The agent that exhausted the budget is stopped.
    KillAgent {
        /// The remaining budget below which this happens.
        minimum: MicroCents,
        /// Whether the agent is stopped forcibly if it does not stop on its own.
        force: bool,
        /// How long the agent has to stop on its own.
        #[serde(serialize_with = "iso", skip_serializing_if = "Option::is_none")]
        force_delay: Option<Duration>,
    },
    /// The session is ended.
    KillSession {
        /// The remaining budget below which this happens.
        minimum: MicroCents,
        /// How long the session continues before it is ended.
        #[serde(serialize_with = "iso", skip_serializing_if = "Option::is_none")]
        delay: Option<Duration>,
    },
}

/// The budget of one agent, for servers after coral-server 1.2. See [`SessionBudget`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AgentBudget {
    /// The most that the agent may spend.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<MicroCents>,
    /// The cost of each type of claim, instead of the cost in its registry.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub claim_type_costs: BTreeMap<String, MicroCents>,
    /// The behaviour when the budget is exhausted.
    #[serde(rename = "exhaustionBehavior", skip_serializing_if = "Option::is_none")]
    pub exhaustion: Option<AgentExhaustionBehavior>,
}

impl AgentBudget {
    /// A budget without a limit or a behaviour.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the most that the agent may spend.
    #[must_use]
    pub fn budget(mut self, budget: MicroCents) -> Self {
        self.budget = Some(budget);
        self
    }

    /// Sets the cost of one type of claim.
    #[must_use]
    pub fn claim_type_cost(mut self, claim_type: impl Into<String>, cost: MicroCents) -> Self {
        self.claim_type_costs.insert(claim_type.into(), cost);
        self
    }

    /// Sets the behaviour when the budget is exhausted.
    #[must_use]
    pub fn exhaustion(mut self, exhaustion: AgentExhaustionBehavior) -> Self {
        self.exhaustion = Some(exhaustion);
        self
    }
}

/// The behaviour when an agent's budget is exhausted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum AgentExhaustionBehavior {
    /// The agent continues on the session's budget.
    ConsumeSession,
    /// The agent is stopped.
    Kill {
        /// The remaining budget below which this happens.
        minimum: MicroCents,
        /// Whether the agent is stopped forcibly if it does not stop on its own.
        force: bool,
        /// How long the agent has to stop on its own.
        #[serde(serialize_with = "iso", skip_serializing_if = "Option::is_none")]
        force_delay: Option<Duration>,
    },
}

/// Serializes as ISO 8601, to the millisecond: `PT0.100S`.
fn iso<S: Serializer>(delay: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    let delay = delay.unwrap_or_default();
    serializer.collect_str(&format_args!("PT{}.{:03}S", delay.as_secs(), delay.subsec_millis()))
}
