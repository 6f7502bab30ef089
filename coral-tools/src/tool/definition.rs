//! What the author of a tool says about it.

use std::borrow::Cow;
use std::time::Duration;

use schemars::{JsonSchema, SchemaGenerator};

use super::descriptor::Hints;
use super::parameter::Parameter;
use crate::schema::SchemaFn;

/// Everything that agents are told about a tool, and its deadline.
///
/// See [`Tool`](crate::Tool) for a tool written by hand.
#[derive(Debug, Clone)]
pub struct Definition {
    pub(super) description: Cow<'static, str>,
    pub(super) title: Option<Cow<'static, str>>,
    pub(super) input: Input,
    pub(super) output: SchemaFn,
    pub(super) hints: Hints,
    pub(super) timeout: Option<Duration>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Input {
    /// The parameters of a function.
    Parameters(&'static [Parameter]),
    /// One struct, as the whole input.
    Whole(SchemaFn),
}

impl Definition {
    /// A tool that does what `description` says, takes no arguments and returns nothing: a value that it replies with all
    /// the same is an error, unless [`Definition::returns`] declares it.
    ///
    /// The description is what a model reads to decide whether to call the tool. Markdown is kept.
    pub fn new(description: impl Into<Cow<'static, str>>) -> Self {
        Self {
            description: description.into(),
            title: None,
            input: Input::Parameters(&[]),
            output: SchemaGenerator::subschema_for::<()>,
            hints: Hints::default(),
            timeout: None,
        }
    }

    /// The arguments are the fields of `T`.
    #[must_use]
    pub fn takes<T: JsonSchema>(mut self) -> Self {
        self.input = Input::Whole(SchemaGenerator::subschema_for::<T>);
        self
    }

    /// The value on success is a `T`. One that is not an object travels as `{"result": value}`.
    #[must_use]
    pub fn returns<T: JsonSchema>(mut self) -> Self {
        self.output = SchemaGenerator::subschema_for::<T>;
        self
    }

    /// A name for people to read.
    #[must_use]
    pub fn title(mut self, title: impl Into<Cow<'static, str>>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// MCP's `readOnlyHint`: the tool changes nothing.
    #[must_use]
    pub fn read_only(mut self, yes: bool) -> Self {
        self.hints.read_only = Some(yes);
        self
    }

    /// MCP's `destructiveHint`: the tool may delete or overwrite.
    #[must_use]
    pub fn destructive(mut self, yes: bool) -> Self {
        self.hints.destructive = Some(yes);
        self
    }

    /// MCP's `idempotentHint`: the same call again changes nothing more.
    #[must_use]
    pub fn idempotent(mut self, yes: bool) -> Self {
        self.hints.idempotent = Some(yes);
        self
    }

    /// MCP's `openWorldHint`: the tool deals with the world outside the application.
    #[must_use]
    pub fn open_world(mut self, yes: bool) -> Self {
        self.hints.open_world = Some(yes);
        self
    }

    /// How long a call may take, instead of what the edge allows.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub fn parameters(mut self, table: &'static [Parameter]) -> Self {
        self.input = Input::Parameters(table);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub fn output(mut self, schema: SchemaFn) -> Self {
        self.output = schema;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub fn input(mut self, schema: SchemaFn) -> Self {
        self.input = Input::Whole(schema);
        self
    }
}
