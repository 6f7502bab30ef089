//! Coerces a valid value to the form that its Rust type deserializes.

use serde_json::{Map, Value};

use crate::schema::read::check::{integer_value, matching_variant};
use crate::schema::tree::json_type::JsonType;
use crate::schema::tree::node::{ArraySchema, NodeKind, ObjectSchema, SchemaNode, SchemaTree};

/// Replaces `5.0` by `5` for integers, and removes `null` that stands for an absent value.
pub(crate) fn coerce(tree: &SchemaTree, node: &SchemaNode, value: Value) -> Value {
    let node = tree.resolve(node);
    match (&node.kind, value) {
        (NodeKind::Number(numeric), value) if numeric.integer => integer(value),
        (NodeKind::Enum(_), value) if node.json_type() == Some(JsonType::Integer) => integer(value),
        (NodeKind::Array(array), Value::Array(items)) => Value::Array(coerce_items(tree, array, items)),
        (NodeKind::Object(object), Value::Object(map)) => Value::Object(coerce_fields(tree, object, map)),
        (NodeKind::Union(nodes), value) => match matching_variant(tree, nodes, &value) {
            Some(node) => coerce(tree, node, value),
            None => value,
        },
        (_, value) => value,
    }
}

fn integer(value: Value) -> Value {
    let exact = integer_value(&value).and_then(|whole| i64::try_from(whole).ok());
    match exact {
        Some(exact) if value.is_f64() => exact.into(),
        _ => value,
    }
}

fn coerce_items(tree: &SchemaTree, array: &ArraySchema, items: Vec<Value>) -> Vec<Value> {
    let items = items.into_iter().enumerate();
    let tidied = items.map(|(index, item)| match array.item(index) {
        Some(node) => coerce(tree, node, item),
        None => item,
    });
    tidied.collect()
}

fn coerce_fields(tree: &SchemaTree, object: &ObjectSchema, map: Map<String, Value>) -> Map<String, Value> {
    let fields = map.into_iter().filter_map(|(key, value)| {
        let node = match object.field(&key) {
            Some((_, field)) if is_absent(tree, field.required, &field.node, &value) => return None,
            Some((_, field)) => Some(&field.node),
            None => object.additional(&key).node(),
        };
        let value = match node {
            Some(node) => coerce(tree, node, value),
            None => value,
        };
        Some((key, value))
    });
    fields.collect()
}

/// Whether `null` stands for an absent value: the property is optional, and `null` is not one of its values.
fn is_absent(tree: &SchemaTree, required: bool, node: &SchemaNode, value: &Value) -> bool {
    value.is_null() && !required && tree.null_is_absence && !allows_null_value(tree, node)
}

/// Whether `null` is a valid value.
pub(crate) fn allows_null_value(tree: &SchemaTree, node: &SchemaNode) -> bool {
    match &tree.resolve(node).kind {
        NodeKind::Any | NodeKind::Null => true,
        NodeKind::Union(nodes) => nodes.iter().any(|node| allows_null_value(tree, node)),
        _ => false,
    }
}
