//! Whether a node allows a boolean, a number, a string or `null`.

use crate::schema::read::budget::Budget;
use crate::schema::read::parsed::ParsedValue;
use crate::schema::tree::constraint::Bound;
use crate::schema::tree::json_type::JsonType;
use crate::schema::tree::node::{EnumSchema, NodeKind, SchemaNode, SchemaTree};
use crate::schema::tree::number::NumberSchema;
use crate::schema::tree::string::StringSchema;

/// Whether a node allows a value that is neither an array nor an object.
pub(crate) fn matches(tree: &SchemaTree, budget: &Budget, node: &SchemaNode, value: &ParsedValue<'_>) -> bool {
    match value {
        ParsedValue::Null => tree.allows_null(node),
        ParsedValue::Bool(value) => allows_bool(tree, node, *value),
        ParsedValue::Number(number) => admit_number(tree, node, number.bound()).is_some(),
        ParsedValue::String(text) => allows_str(tree, budget, node, text),
        ParsedValue::Array(_) | ParsedValue::Object(_) => false,
    }
}

/// Whether a node, which is not a union, has values of the type of this value.
pub(crate) fn has_type(node: &SchemaNode, value: &ParsedValue<'_>) -> bool {
    match &node.kind {
        NodeKind::Enum(enum_schema) => {
            enum_schema.values.first().is_some_and(|own| JsonType::from_value(own) == value.json_type())
        }
        NodeKind::Number(_) => matches!(value, ParsedValue::Number(_)),
        _ => node.json_type() == Some(value.json_type()),
    }
}

/// Whether a string is allowed, and the budget suffices to find out.
#[inline]
pub(crate) fn string_allows(schema: &StringSchema, budget: &Budget, text: &str) -> bool {
    let steps = schema.steps(text);
    (steps == 0 || budget.take(steps)) && schema.allows(text)
}

pub(crate) fn allows_bool(tree: &SchemaTree, node: &SchemaNode, value: bool) -> bool {
    match &tree.resolve(node).kind {
        NodeKind::Any | NodeKind::Boolean => true,
        NodeKind::Enum(enum_schema) => enum_schema.values.contains(&value.into()),
        NodeKind::Union(nodes) => nodes.iter().any(|node| allows_bool(tree, node, value)),
        _ => false,
    }
}

pub(crate) fn allows_str(tree: &SchemaTree, budget: &Budget, node: &SchemaNode, text: &str) -> bool {
    match &tree.resolve(node).kind {
        NodeKind::Any => true,
        NodeKind::String(schema) => string_allows(schema, budget, text),
        NodeKind::Enum(enum_schema) => enum_schema.allows_str(text),
        NodeKind::Union(nodes) => nodes.iter().any(|node| allows_str(tree, budget, node, text)),
        _ => false,
    }
}

/// Returns the number as the type of the node reads it, if the node allows it: `5` for `5.0`, if it is an integer.
pub(crate) fn admit_number(tree: &SchemaTree, node: &SchemaNode, number: Bound) -> Option<Bound> {
    match &tree.resolve(node).kind {
        NodeKind::Any => Some(number),
        NodeKind::Number(numeric) => admit(numeric, number),
        NodeKind::Enum(enum_schema) => admit_listed(enum_schema, number),
        NodeKind::Union(nodes) => nodes.iter().find_map(|node| admit_number(tree, node, number)),
        _ => None,
    }
}

fn admit(numeric: &NumberSchema, number: Bound) -> Option<Bound> {
    if numeric.direct.contains(number) {
        return Some(number);
    }
    let number = match number.as_integer() {
        Some(whole) if numeric.integer => Bound::Int(whole),
        None if numeric.integer => return None,
        _ => number,
    };
    numeric.allows(number).then_some(number)
}

fn admit_listed(enum_schema: &EnumSchema, number: Bound) -> Option<Bound> {
    let mut listed = enum_schema.values.iter().filter_map(Bound::from_json);
    let is_listed = listed.any(|value| value.compare(number).is_some_and(std::cmp::Ordering::is_eq));
    is_listed.then(|| number.as_integer().map_or(number, Bound::Int))
}
