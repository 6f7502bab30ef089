//! From Rust types to schemas that every agent can read, and from JSON back to those types.
//!
//! A type's schema comes from [schemars]. It is normalized into one tree, and both sides read that
//! tree: the JSON Schema that agents see, and the check that every call passes. So what the schema
//! says is what is enforced.
//!
//! [schemars]: https://docs.rs/schemars
#![doc = include_str!("../../docs/schemas.md")]

mod build;
mod read;
mod show;
#[cfg(test)]
mod tests;
mod tree;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

pub use build::problem::SchemaProblem;
pub use read::problem::Problem;
pub use tree::constraint::{Bound, Constraint};

/// The generator function of a type: `|generator| generator.subschema_for::<T>()`.
pub type SchemaFn = fn(&mut schemars::SchemaGenerator) -> schemars::Schema;

/// One argument of a tool.
#[derive(Debug, Clone)]
pub(crate) struct Property<'a> {
    /// The name that agents use.
    pub(crate) name: &'a str,
    /// What it is for; if empty, the documentation of the type is shown.
    pub(crate) description: &'a str,
    pub(crate) constraints: &'a [Constraint],
    pub(crate) schema: SchemaFn,
    /// Whether it may be left out.
    pub(crate) optional: bool,
    pub(crate) default: Option<Value>,
    pub(crate) example: Option<Value>,
}

/// What a tool takes: shown as JSON Schema, enforced on every call.
#[derive(Debug)]
pub(crate) struct InputSchema {
    tree: tree::node::SchemaTree,
    json: Map<String, Value>,
}

impl InputSchema {
    /// The input of a tool whose arguments are listed one by one.
    pub(crate) fn from_properties(properties: &[Property<'_>]) -> Result<Self, Vec<SchemaProblem>> {
        build::from_properties(properties).map(Self::new)
    }

    /// The input of a tool that takes one struct.
    pub(crate) fn from_type(schema: SchemaFn) -> Result<Self, Vec<SchemaProblem>> {
        build::input_tree(schema).map(Self::new)
    }

    fn new(tree: tree::node::SchemaTree) -> Self {
        let json = show::render::render_root(&tree);
        Self { tree, json }
    }

    /// The JSON Schema: `type`, `properties`, `required`, and `$defs` if a type contains itself.
    pub(crate) fn json(&self) -> &Map<String, Value> {
        &self.json
    }

    /// Reads the arguments of a call, or lists everything that is wrong with them.
    pub(crate) fn read<T: DeserializeOwned>(&self, body: &[u8]) -> Result<T, Vec<Problem>> {
        read::read(&self.tree, body)
    }
}

/// What a tool returns.
#[derive(Debug)]
pub(crate) struct OutputSchema {
    tree: tree::node::SchemaTree,
    json: Map<String, Value>,
    wraps: bool,
}

impl OutputSchema {
    /// The result of a tool.
    pub(crate) fn from_type(schema: SchemaFn) -> Result<Self, Vec<SchemaProblem>> {
        let (tree, wraps) = build::output_tree(schema)?;
        let json = show::render::render_root(&tree);
        Ok(Self { tree, json, wraps })
    }

    /// The JSON Schema of what travels.
    pub(crate) fn json(&self) -> &Map<String, Value> {
        &self.json
    }

    /// Whether the value travels as `{"result": value}`, because it is not a plain object itself.
    pub(crate) fn wraps(&self) -> bool {
        self.wraps
    }

    /// What is wrong with a result, in the form in which it travels.
    pub(crate) fn check(&self, value: &Value) -> Vec<Problem> {
        read::check::check(&self.tree, &self.tree.root, value)
    }
}
