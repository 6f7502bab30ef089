//! What a function returned: a `Result` or any other value, told apart by its type and never by its spelling.

use std::convert::Infallible;
use std::marker::PhantomData;

use schemars::JsonSchema;
use serde::Serialize;

use super::output::Reply;
use crate::error::ToolError;
use crate::schema::SchemaFn;

/// A return type. [`Returned::shape`] is an inherent function for a `Result` and that of [`Plain`] for all else.
#[derive(Debug)]
pub struct Returned<R>(PhantomData<fn() -> R>);

impl<R> Returned<R> {
    pub const TYPE: Self = Self(PhantomData);
}

impl<T, E> Returned<Result<T, E>> {
    #[must_use]
    pub fn shape(self) -> Shape<Result<T, E>, T, E> {
        Shape(|returned| returned)
    }
}

pub trait Plain<R> {
    fn shape(self) -> Shape<R, R, Infallible>;
}

impl<R> Plain<R> for Returned<R> {
    fn shape(self) -> Shape<R, R, Infallible> {
        Shape(Ok)
    }
}

/// How a return value is a value or an error.
#[derive(Debug)]
pub struct Shape<R, T, E>(fn(R) -> Result<T, E>);

/// A return type that agents can be told about and sent.
pub trait Output<R> {
    fn schema(&self) -> SchemaFn;

    /// # Errors
    ///
    /// The error that was returned, or a value that cannot be JSON.
    fn reply(&self, returned: R) -> Result<Reply, ToolError>;
}

/// The one place that bounds a return type, so that each thing it lacks is one compiler error.
pub fn output<R, T, E>(shape: Shape<R, T, E>) -> impl Output<R>
where
    T: Written + Promised,
    E: Failure,
{
    shape
}

impl<R, T: Written + Promised, E: Failure> Output<R> for Shape<R, T, E> {
    fn schema(&self) -> SchemaFn {
        T::SCHEMA
    }

    fn reply(&self, returned: R) -> Result<Reply, ToolError> {
        (self.0)(returned).map_err(E::into_tool_error)?.reply()
    }
}

/// A value that can be sent to an agent.
#[diagnostic::on_unimplemented(
    message = "the agent cannot be sent `{Self}`: it has no `serde::Serialize`",
    label = "needs `serde::Serialize`",
    note = "derive it where the type is defined: `#[derive(serde::Serialize)]`"
)]
pub trait Written {
    /// # Errors
    ///
    /// Where the value cannot be JSON.
    fn reply(&self) -> Result<Reply, ToolError>;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> Written for T {
    fn reply(&self) -> Result<Reply, ToolError> {
        Reply::json(self)
    }
}

/// The type of a value on success, as agents are told about it.
#[diagnostic::on_unimplemented(
    message = "agents cannot be told what `{Self}` is: it has no JSON Schema",
    label = "needs `schemars::JsonSchema`",
    note = "derive it where the type is defined: `#[derive(schemars::JsonSchema)]`"
)]
pub trait Promised {
    const SCHEMA: SchemaFn;
}

#[diagnostic::do_not_recommend]
impl<T: JsonSchema> Promised for T {
    const SCHEMA: SchemaFn = |generator| generator.subschema_for::<T>();
}

/// An error that a tool may return.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the error of a tool",
    label = "not an error of a tool",
    note = "return `ToolError`, a type with `std::error::Error + Send + Sync + 'static`, or one of your own with `impl From<{Self}> for ToolError`",
    note = "any other becomes one: `.map_err(ToolError::new)` tells the agent a text, `.map_err(ToolError::internal)` tells an `anyhow::Error` or a boxed error to the log alone"
)]
pub trait Failure {
    fn into_tool_error(self) -> ToolError;
}

#[diagnostic::do_not_recommend]
impl<E: Into<ToolError>> Failure for E {
    fn into_tool_error(self) -> ToolError {
        self.into()
    }
}
