//! axum's extractors as context parameters: [`State`] with [`FromRef`], [`Extension`] and [`Path`].

use std::future::{Future, ready};

pub use axum::Extension;
use axum::extract::FromRequestParts;
pub use axum::extract::{FromRef, Path, State};
use http::Request;
use serde::de::DeserializeOwned;

use crate::context::{Context, FromContext};
use crate::error::ToolError;

impl<S, T> FromContext<S> for State<T>
where
    S: Sync,
    T: StateOf<S> + Send,
{
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        ready(Ok(Self(T::from_ref(context.state()))))
    }
}

/// A state, or a part of it: `T: FromRef<S>`, with an error that names both reasons why it may not be.
#[diagnostic::on_unimplemented(
    message = "`State<{Self}>` cannot be taken from the application's state, `{S}`",
    label = "needs `{Self}: FromRef<{S}>`",
    note = "if `{Self}` is the whole state, derive `Clone` for it, or share it: `State<Arc<{Self}>>` and `Toolset<Arc<{Self}>>`",
    note = "if it is a part of `{S}`, write `impl FromRef<{S}> for {Self}`",
    note = "otherwise the toolset has another state than the tool: `Toolset<{Self}>`"
)]
#[doc(hidden)]
pub trait StateOf<S>: FromRef<S> {}

#[diagnostic::do_not_recommend]
impl<S, T: FromRef<S>> StateOf<S> for T {}

/// A value that a layer has added to the request.
///
/// If it is missing, the log has the name of the type, and the agent receives "the tool failed".
impl<S, T> FromContext<S> for Extension<T>
where
    S: Sync,
    T: Clone + Send + Sync + 'static,
{
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        let value = context.extensions().and_then(|extensions| extensions.get::<T>()).cloned();
        let missing = || {
            let name = std::any::type_name::<T>();
            ToolError::internal(format!("the request has no extension of type `{name}`; add a layer that sets it"))
        };
        ready(value.map(Self).ok_or_else(missing))
    }
}

/// The parameters of the path under which the application nests the webhooks, such as `/{tenant}/coral`, by name: in a struct
/// whose fields have the names of the parameters. The path of the call itself is one more parameter, `coral_call`, so neither a
/// single value nor a tuple can be extracted.
///
/// ```
/// use axum::Router;
/// use coral_tools::testing::Harness;
/// use coral_tools::{Path, Secret, Toolset, coral_tool, toolset};
///
/// #[derive(serde::Deserialize)]
/// struct Tenant {
///     tenant: u32,
/// }
///
/// /// Returns the number of the tenant.
/// #[coral_tool]
/// fn tenant_number(#[context] Path(path): Path<Tenant>) -> u32 {
///     path.tenant
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let tools: Toolset = toolset![tenant_number];
/// let secret = Secret::new("…");
/// let app = Router::new().nest("/{tenant}/coral", tools.webhooks(secret.clone()));
///
/// let response = Harness::from_router(app, "/42/coral", secret).call(("tenant_number", ())).await;
/// assert_eq!(response.value::<u32>().unwrap(), 42);
/// # }
/// ```
///
/// If the path has no such parameters, the log has the name of the type, and the agent receives "the tool failed". The log
/// does not contain the path, whose parameters may be secret.
impl<S, T> FromContext<S> for Path<T>
where
    S: Sync,
    T: DeserializeOwned + Send,
{
    async fn from_context(context: &Context<'_, S>) -> Result<Self, ToolError> {
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.extensions = context.extensions().cloned().unwrap_or_default();
        Self::from_request_parts(&mut parts, &()).await.map_err(|_contains_values| {
            let name = std::any::type_name::<T>();
            ToolError::internal(format!(
                "the path of the webhooks has no parameters for the fields of `{name}`; nest them under a path such as `/{{id}}/coral`, \
                 and use a struct with a field of each parameter's name, such as `id`"
            ))
        })
    }
}
