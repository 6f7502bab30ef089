//! The return type of a function: a `Result` whose error implements `IntoToolError`, any other `Result`, or any other type.
//! The type itself distinguishes them, so that aliases work.

use std::convert::Infallible;
use std::marker::PhantomData;

use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{IntoToolError, ToolError};
use crate::tool::deferred::Deferred;
use crate::tool::definition::{OutputSource, OutputType};
use crate::tool::output::Reply;

/// A return type. `to_result` is inherent for a `Result` whose error implements [`IntoToolError`]; for other types it is that
/// of [`ReturnTypeFallback`].
#[derive(Debug)]
pub struct ReturnType<R>(PhantomData<fn() -> R>);

impl<R> ReturnType<R> {
    pub const TYPE: Self = Self(PhantomData);
}

impl<T, E: IntoToolError> ReturnType<Result<T, E>> {
    #[must_use]
    pub fn to_result(self) -> ToResult<Result<T, E>, T, ToolError> {
        ToResult(|returned| returned.map_err(E::into_tool_error))
    }
}

/// The compiler tries the implementation for `ReturnType<Result<T, E>>` before the one for a reference.
pub trait ReturnTypeFallback<R, T, E> {
    fn to_result(self) -> ToResult<R, T, E>;
}

impl<T, E> ReturnTypeFallback<Result<T, E>, T, E> for ReturnType<Result<T, E>> {
    fn to_result(self) -> ToResult<Result<T, E>, T, E> {
        ToResult(|returned| returned)
    }
}

impl<R> ReturnTypeFallback<R, R, Infallible> for &ReturnType<R> {
    fn to_result(self) -> ToResult<R, R, Infallible> {
        ToResult(Ok)
    }
}

/// Converts a returned value to a `Result`.
#[derive(Debug)]
pub struct ToResult<R, T, E>(fn(R) -> Result<T, E>);

/// A return type whose values can be described and sent to agents.
pub trait ReplyConversion<R> {
    fn schema(&self) -> OutputSource;

    /// # Errors
    ///
    /// Returns the error of the tool, or an error if the value does not serialize to JSON.
    fn reply(&self, returned: R) -> Result<Reply, ToolError>;
}

/// The only function with bounds on a return type, so that each missing trait is one compile error.
pub fn output<R, T, E>(conversion: ToResult<R, T, E>) -> impl ReplyConversion<R>
where
    T: SerializeOutput + DescribeOutput,
    E: ConvertError,
{
    conversion
}

impl<R, T: SerializeOutput + DescribeOutput, E: ConvertError> ReplyConversion<R> for ToResult<R, T, E> {
    fn schema(&self) -> OutputSource {
        OutputSource { output: T::TYPE, is_deferred: T::IS_DEFERRED }
    }

    fn reply(&self, returned: R) -> Result<Reply, ToolError> {
        (self.0)(returned).map_err(E::convert)?.reply()
    }
}

/// A value that can be sent to an agent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement `serde::Serialize`, so a tool cannot return it",
    label = "needs `serde::Serialize`",
    note = "if the type is your own, derive it: `#[derive(serde::Serialize)]`",
    note = "if it is, or contains, a type of another crate, enable the feature `serde` of that crate in Cargo.toml"
)]
pub trait SerializeOutput {
    /// # Errors
    ///
    /// Returns an error if the value does not serialize to JSON.
    fn reply(self) -> Result<Reply, ToolError>;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> SerializeOutput for T {
    fn reply(self) -> Result<Reply, ToolError> {
        Reply::json(&self)
    }
}

#[diagnostic::do_not_recommend]
impl<T> SerializeOutput for Deferred<T> {
    fn reply(self) -> Result<Reply, ToolError> {
        Ok(Reply::deferred(self))
    }
}

/// The type of a value on success, with its schema.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement `schemars::JsonSchema`, so a tool cannot return it",
    label = "needs `schemars::JsonSchema`",
    note = "if the type is your own, derive it: `#[derive(schemars::JsonSchema)]`",
    note = "if it is, or contains, a type of another crate, enable a feature of schemars in Cargo.toml: `chrono04` for `DateTime` and `NaiveDate`, `uuid1` for `Uuid`, `url2` for `Url`, `jiff02`, `rust_decimal1`, …"
)]
pub trait DescribeOutput {
    const TYPE: OutputType;
    const IS_DEFERRED: bool = false;
}

#[diagnostic::do_not_recommend]
impl<T: JsonSchema> DescribeOutput for T {
    const TYPE: OutputType = OutputType::of::<T>();
}

#[diagnostic::do_not_recommend]
impl<T: JsonSchema> DescribeOutput for Deferred<T> {
    const TYPE: OutputType = OutputType::of::<T>();
    const IS_DEFERRED: bool = true;
}

/// An error that a tool may return.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the error type of a tool",
    label = "not an error type of a tool",
    note = "for an error type of your own: `#[derive(Debug, thiserror::Error, coral_tools::IntoToolError)]`",
    note = "for a string: return `ToolError`, and write `.map_err(ToolError::new)?`; the agent reads it",
    note = "for `anyhow::Error` or `Box<dyn Error + Send + Sync>`: return `ToolError`, and write \
            `.map_err(ToolError::internal)?`; it is only logged",
    note = "for `Box<dyn Error>`: return `ToolError`, and write \
            `.map_err(|error| ToolError::internal(error.to_string()))?`"
)]
pub trait ConvertError {
    fn convert(self) -> ToolError;
}

#[diagnostic::do_not_recommend]
impl<E: Into<ToolError>> ConvertError for E {
    fn convert(self) -> ToolError {
        self.into()
    }
}
