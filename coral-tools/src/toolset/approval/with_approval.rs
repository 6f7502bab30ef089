//! Adds policies to a toolset.

use std::sync::{Arc, OnceLock};

use super::policy::{Approval, BlockedCall, PolicyEntry};
use crate::build_error::BuildError;
use crate::context::Context;
use crate::error::ToolError;
use crate::tool::Tool;
use crate::toolset::Toolset;

/// # Approval
impl<S: Sync + 'static> Toolset<S> {
    /// Adds a policy to a tool: a function that decides about each call whether the tool runs, does not run, or runs when a person has
    /// approved the call.
    ///
    /// It is asked before the middleware, on every platform. If it returns an error or panics, or the arguments are invalid, the tool
    /// does not run. A tool can have several policies: it runs if all of them permit it.
    ///
    /// While a person decides, the agent receives a ticket, as for a [`Deferred`](crate::Deferred) result, with the status
    /// `input_required`. The same call waits for the same decision; a call with other arguments is another request. The toolset contains
    /// a second tool for the results, named after the first with `_result` at the end, and each agent that may call the first may call it.
    ///
    /// The person decides through [`Toolset::approvals`]:
    ///
    /// ```
    /// use coral_tools::{Approval, Call, Context, Toolset, coral_tool, toolset};
    ///
    /// /// Refunds an order.
    /// #[coral_tool(timeout = "100ms")]
    /// fn refund(order: u32, euros: f64) -> String {
    ///     format!("refunded {euros} EUR of order {order}")
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let tools: Toolset = toolset![refund].with_approval(|refund: &refund, _context: &Context<'_, ()>| {
    ///     Ok(match refund.euros {
    ///         euros if euros <= 50.0 => Approval::not_needed(),
    ///         euros if euros <= 1000.0 => Approval::required("an employee decides about refunds of more than 50 EUR"),
    ///         _ => Approval::denied("at most 1000 EUR can be refunded"),
    ///     })
    /// });
    ///
    /// // The agent receives a ticket.
    /// let call = Call::new("refund", br#"{"order": 7, "euros": 80}"#).in_session("s1");
    /// let ticket = tools.dispatch(call.clone(), &()).await.into_json();
    /// assert!(String::from_utf8(ticket)?.contains("input_required"));
    ///
    /// // A route of the application, for employees.
    /// let pending = tools.approvals().list_of::<refund>(None).await?;
    /// let (ticket, arguments) = &pending[0];
    /// assert_eq!(arguments.order, 7);
    /// tools.approvals().approve(&ticket.id, ()).await?;
    ///
    /// // The same call, and `refund_result`, have the result.
    /// let result = tools.dispatch(call, &()).await.into_json();
    /// assert_eq!(result, br#"{"result":"refunded 80 EUR of order 7"}"#);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The function runs once, in a task, with the state that is passed with the approval, and within the timeout of the tool. It has the
    /// session, agent, namespace and query of the call, but not the headers and extensions of its request. Its result is kept for 10
    /// minutes, or for the time of `#[coral_tool(once = "…")]`: a repetition of the call in that time has that result. An error is
    /// returned once; the same call is a new request after that. A denied call stays denied for that time.
    ///
    /// A policy may change its decision while a request is pending. If it needs no person for a repetition of the call, that call runs at
    /// once and its result is that of the request, which is settled. If the policy denies the call, or fails, when a person approves it,
    /// the tool does not run: the policy is asked again then, about the arguments that would run, and the request is still pending.
    ///
    /// Requests are kept in the [store](Toolset::with_store) of the toolset, or otherwise in a
    /// [`MemoryStore`](crate::store::MemoryStore). A call without a session that needs approval is answered with
    /// [`ToolError::unknown_session`].
    ///
    /// The returned set has the same tools, but no later change of the tools of one set changes the other. [`Toolset::check`] returns an
    /// error if the set does not contain the tool.
    #[must_use]
    pub fn with_approval<T, F>(self, policy: F) -> Self
    where
        T: Tool,
        F: Fn(&T, &Context<'_, S>) -> Result<Approval, ToolError> + Send + Sync + 'static,
    {
        let policies = self.policies.iter().cloned().chain([PolicyEntry::new(policy)]).collect();
        let contents = Arc::new(self.contents().with_approval(T::NAME));
        Self { policies, initial: contents, changed: Arc::new(OnceLock::new()), ..self }
    }
}

impl<S> Toolset<S> {
    /// Returns an error unless all policies of the tool let the call run now.
    pub(super) fn check_policies(&self, context: &Context<'_, S>) -> Result<(), BlockedCall> {
        let mut needs_approval = Ok(());
        for entry in self.policies.iter().filter(|entry| entry.tool == context.tool()) {
            match entry.policy.check(context) {
                Err(BlockedCall::Rejected(outcome)) => return Err(BlockedCall::Rejected(outcome)),
                blocked if needs_approval.is_ok() => needs_approval = blocked,
                _ => {}
            }
        }
        needs_approval
    }

    /// Whether the tool has a policy.
    pub(in crate::toolset) fn has_policy(&self, tool: &str) -> bool {
        self.policies.iter().any(|entry| entry.tool == tool)
    }

    /// Returns an error for each policy whose tool is not in the set, or cannot return tickets.
    pub(in crate::toolset) fn policy_errors(&self) -> impl Iterator<Item = BuildError> {
        self.policies.iter().filter_map(|entry| {
            let message = match self.descriptor(entry.tool) {
                None => "an approval policy is for this tool, which the toolset does not contain",
                Some(tool) if tool.result_tool().is_none() => {
                    "it was added after its approval policy, and has no tool for its tickets; add the policy last"
                }
                Some(_) => return None,
            };
            Some(BuildError::new(format!("tool `{}`", entry.tool), message))
        })
    }
}
