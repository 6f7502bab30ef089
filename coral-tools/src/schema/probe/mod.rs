//! Compares a type with its schema: deserializes sample values of the schema when a tool is built.
//!
//! Some faults are not visible in a schema. A map has the same schema whether or not serde can read its keys. The fields of
//! a flattened `Option` are optional one by one, although serde ignores all of them if a required one is missing. An
//! attribute that only serde or only schemars reads changes one of both.

pub(super) mod formats;
mod sample;

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Value, json};

use crate::schema::build::problem::SchemaProblem;
use crate::schema::probe::sample::{NUMBER_KEY, TEXT_KEY, key, object_sample, sample};
use crate::schema::read::read_unchecked;
use crate::schema::read::value::{ErrorLog, TryDeserializeFn};
use crate::schema::tree::json_type::JsonType;
use crate::schema::tree::location::Location;
use crate::schema::tree::node::{
    AdditionalProperties, ArrayItems, ArraySchema, NodeKind, ObjectSchema, PropertySchema, SchemaNode, SchemaTree,
};

const UNREAD: &str = "the schema has this field, but serde does not read it; remove the attribute of schemars that renames it, \
                      or use the same name in `#[serde(rename = \"…\")]`";
const OTHER_TYPE: &str =
    "serde reads another JSON type than the schema has; describe it with `#[schemars(with = \"…\")]`";
const REQUIRED: &str = "the field is optional in the schema, but serde requires it; add `#[serde(default)]`";

fn needed_message(other: &str) -> String {
    format!(
        "serde drops this field if `{other}` is missing, because both are fields of a flattened `Option`; make them an \
         `Option` each, or do not flatten the struct"
    )
}

/// The differences between a type and its schema.
#[derive(Debug)]
pub(crate) struct ProbeResult {
    /// The parts of the schema that the type does not deserialize.
    pub(crate) problems: Vec<SchemaProblem>,
    /// The addresses of the nodes with a declared format whose type accepts any string.
    pub(crate) strings: Vec<usize>,
}

/// Compares the type that `try_deserialize` deserializes with its schema.
pub(crate) fn probe(tree: &SchemaTree, try_deserialize: TryDeserializeFn) -> ProbeResult {
    let mut prober = Prober {
        tree,
        try_deserialize,
        visited: vec![false; tree.defs.len()],
        problems: Vec::new(),
        strings: Vec::new(),
    };
    prober.node(&prober.tree.root, &Location::default(), &|value| value);
    let Prober { problems, strings, .. } = prober;
    ProbeResult { problems, strings }
}

/// The result of deserializing a sample.
struct Attempt {
    /// The location of the value that the type rejects.
    failure: Option<Location>,
    /// The errors on the way, also those that serde ignored.
    log: ErrorLog,
}

impl Attempt {
    fn is_read(&self) -> bool {
        self.failure.is_none()
    }
}

/// Puts a value of one location into a sample of all arguments.
type Around<'a> = &'a dyn Fn(Value) -> Value;

/// Visits every location of the schema.
struct Prober<'t> {
    tree: &'t SchemaTree,
    try_deserialize: TryDeserializeFn,
    /// Which of the recursive types have been visited.
    visited: Vec<bool>,
    problems: Vec<SchemaProblem>,
    /// The addresses of the nodes with a declared format whose type accepts any string.
    strings: Vec<usize>,
}

impl<'t> Prober<'t> {
    /// Deserializes a sample. `None` after a panic of the type's own code, which would also occur in a call.
    fn attempt(&self, arguments: &Value) -> Option<Attempt> {
        let read = AssertUnwindSafe(|| read_unchecked(self.tree, arguments, self.try_deserialize));
        let (result, log) = ErrorLog::record(|| catch_unwind(read));
        result.ok().map(|read| Attempt { failure: read.err(), log })
    }

    fn node(&mut self, node: &'t SchemaNode, location: &Location, around: Around<'_>) {
        match &node.kind {
            NodeKind::Object(object) => self.object(object, location, around),
            NodeKind::Array(array) => self.array(array, &location.any_item(), around),
            NodeKind::Union(nodes) => nodes.iter().for_each(|node| self.node(node, location, around)),
            NodeKind::Reference(index) if !std::mem::replace(&mut self.visited[*index], true) => {
                self.node(self.tree.resolve(node), location, around);
            }
            NodeKind::String(schema) if schema.declared.is_some_and(|it| self.is_string(it, location, around)) => {
                self.strings.push(std::ptr::from_ref(node).addr());
            }
            _ => {}
        }
    }

    fn array(&mut self, array: &'t ArraySchema, location: &Location, around: Around<'_>) {
        match &array.items {
            ArrayItems::Each(node) => {
                let count = array.min_items.unwrap_or(1).clamp(1, 32) as usize;
                self.node(node, location, &|value| around(Value::Array(vec![value; count])));
            }
            ArrayItems::Tuple(nodes) => {
                for (index, node) in nodes.iter().enumerate() {
                    self.node(node, location, &|value| around(tuple(self.tree, nodes, index, value)));
                }
            }
        }
    }

    fn object(&mut self, object: &'t ObjectSchema, location: &Location, around: Around<'_>) {
        self.fields(object, location, around);
        let tree = self.tree;
        let with = |name: &str, value| around(object_sample(tree, object, [(name, value)]));
        for field in &object.fields {
            self.node(&field.node, &location.key(&field.name), &|value| with(&field.name, value));
        }
        if let AdditionalProperties::Schema { node, keys } = &object.additional {
            let key = key(keys);
            self.keys(&with(key, sample(tree, node)), &location.any_key());
            self.node(node, &location.any_key(), &|value| with(key, value));
        }
    }

    /// Reports a map whose keys are not read from strings.
    fn keys(&mut self, arguments: &Value, location: &Location) {
        let is_sample_key = |text: &String| [TEXT_KEY, NUMBER_KEY].contains(&text.as_str());
        let attempt = self.attempt(arguments).filter(|attempt| !attempt.is_read());
        if attempt.is_some_and(|attempt| attempt.log.unexpected_strings.iter().any(is_sample_key)) {
            let message = "serde cannot read the keys of this map from JSON, whose keys are strings; use strings, or put \
                           key and value in a struct and use a `Vec`. Integers are keys only outside of tagged, untagged \
                           and flattened types";
            self.problems.push(SchemaProblem::new(location, message));
        }
    }

    /// Reports fields that serde does not read, or requires although they are optional.
    fn fields(&mut self, object: &'t ObjectSchema, location: &Location, around: Around<'_>) {
        let mut problems = Vec::new();
        for field in &object.fields {
            let Some(attempt) = self.try_fields(object, &[field], around) else { continue };
            let (is_read, alone) = (attempt.is_read(), attempt.log);
            let problem = if alone.unread.contains(&field.name) {
                Some(UNREAD.to_owned())
            } else if !is_read && alone.has_wrong_type && self.reads_other_type(object, field, around) {
                Some(OTHER_TYPE.to_owned())
            } else if field.required {
                None
            } else {
                self.needed_field(object, field, &alone, around).map(needed_message)
            };
            problems.extend(problem.map(|message| SchemaProblem::new(&location.key(&field.name), message)));
        }
        let optional = object.fields.iter().filter(|field| !field.required);
        let required = optional.filter(|field| self.is_required_by_type(object, field, around));
        problems.extend(required.map(|field| SchemaProblem::new(&location.key(&field.name), REQUIRED)));
        self.problems.extend(problems);
    }

    /// Deserializes arguments in which the object has these fields and the required ones.
    fn try_fields(&self, object: &ObjectSchema, fields: &[&PropertySchema], around: Around<'_>) -> Option<Attempt> {
        let fields = fields.iter().map(|field| (field.name.as_str(), sample(self.tree, &field.node)));
        self.attempt(&around(object_sample(self.tree, object, fields)))
    }

    fn is_required_by_type(&self, object: &ObjectSchema, field: &PropertySchema, around: Around<'_>) -> bool {
        let is_missing = |fields: &[&PropertySchema]| match self.try_fields(object, fields, around) {
            Some(attempt) => !attempt.is_read() && attempt.log.missing.contains(&field.name),
            None => false,
        };
        is_missing(&[]) && !is_missing(&[field])
    }

    /// Returns another optional field without which serde drops this one.
    fn needed_field(
        &self,
        object: &'t ObjectSchema,
        field: &PropertySchema,
        alone: &ErrorLog,
        around: Around<'_>,
    ) -> Option<&'t str> {
        let mut others = object.fields.iter().filter(|other| !other.required && alone.missing.contains(&other.name));
        let needed = others.find(|other| match self.try_fields(object, &[field, other], around) {
            Some(both) => !both.log.missing.contains(&other.name),
            None => false,
        })?;
        self.ignores_wrong_types(object, field, around).then_some(needed.name.as_str())
    }

    /// Whether serde reads the arguments if this field has this value.
    fn reads(&self, object: &ObjectSchema, field: &PropertySchema, value: Value, around: Around<'_>) -> bool {
        let arguments = around(object_sample(self.tree, object, [(field.name.as_str(), value)]));
        self.attempt(&arguments).is_some_and(|attempt| attempt.is_read())
    }

    /// Whether serde ignores values of any wrong type in this field, as it does in a flattened `Option`.
    fn ignores_wrong_types(&self, object: &ObjectSchema, field: &PropertySchema, around: Around<'_>) -> bool {
        let is_any = matches!(self.tree.resolve(&field.node).kind, NodeKind::Any);
        let mut values = [json!(true), json!("a"), json!([[]])].into_iter();
        !is_any && values.all(|value| self.reads(object, field, value, around))
    }

    /// Whether serde reads a value of some type that the schema does not have, after it rejected one of the right type.
    fn reads_other_type(&self, object: &ObjectSchema, field: &PropertySchema, around: Around<'_>) -> bool {
        // A sample of a union is a value of one of its types only.
        if self.tree.resolve(&field.node).json_type().is_none() {
            return false;
        }
        let allowed = sample(self.tree, &field.node);
        let mut others = [json!("1"), json!(1), json!(true), json!([]), json!({})].into_iter();
        others.any(|value| {
            JsonType::from_value(&value) != JsonType::from_value(&allowed) && self.reads(object, field, value, around)
        })
    }
}

/// Returns a sample of a tuple with this value at `index`.
fn tuple(tree: &SchemaTree, nodes: &[SchemaNode], index: usize, value: Value) -> Value {
    let mut items: Vec<_> = nodes.iter().map(|node| sample(tree, node)).collect();
    items[index] = value;
    Value::Array(items)
}
