//! [`Approval`]: what a policy decides about a call.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use crate::context::Context;
use crate::deadline::contain;
use crate::error::ToolError;
use crate::telemetry::call_event;
use crate::tool::{Tool, read_arguments};
use crate::toolset::Outcome;

/// How long a person may take to decide, unless the policy sets another time.
const DEFAULT_TIME_TO_LIVE: Duration = Duration::from_secs(60 * 60);

/// The longest time that a person may take to decide.
const MAX_TIME_TO_LIVE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The decision of a policy about a call: see [`Toolset::with_approval`](crate::Toolset::with_approval).
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a decision has an effect when a policy returns it"]
pub struct Approval {
    decision: Decision,
    time_to_live: Duration,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Decision {
    NotNeeded,
    Denied(String),
    Required(String),
}

impl Approval {
    /// The tool runs without the approval of a person.
    pub fn not_needed() -> Self {
        Self::new(Decision::NotNeeded)
    }

    /// The tool does not run. The reason is for the agent.
    pub fn denied(reason: impl Into<String>) -> Self {
        Self::new(Decision::Denied(reason.into()))
    }

    /// The tool runs when a person has approved the call. The message is for the agent, and for the person.
    pub fn required(message: impl Into<String>) -> Self {
        Self::new(Decision::Required(message.into()))
    }

    /// Sets how long a person may take to decide. After that, the request has expired, and the same call is a new request. Default: 1 h;
    /// at most 30 days.
    pub fn time_to_live(mut self, time: Duration) -> Self {
        self.time_to_live = time.min(MAX_TIME_TO_LIVE);
        self
    }

    fn new(decision: Decision) -> Self {
        Self { decision, time_to_live: DEFAULT_TIME_TO_LIVE }
    }
}

/// Why a tool does not run now.
#[derive(Debug)]
pub(super) enum BlockedCall {
    Rejected(Outcome),
    /// A person has to approve the call.
    NeedsApproval {
        message: String,
        time_to_live: Duration,
    },
}

/// A policy, and the name of its tool.
pub(in crate::toolset) struct PolicyEntry<S> {
    pub(super) tool: &'static str,
    pub(super) policy: Arc<dyn Policy<S>>,
}

impl<S> Clone for PolicyEntry<S> {
    fn clone(&self) -> Self {
        Self { tool: self.tool, policy: Arc::clone(&self.policy) }
    }
}

impl<S: 'static> PolicyEntry<S> {
    pub(super) fn new<T, F>(decide: F) -> Self
    where
        T: Tool,
        F: Fn(&T, &Context<'_, S>) -> Result<Approval, ToolError> + Send + Sync + 'static,
    {
        Self { tool: T::NAME, policy: Arc::new(TypedPolicy { decide, tool: PhantomData::<fn() -> T> }) }
    }
}

/// A policy without the type of its arguments.
pub(super) trait Policy<S>: Send + Sync {
    /// Returns an error unless the call may run now: also if the policy fails, or cannot read the arguments.
    fn check(&self, context: &Context<'_, S>) -> Result<(), BlockedCall>;
}

struct TypedPolicy<T, F> {
    decide: F,
    tool: PhantomData<fn() -> T>,
}

impl<S, T, F> Policy<S> for TypedPolicy<T, F>
where
    T: Tool,
    F: Fn(&T, &Context<'_, S>) -> Result<Approval, ToolError> + Send + Sync,
{
    fn check(&self, context: &Context<'_, S>) -> Result<(), BlockedCall> {
        let call = context.call();
        let arguments: T = read_arguments(call.arguments())
            .map_err(|problems| BlockedCall::Rejected(Outcome::BadArguments(problems)))?;
        match contain(move || (self.decide)(&arguments, context)) {
            Ok(Ok(Approval { decision: Decision::NotNeeded, .. })) => Ok(()),
            Ok(Ok(Approval { decision: Decision::Denied(reason), .. })) => {
                Err(BlockedCall::Rejected(Outcome::denied(&reason)))
            }
            Ok(Ok(Approval { decision: Decision::Required(message), time_to_live })) => {
                Err(BlockedCall::NeedsApproval { message, time_to_live })
            }
            Ok(Err(error)) => {
                let cause = error.source_chain();
                call_event!(
                    error,
                    call,
                    "the approval policy failed; the tool did not run",
                    error = error.message(),
                    cause
                );
                Err(BlockedCall::Rejected(Outcome::from_error(&error)))
            }
            Err(panic) => {
                call_event!(error, call, "the approval policy panicked; the tool did not run", panic);
                Err(BlockedCall::Rejected(Outcome::Panicked))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Approval;

    #[test]
    fn a_person_has_an_hour_or_up_to_thirty_days() {
        let (hour, days) = (Duration::from_secs(3_600), Duration::from_secs(30 * 86_400));
        let approval = || Approval::required("an employee decides");
        assert_eq!(approval(), approval().time_to_live(hour));
        for (time, limited) in [(2 * hour, 2 * hour), (days, days), (days + hour, days), (Duration::MAX, days)] {
            assert_eq!(approval().time_to_live(time).time_to_live, limited);
        }
    }
}
