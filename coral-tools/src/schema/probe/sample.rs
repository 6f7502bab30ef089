//! Sample values of a schema.

use serde_json::{Map, Value, json};

use crate::schema::show::rules::format_example;
use crate::schema::tree::constraint::Bound;
use crate::schema::tree::node::{ArrayItems, ArraySchema, NodeKind, ObjectSchema, SchemaNode, SchemaTree};
use crate::schema::tree::number::NumberSchema;
use crate::schema::tree::string::{Pattern, StringSchema};

/// The key of samples of maps. It is in no other sample.
pub(super) const TEXT_KEY: &str = "a sample key";
/// The same for maps whose keys have a pattern, which is usually that of integers.
pub(super) const NUMBER_KEY: &str = "7";

/// Values nested deeper are `null`, so that recursive types have samples.
const MAX_DEPTH: usize = 12;

/// Returns the key of samples of a map.
pub(super) fn key(patterns: &[Pattern]) -> &'static str {
    if patterns.is_empty() { TEXT_KEY } else { NUMBER_KEY }
}

/// Returns a value of the type of a node. It has every required field, but may violate constraints.
pub(super) fn sample(tree: &SchemaTree, node: &SchemaNode) -> Value {
    sample_within(tree, node, MAX_DEPTH)
}

/// Returns an object with these fields, in their order, followed by the other required ones.
pub(super) fn object_sample<'a>(
    tree: &SchemaTree,
    object: &ObjectSchema,
    fields: impl IntoIterator<Item = (&'a str, Value)>,
) -> Value {
    let mut map: Map<_, _> = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    add_required(tree, object, &mut map, MAX_DEPTH);
    Value::Object(map)
}

fn add_required(tree: &SchemaTree, object: &ObjectSchema, map: &mut Map<String, Value>, depth: usize) {
    for field in object.fields.iter().filter(|field| field.required) {
        if !map.contains_key(&field.name) {
            map.insert(field.name.clone(), sample_within(tree, &field.node, depth));
        }
    }
}

fn sample_within(tree: &SchemaTree, node: &SchemaNode, depth: usize) -> Value {
    let Some(depth) = depth.checked_sub(1) else {
        return Value::Null;
    };
    match &tree.resolve(node).kind {
        NodeKind::Any | NodeKind::Null | NodeKind::Reference(_) => Value::Null,
        NodeKind::Boolean => json!(false),
        NodeKind::Number(numeric) => number(numeric),
        NodeKind::String(text) => string(text),
        NodeKind::Enum(enum_schema) => enum_schema.values.first().cloned().unwrap_or_default(),
        NodeKind::Array(array) => items(tree, array, depth),
        NodeKind::Object(object) => {
            let mut map = Map::new();
            add_required(tree, object, &mut map, depth);
            Value::Object(map)
        }
        NodeKind::Union(nodes) => nodes.first().map_or(Value::Null, |node| sample_within(tree, node, depth)),
    }
}

fn number(numeric: &NumberSchema) -> Value {
    let candidates = [Some(Bound::Int(1)), numeric.least(), numeric.greatest()];
    let allowed = candidates.into_iter().flatten().find(|number| numeric.allows(*number));
    allowed.and_then(Bound::to_json).unwrap_or_else(|| json!(1))
}

fn string(text: &StringSchema) -> Value {
    let example = text.format.as_deref().and_then(format_example);
    json!(example.unwrap_or("a"))
}

fn items(tree: &SchemaTree, array: &ArraySchema, depth: usize) -> Value {
    let count = array.min_items.unwrap_or(0).min(32);
    match &array.items {
        ArrayItems::Each(node) => (0..count).map(|_| sample_within(tree, node, depth)).collect(),
        ArrayItems::Tuple(nodes) => nodes.iter().map(|node| sample_within(tree, node, depth)).collect(),
    }
}
