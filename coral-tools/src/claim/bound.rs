//! [`Bound`].

use std::future::{Future, ready};

use serde::de::DeserializeOwned;

use super::keys::ClaimKeys;
use crate::context::{Context, FromContext};
use crate::error::ToolError;
use crate::extract::FromRef;

/// The value that the session of a call is bound to, usually its user: a context parameter of tools.
///
/// It is the value of [`SessionRequest::bound_to`](crate::SessionRequest::bound_to), from a claim in the URL that was called. The
/// claim is valid for one tool, one base path and a limited time; no store is needed. The state contains the [`ClaimKeys`]:
///
/// ```
/// use coral_tools::{Bound, ClaimKey, ClaimKeys, FromRef, Secret, SessionRequest, Toolset, coral_tool, toolset};
/// # use coral_tools::{Agent, Runtime, testing::Harness};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct UserId(u64);
///
/// #[derive(Clone)]
/// struct App {
///     claim_keys: ClaimKeys,
/// }
///
/// // Or `#[derive(FromRef)]` of axum.
/// impl FromRef<App> for ClaimKeys {
///     fn from_ref(app: &App) -> Self {
///         app.claim_keys.clone()
///     }
/// }
///
/// /// Returns the number of the customer.
/// #[coral_tool(read_only)]
/// fn customer_number(#[context] user: Bound<UserId>) -> u64 {
///     user.0.0
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let key = "0".repeat(64);
/// let url = "https://your-app.example/coral";
/// let claim_keys = ClaimKeys::new(url, ClaimKey::new("2026-11", key)?)?;
/// let tools: Toolset<App> = toolset![customer_number];
///
/// // Where the application creates a session for a user:
/// let request = SessionRequest::in_namespace("default")
/// #   .agent(Agent::local("a", "1.0.0", Runtime::Docker).can_call::<customer_number>())
///     .tools(&tools, url)
///     .bound_to(&claim_keys, &UserId(7));
///
/// // Where it serves the tools:
/// let app = axum::Router::new()
///     .nest("/coral", tools.webhooks(Secret::new("…")))
///     .with_state(App { claim_keys: claim_keys.clone() });
///
/// // In a test of a tool:
/// # request.check()?;
/// let harness = Harness::from_router(app, "/coral", Secret::new("…"));
/// let response = harness.clone().bound_to(&claim_keys, &UserId(7)).call(("customer_number", ())).await;
/// assert_eq!(response.value::<u64>()?, 7);
/// assert_eq!(harness.call(("customer_number", ())).await.status(), Some(400));
/// # Ok(())
/// # }
/// ```
///
/// A call whose claim is missing, forged, expired, or made for another tool or base path, is answered like that of an unknown session:
/// status 400, with the same body. Which of these it was is only in the log.
///
/// Without the feature `axum`, call [`ClaimKeys::verify`] in a [`FromContext`] of your own. Platforms that are polled call no
/// URL, so there is no claim: there, the application runs the turn and knows the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
#[expect(clippy::exhaustive_structs, reason = "a pattern, like the extractors of axum")]
pub struct Bound<T>(pub T);

impl<S, T> FromContext<S> for Bound<T>
where
    S: Sync,
    T: DeserializeOwned + Send,
    ClaimKeys: FromRef<S>,
{
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        ready(ClaimKeys::from_ref(context.state()).verify(context).map(Self))
    }
}
