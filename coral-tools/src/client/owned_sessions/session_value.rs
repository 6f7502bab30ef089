//! [`SessionValue`].

use std::future::{Future, ready};
use std::sync::Arc;

use super::sessions::Sessions;
use crate::context::{Context, FromContext};
use crate::error::ToolError;
use crate::extract::FromRef;

/// The value with which the session of a call was [opened](Sessions::open): a context parameter of tools, and of handlers of
/// [`webhook::session_end_with_context`](crate::webhook::session_end_with_context). The application's state contains the
/// [`Sessions<T>`].
///
/// The tool does not run for an unknown session ([`Sessions::unknown_session_message`]). `Option<SessionValue<T>>` is `None` then:
/// a report may be about a session that an earlier process has opened.
///
/// ```
/// use axum::Router;
/// use coral_tools::webhook::session_end_with_context;
/// use coral_tools::{
///     Coral, Secret, SessionEndReport, SessionValue, Sessions, ToolError, Toolset, coral_tool, toolset,
/// };
/// use tokio::sync::watch;
///
/// /// The result of a session, and whether it has ended.
/// #[derive(Clone, Default)]
/// struct Progress {
///     result: Option<String>,
///     has_ended: bool,
/// }
///
/// type Job = watch::Sender<Progress>;
///
/// /// Submits the result.
/// #[coral_tool]
/// fn submit_result(result: String, #[context] SessionValue(job): SessionValue<Job>) {
///     job.send_modify(|progress| progress.result = Some(result));
/// }
///
/// async fn ended(
///     _report: SessionEndReport,
///     _sessions: Sessions<Job>,
///     job: Option<SessionValue<Job>>,
/// ) -> Result<(), ToolError> {
///     if let Some(SessionValue(job)) = job {
///         job.send_modify(|progress| progress.has_ended = true);
///     }
///     Ok(())
/// }
///
/// let tools: Toolset<Sessions<Job>> = toolset![submit_result];
/// let reports = session_end_with_context(Secret::new("…"), ended);
/// let sessions = Sessions::new(Coral::server("http://localhost:5555", "key"));
/// let app: Router = Router::new().nest("/coral", tools.webhooks(Secret::new("…")).merge(reports)).with_state(sessions);
/// ```
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "a newtype that tools take apart")]
pub struct SessionValue<T>(pub Arc<T>);

impl<T> Clone for SessionValue<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S, T> FromContext<S> for SessionValue<T>
where
    S: Sync,
    T: Send + Sync + 'static,
    Sessions<T>: FromRef<S>,
{
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        ready(Sessions::from_ref(context.state()).call_value(context).map(Self))
    }
}

impl<S, T> FromContext<S> for Option<SessionValue<T>>
where
    S: Sync,
    T: Send + Sync + 'static,
    Sessions<T>: FromRef<S>,
{
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        ready(Ok(Sessions::from_ref(context.state()).find(context).map(SessionValue)))
    }
}
