//! axum's own extractors as context parameters: [`State`] through [`FromRef`], and [`Extension`].

use std::future::{Future, ready};

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

/// A value that a layer in front of the router has put into the request, like axum's type of the same name.
///
/// A missing one is the application's mistake: the log names the type, the agent reads "the tool failed".
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "a newtype that tools take apart")]
pub struct Extension<T>(pub T);

impl<S, T> FromContext<S> for Extension<T>
where
    S: Sync,
    T: Clone + Send + Sync + 'static,
{
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        let found = context.extensions().and_then(|all| all.get::<T>()).cloned();
        let missing = || {
            let name = std::any::type_name::<T>();
            ToolError::internal(format!("the request carries no extension of type `{name}`; add a layer that sets it"))
        };
        ready(found.map(Self).ok_or_else(missing))
    }
}
