//! One argument of a tool written as a function.

use schemars::JsonSchema;
use serde_json::Value;

use crate::schema::{Constraint, Property, SchemaFn};

/// The type of a parameter, as agents are told about it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "agents cannot be told what `{Self}` is: it has no JSON Schema",
    label = "needs `schemars::JsonSchema`",
    note = "if the application gives this value and not the agent, mark the parameter `#[context]`",
    note = "else derive it where the type is defined: `#[derive(schemars::JsonSchema)]`"
)]
pub trait Described {
    const SCHEMA: SchemaFn;
}

#[diagnostic::do_not_recommend]
impl<T: JsonSchema> Described for T {
    const SCHEMA: SchemaFn = |generator| generator.subschema_for::<T>();
}

/// One argument, as the macro writes it down.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    name: &'static str,
    description: &'static str,
    limits: &'static [Constraint],
    schema: SchemaFn,
    optional: fn() -> bool,
    default: Option<fn() -> Option<Value>>,
    example: Option<fn() -> Option<Value>>,
}

impl Parameter {
    #[must_use]
    pub const fn new(name: &'static str, description: &'static str, schema: SchemaFn, optional: fn() -> bool) -> Self {
        Self { name, description, limits: &[], schema, optional, default: None, example: None }
    }

    #[must_use]
    pub const fn limits(mut self, limits: &'static [Constraint]) -> Self {
        self.limits = limits;
        self
    }

    /// The argument may be left out; `value` tells agents what then holds, where that can be said in JSON.
    #[must_use]
    pub const fn default(mut self, value: fn() -> Option<Value>) -> Self {
        self.optional = || true;
        self.default = Some(value);
        self
    }

    #[must_use]
    pub const fn example(mut self, value: fn() -> Option<Value>) -> Self {
        self.example = Some(value);
        self
    }

    pub(super) fn property(&self) -> Property<'static> {
        Property {
            name: self.name,
            description: self.description,
            limits: self.limits,
            schema: self.schema,
            optional: (self.optional)(),
            default: self.default.and_then(|value| value()),
            example: self.example.and_then(|value| value()),
        }
    }
}
