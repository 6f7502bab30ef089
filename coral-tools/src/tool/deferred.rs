//! [`Deferred`]: a result that may come after the call.

use std::fmt;
use std::future::{Future, ready};
use std::marker::PhantomData;
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde::Serialize;

use crate::error::{IntoToolError, ToolError};
use crate::store::TicketStatus;

/// The longest time to live.
const MAX_TIME_TO_LIVE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// How long a result may be computed, unless the tool sets another time.
const DEFAULT_TIME_TO_LIVE: Duration = Duration::from_secs(60 * 60);

/// A result that may take longer than an agent waits for a response, as the return type of a tool.
///
/// The future runs in a task of its own. If it is ready about a second before the deadline of the call, the agent receives the result like
/// any other. Otherwise it receives a ticket:
///
/// ```json
/// {"ticket": {
///     "id": "6b1c…", "status": "working", "ttlMs": 3600000, "pollIntervalMs": 5000,
///     "statusMessage": "the result is not ready yet; call `review_result` with the id of this ticket to wait for it"
/// }}
/// ```
///
/// The toolset contains a second tool, named after the first with `_result` at the end, which takes the id of a ticket, waits in the same
/// way, and returns the result, the error, or the ticket again. Agents that may call the tool may call it, too. An agent that repeats
/// the call instead waits for the same result: the function does not run again. The status is one of MCP's tasks: see
/// [`TicketStatus`](crate::store::TicketStatus). `ttlMs` is the time from the creation of the ticket until it expires if there is no
/// result by then ([`time_to_live`](Self::time_to_live)).
///
/// ```
/// use coral_tools::{Deferred, ToolError, Toolset, coral_tool, toolset};
/// # async fn review_with_care(_report: &str) -> String { "fine".to_owned() }
///
/// /// Reviews a report.
/// #[coral_tool]
/// async fn review(report: String) -> Deferred<String> {
///     Deferred::new(async move { Ok::<_, ToolError>(review_with_care(&report).await) })
/// }
///
/// let tools: Toolset = toolset![review];
/// let names: Vec<_> = tools.descriptors().map(|tool| tool.name().to_owned()).collect();
/// assert_eq!(names, ["review", "review_result"]);
/// ```
///
/// A result is kept for 10 minutes, or for the time of `#[coral_tool(once = "…")]`. An error is returned once; the same call runs again
/// after that. Results and tickets are in the [store](crate::Toolset::with_store) of the toolset, or otherwise in a
/// [`MemoryStore`](crate::store::MemoryStore). They belong to the session of the call, and look unknown to every other session; a call
/// without a session is answered with [`ToolError::unknown_session`]. [`Toolset::tickets`](crate::Toolset::tickets) is the application's
/// access to them. When the process ends, the futures that run are lost.
#[must_use = "a deferred result does nothing unless a tool returns it"]
pub struct Deferred<T> {
    reply: DeferredReply,
    value: PhantomData<fn() -> T>,
}

impl<T: Serialize> Deferred<T> {
    /// Creates a result that is that of a future.
    pub fn new<F, E>(future: F) -> Self
    where
        F: Future<Output = Result<T, E>> + Send + 'static,
        E: IntoToolError,
    {
        let future = async move { Ok(serde_json::to_vec(&future.await.map_err(E::into_tool_error)?)?) };
        Self { reply: DeferredReply::new(Box::pin(future)), value: PhantomData }
    }

    /// Creates a result that only the application provides, with [`Tickets::complete`](crate::Tickets::complete), such as the reply
    /// of a person. The message is for the agent; the status of the ticket is `input_required`.
    ///
    /// ```
    /// use coral_tools::{Deferred, coral_tool};
    ///
    /// /// Asks the customer a question.
    /// #[coral_tool]
    /// fn ask_customer(question: String) -> Deferred<String> {
    ///     Deferred::by_application("the customer has not replied yet")
    /// }
    /// ```
    pub fn by_application(message: impl Into<String>) -> Self {
        let mut reply = DeferredReply::new(Box::pin(std::future::pending()));
        reply.status = TicketStatus::InputRequired(Some(message.into()));
        Self { reply, value: PhantomData }
    }
}

impl<T> Deferred<T> {
    /// Sets the message that an agent reads with the ticket. Default: the result is not ready yet.
    pub fn status_message(mut self, message: impl Into<String>) -> Self {
        let message = Some(message.into());
        self.reply.status = match self.reply.status {
            TicketStatus::InputRequired(_) => TicketStatus::InputRequired(message),
            _ => TicketStatus::Working(message),
        };
        self
    }

    /// Sets how long the result may be awaited. After that, the future is dropped and the ticket is unknown. Default: 1 h; at most 30
    /// days.
    pub fn time_to_live(mut self, time: Duration) -> Self {
        self.reply.time_to_live = time.min(MAX_TIME_TO_LIVE);
        self
    }

    pub(super) fn into_reply(self) -> DeferredReply {
        self.reply
    }
}

impl<T> fmt::Debug for Deferred<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deferred")
            .field("status", &self.reply.status)
            .field("time_to_live", &self.reply.time_to_live)
            .finish_non_exhaustive()
    }
}

/// A [`Deferred`] without the type of its value.
pub(crate) struct DeferredReply {
    /// Returns the value as JSON.
    pub(crate) future: BoxFuture<'static, Result<Vec<u8>, ToolError>>,
    /// The status while the future runs.
    pub(crate) status: TicketStatus,
    pub(crate) time_to_live: Duration,
}

impl DeferredReply {
    fn new(future: BoxFuture<'static, Result<Vec<u8>, ToolError>>) -> Self {
        Self { future, status: TicketStatus::Working(None), time_to_live: DEFAULT_TIME_TO_LIVE }
    }

    pub(super) fn ready(json: Vec<u8>) -> Self {
        Self::new(Box::pin(ready(Ok(json))))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Deferred;

    #[test]
    fn a_result_is_awaited_for_an_hour_or_for_up_to_thirty_days() {
        let (hour, days) = (Duration::from_secs(3_600), Duration::from_secs(30 * 86_400));
        let deferred = || Deferred::<u8>::by_application("not yet");
        assert_eq!(deferred().into_reply().time_to_live, hour);
        for (time, limited) in [(2 * hour, 2 * hour), (days, days), (days + hour, days), (Duration::MAX, days)] {
            assert_eq!(deferred().time_to_live(time).into_reply().time_to_live, limited);
        }
    }
}
