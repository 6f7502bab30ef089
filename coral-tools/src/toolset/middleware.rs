//! [`Middleware`]: code that runs around the calls of tools, and [`Next`], the rest of a call.

use std::collections::BTreeSet;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::inner_run::InnerRun;
use super::outcome::Outcome;
use super::scope::Scope;
use crate::build_error::BuildError;
use crate::context::Context;
use crate::tool::{Descriptor, RegisteredTool};

/// Code that runs around the calls of tools: before the arguments are read, and after the tool has returned.
///
/// An async function with these two parameters is a middleware. It reads the call and the application's state from the
/// [`Context`], the description of the tool from [`Next::descriptor`], and runs the rest of the call with [`Next::run`]:
///
/// ```
/// use coral_tools::middleware::Next;
/// use coral_tools::{Context, Outcome, Toolset, coral_tool, toolset};
///
/// struct App {
///     closed: bool,
/// }
///
/// async fn only_while_open(context: &Context<'_, App>, next: Next<'_, App>) -> Outcome {
///     if context.state().closed && next.descriptor().hints().read_only != Some(true) {
///         return Outcome::rejected("the shop is closed; only tools that change nothing can be called");
///     }
///     next.run().await
/// }
///
/// /// Places an order.
/// #[coral_tool]
/// fn order(article: String) -> String {
///     article
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let tools: Toolset<App> = toolset![order].with(only_while_open);
/// # let call = coral_tools::Call::new("order", br#"{"article": "tea"}"#);
/// # assert_eq!(tools.dispatch(call.clone(), &App { closed: true }).await.label(), "rejected");
/// # assert!(tools.dispatch(call, &App { closed: false }).await.is_success());
/// # }
/// ```
///
/// Such a function can have a state of any type, `async fn log<S: Sync>(context: &Context<'_, S>, next: Next<'_, S>)`. An
/// async closure is a middleware if it captures nothing and its parameters have types. A middleware with settings is a type that
/// implements this trait:
///
/// ```
/// use coral_tools::middleware::{Middleware, Next};
/// use coral_tools::{Context, Outcome, Toolset, toolset};
///
/// struct Retry {
///     attempts: u32,
/// }
///
/// impl<S: Sync> Middleware<S> for Retry {
///     async fn call(&self, _context: &Context<'_, S>, next: Next<'_, S>) -> Outcome {
///         if next.descriptor().hints().idempotent != Some(true) {
///             return next.run().await;
///         }
///         for _ in 1..self.attempts {
///             let outcome = next.clone().run().await;
///             if !matches!(outcome, Outcome::Failed(_)) {
///                 return outcome;
///             }
///         }
///         next.run().await
///     }
/// }
///
/// let tools: Toolset = toolset![].with(Retry { attempts: 3 });
/// ```
///
/// The span, the deadline and the containment of panics of a call are around its middleware: a middleware that panics or waits
/// too long fails this call only.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a middleware of a toolset whose state is `{S}`",
    label = "not a middleware of this toolset",
    note = "a middleware is `async fn name(context: &Context<'_, {S}>, next: Next<'_, {S}>) -> Outcome`, or a type with `impl Middleware<{S}>`",
    note = "its future must be `Send`: it holds no `Rc`, `RefCell` borrow or lock of `std::sync` across `.await`",
    note = "an async closure captures nothing; what it would capture is a field of a type with `impl Middleware<{S}>`"
)]
pub trait Middleware<S>: Send + Sync + 'static {
    /// Handles a call: returns the outcome of `next.run().await`, or another one.
    fn call(&self, context: &Context<'_, S>, next: Next<'_, S>) -> impl Future<Output = Outcome> + Send;

    /// Checks that this middleware can be used for a tool, when it is added for that tool alone.
    ///
    /// # Errors
    ///
    /// Returns an error if it cannot: the message is one of the errors of [`Toolset::check`](crate::Toolset::check).
    fn check(&self, _tool: &Descriptor) -> Result<(), String> {
        Ok(())
    }
}

/// An async function that is a middleware for calls that live for `'a`.
#[doc(hidden)]
pub trait MiddlewareFn<'a, S: 'a>: Fn(&'a Context<'a, S>, Next<'a, S>) -> Self::Future {
    type Future: Future<Output = Outcome> + Send;
}

#[diagnostic::do_not_recommend]
impl<'a, S: 'a, F, R> MiddlewareFn<'a, S> for F
where
    F: Fn(&'a Context<'a, S>, Next<'a, S>) -> R,
    R: Future<Output = Outcome> + Send,
{
    type Future = R;
}

#[diagnostic::do_not_recommend]
impl<S: Sync + 'static, F> Middleware<S> for F
where
    F: for<'a> MiddlewareFn<'a, S> + Send + Sync + 'static,
{
    async fn call(&self, context: &Context<'_, S>, next: Next<'_, S>) -> Outcome {
        self(context, next).await
    }
}

/// A [`Middleware`] without its type.
trait ErasedMiddleware<S>: Send + Sync {
    fn call<'a>(&'a self, context: &'a Context<'a, S>, next: Next<'a, S>) -> BoxFuture<'a, Outcome>;
    fn check(&self, tool: &Descriptor) -> Result<(), String>;
}

impl<S, M: Middleware<S>> ErasedMiddleware<S> for M {
    fn call<'a>(&'a self, context: &'a Context<'a, S>, next: Next<'a, S>) -> BoxFuture<'a, Outcome> {
        Box::pin(Middleware::call(self, context, next))
    }

    fn check(&self, tool: &Descriptor) -> Result<(), String> {
        Middleware::check(self, tool)
    }
}

/// A middleware of a toolset, and the tools that it is for.
pub(super) struct MiddlewareEntry<S> {
    scope: Scope,
    middleware: Arc<dyn ErasedMiddleware<S>>,
}

impl<S> MiddlewareEntry<S> {
    pub(super) fn new(scope: Scope, middleware: impl Middleware<S>) -> Self {
        Self { scope, middleware: Arc::new(middleware) }
    }

    pub(super) fn restricted_to(&self, names: &Arc<BTreeSet<String>>) -> Self {
        Self { scope: self.scope.restricted_to(names), ..self.clone() }
    }

    /// Returns an error if it was added for one tool and cannot be used for it.
    pub(super) fn error(&self, descriptor: impl Fn(&str) -> Option<Descriptor>) -> Option<BuildError> {
        let Scope::Tool(name) = &self.scope else { return None };
        let reason = match descriptor(name) {
            Some(descriptor) => self.middleware.check(&descriptor).err()?,
            None => "a middleware is for this tool, which the toolset does not contain".to_owned(),
        };
        Some(BuildError::new(format!("tool `{name}`"), reason))
    }
}

impl<S> Clone for MiddlewareEntry<S> {
    fn clone(&self) -> Self {
        Self { scope: self.scope.clone(), middleware: Arc::clone(&self.middleware) }
    }
}

/// The rest of a call: the remaining middleware, then the tool.
#[must_use = "a call does nothing until it is run"]
pub struct Next<'a, S> {
    /// The last one is the next.
    middleware: &'a [MiddlewareEntry<S>],
    inner: InnerRun<'a>,
    tool: &'a RegisteredTool<S>,
    context: &'a Context<'a, S>,
}

impl<'a, S> Next<'a, S> {
    pub(super) fn new(
        middleware: &'a [MiddlewareEntry<S>],
        inner: InnerRun<'a>,
        tool: &'a RegisteredTool<S>,
        context: &'a Context<'a, S>,
    ) -> Self {
        Self { middleware, inner, tool, context }
    }

    /// Returns the description of the called tool.
    #[must_use]
    pub fn descriptor(&self) -> &'a Descriptor {
        &self.tool.descriptor
    }

    /// Runs the rest of the call and returns its outcome. A clone of this value runs it again.
    pub async fn run(self) -> Outcome
    where
        S: Sync,
    {
        let Self { mut middleware, inner, tool, context } = self;
        while let Some((entry, rest)) = middleware.split_last() {
            middleware = rest;
            if entry.scope.contains(tool.descriptor.name()) {
                return entry.middleware.call(context, Self { middleware, inner, tool, context }).await;
            }
        }
        inner.run(tool, context).await
    }
}

impl<S> Clone for Next<'_, S> {
    fn clone(&self) -> Self {
        Self { middleware: self.middleware, inner: self.inner, tool: self.tool, context: self.context }
    }
}

impl<S> fmt::Debug for Next<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next").field("tool", &self.tool.descriptor.name()).finish_non_exhaustive()
    }
}
