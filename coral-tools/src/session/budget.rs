//! Budgets: what a session and its agents may spend, on servers after coral-server 1.2.

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
pub struct MicroCents(pub u64);

impl MicroCents {
    /// Whole US dollars; more than a `u64` can count are as many as it can.
    #[must_use]
    pub const fn dollars(dollars: u64) -> Self {
        Self(dollars.saturating_mul(100_000_000))
    }
}

/// What a session may spend. Coral Cloud is said to want one for every session that is executed at once.
///
/// No release of coral-server has it. The names are those of clients made for the servers after 1.2; where yours differs,
/// write `budgetSettings` yourself, by [`SessionRequest::extra`](crate::SessionRequest::extra).
///
/// ```
/// use coral_tools::session::{MicroCents, SessionBudget, SessionExhaustionBehavior};
/// use coral_tools::{Agent, Dialect, Runtime, SessionRequest};
///
/// let writer = Agent::local("writer", "1.0.0", Runtime::Docker);
/// let request = SessionRequest::in_namespace("default").agent(writer).budget(SessionBudget {
///     budget: Some(MicroCents::dollars(5)),
///     exhaustion: Some(SessionExhaustionBehavior::KillSession { minimum: MicroCents(0), delay: None }),
/// });
/// assert_eq!(request.to_json(Dialect::Next)?["budgetSettings"]["budget"], 500_000_000);
/// assert!(request.to_json(Dialect::Server1_2).is_err(), "it knows no budgets");
/// # Ok::<(), coral_tools::BuildErrors>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionBudget {
    /// All that its agents may spend together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<MicroCents>,
    /// What happens when it is spent.
    #[serde(rename = "exhaustionBehavior", skip_serializing_if = "Option::is_none")]
    pub exhaustion: Option<SessionExhaustionBehavior>,
}

/// What happens when a session's budget is spent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum SessionExhaustionBehavior {
    /// Nothing.
    Ignore,
    /// The agent that spent the last of it is stopped.
    KillAgent {
        /// How much must be left for it not to happen.
        minimum: MicroCents,
        /// Whether the agent is stopped if it does not stop by itself.
        force: bool,
        /// How long it has to stop by itself.
        #[serde(serialize_with = "iso", skip_serializing_if = "Option::is_none")]
        force_delay: Option<Duration>,
    },
    /// The session is ended.
    KillSession {
        /// How much must be left for it not to happen.
        minimum: MicroCents,
        /// How long it still lives.
        #[serde(serialize_with = "iso", skip_serializing_if = "Option::is_none")]
        delay: Option<Duration>,
    },
}

/// What one agent may spend, on servers after coral-server 1.2. See [`SessionBudget`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentBudget {
    /// All that it may spend.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<MicroCents>,
    /// What a claim of each type costs it, instead of what its registry says.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub claim_type_costs: BTreeMap<String, MicroCents>,
    /// What happens when it is spent.
    #[serde(rename = "exhaustionBehavior", skip_serializing_if = "Option::is_none")]
    pub exhaustion: Option<AgentExhaustionBehavior>,
}

/// What happens when an agent's budget is spent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum AgentExhaustionBehavior {
    /// It goes on with the session's.
    ConsumeSession,
    /// It is stopped.
    Kill {
        /// How much must be left for it not to happen.
        minimum: MicroCents,
        /// Whether the agent is stopped if it does not stop by itself.
        force: bool,
        /// How long it has to stop by itself.
        #[serde(serialize_with = "iso", skip_serializing_if = "Option::is_none")]
        force_delay: Option<Duration>,
    },
}

/// ISO 8601, to the millisecond: `PT0.100S`.
fn iso<S: Serializer>(delay: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    let delay = delay.unwrap_or_default();
    serializer.collect_str(&format_args!("PT{}.{:03}S", delay.as_secs(), delay.subsec_millis()))
}
