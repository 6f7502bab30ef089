//! axum's extractors as context parameters: [`State`] with [`FromRef`], and [`Extension`].

use std::future::{Future, ready};

pub use axum::Extension;
pub use axum::extract::{FromRef, State};

use crate::context::{Context, FromContext};
use crate::error::ToolError;

#[diagnostic::do_not_recommend]
impl<S, T> FromContext<S> for State<T>
where
    S: Sync,
    T: FromRef<S> + Send,
{
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        ready(Ok(Self(T::from_ref(context.state()))))
    }
}

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
