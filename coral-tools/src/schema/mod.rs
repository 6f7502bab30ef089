//! Conversion of Rust types to JSON Schema, and of JSON arguments to Rust types.
//!
//! The schema of a type comes from [schemars] and is normalized to one tree. Both the JSON Schema that agents receive and
//! the checks of every call are derived from that tree, so that the schema and the checks agree.
//!
//! [schemars]: https://docs.rs/schemars
#![doc = include_str!("../../docs/schemas.md")]

mod build;
mod probe;
mod read;
mod show;
#[cfg(test)]
mod tests;
mod tree;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use self::probe::ProbeResult;
use self::probe::formats::enforce_formats;
pub(crate) use build::KEEPS_NULL;
pub use build::problem::SchemaProblem;
pub use read::problem::Problem;
pub(crate) use read::value::{TryDeserializeFn, try_deserialize};
pub use tree::constraint::{Bound, Constraint};

/// A function that generates the schema of a type: `T::json_schema`.
pub type SchemaFn = fn(&mut schemars::SchemaGenerator) -> schemars::Schema;

/// One argument of a tool.
#[derive(Debug, Clone)]
pub(crate) struct Property<'a> {
    /// The name of the argument in JSON.
    pub(crate) name: &'a str,
    /// The description of the argument. If empty, the documentation of the type is used.
    pub(crate) description: &'a str,
    pub(crate) constraints: &'a [Constraint],
    pub(crate) schema: SchemaFn,
    /// Whether the argument may be absent.
    pub(crate) optional: bool,
    /// Whether `null` is a value of the argument if it is optional.
    pub(crate) keeps_null: bool,
    /// Whether the argument has a default, which is shown only if it serializes to JSON.
    pub(crate) has_default: bool,
    pub(crate) default: Option<Value>,
    pub(crate) example: Option<Value>,
    /// Whether the fields of the type are arguments, and not the value itself.
    pub(crate) flatten: bool,
}

impl Property<'_> {
    /// Whether the value of an absent argument is not the one that the type reads from `null`.
    fn has_other_default(&self) -> bool {
        self.has_default && self.default != Some(Value::Null)
    }
}

/// The schema of a tool's arguments.
#[derive(Debug, Clone)]
pub(crate) struct InputSchema {
    tree: tree::node::SchemaTree,
    json: Map<String, Value>,
}

impl InputSchema {
    /// Creates the schema of a tool whose arguments are separate parameters.
    pub(crate) fn from_properties(properties: &[Property<'_>]) -> Result<Self, Vec<SchemaProblem>> {
        build::from_properties(properties).map(Self::new)
    }

    /// Creates the schema of a tool whose arguments are the fields of one struct.
    pub(crate) fn from_type(schema: SchemaFn) -> Result<Self, Vec<SchemaProblem>> {
        build::input_tree(schema).map(Self::new)
    }

    /// Creates the schema of a tool whose arguments are described by a JSON Schema.
    pub(crate) fn from_document(document: &Value) -> Result<Self, Vec<SchemaProblem>> {
        build::input_tree_of_document(document).map(Self::new)
    }

    fn new(tree: tree::node::SchemaTree) -> Self {
        let json = show::render::render_root(&tree);
        Self { tree, json }
    }

    /// Returns the JSON Schema: `type`, `properties`, `required`, and `$defs` if there are recursive types.
    pub(crate) fn json(&self) -> &Map<String, Value> {
        &self.json
    }

    /// Returns what some model providers reject.
    pub(crate) fn warnings(&self) -> Vec<SchemaProblem> {
        build::warnings::warnings(&self.tree)
    }

    /// Enforces the formats that types of strings declare, and returns the parts of the schema that the type of the arguments
    /// does not deserialize. `try_deserialize` is [`try_deserialize`] for that type.
    pub(crate) fn adjust(&mut self, try_deserialize: TryDeserializeFn) -> Vec<SchemaProblem> {
        let ProbeResult { problems, strings } = probe::probe(&self.tree, try_deserialize);
        enforce_formats(&mut self.tree, &strings);
        problems
    }

    /// Deserializes the arguments of a call, or returns every problem.
    pub(crate) fn read<T: DeserializeOwned>(&self, body: &[u8]) -> Result<T, Vec<Problem>> {
        read::read(&self.tree, body)
    }

    /// Like [`Self::read`], without a type. Absent properties with a default have that default.
    pub(crate) fn read_object(&self, body: &[u8]) -> Result<Map<String, Value>, Vec<Problem>> {
        let mut arguments = Value::Object(self.read(body)?);
        read::defaults::add_defaults(&self.tree, &self.tree.root, &mut arguments);
        Ok(match arguments {
            Value::Object(arguments) => arguments,
            _ => Map::new(),
        })
    }
}

/// The schema of a tool's result.
#[derive(Debug, Clone)]
pub(crate) struct OutputSchema {
    tree: tree::node::SchemaTree,
    json: Map<String, Value>,
    wraps: bool,
}

impl OutputSchema {
    /// Creates the schema of a tool's result type.
    pub(crate) fn from_type(schema: SchemaFn) -> Result<Self, Vec<SchemaProblem>> {
        build::output_tree(schema).map(Self::new)
    }

    /// Creates the schema of a result that is described by a JSON Schema.
    pub(crate) fn from_document(document: &Value) -> Result<Self, Vec<SchemaProblem>> {
        build::output_tree_of_document(document).map(Self::new)
    }

    fn new((tree, wraps): (tree::node::SchemaTree, bool)) -> Self {
        let json = show::render::render_root(&tree);
        Self { tree, json, wraps }
    }

    /// Returns the JSON Schema of the result as it is sent.
    pub(crate) fn json(&self) -> &Map<String, Value> {
        &self.json
    }

    /// Whether the result is sent as `{"result": value}`, because the value is not an object with fixed fields.
    pub(crate) fn wraps(&self) -> bool {
        self.wraps
    }

    /// Returns the problems of a result in the form in which it is sent.
    pub(crate) fn check(&self, value: &Value) -> Vec<Problem> {
        read::check::check(&self.tree, &self.tree.root, value)
    }
}
