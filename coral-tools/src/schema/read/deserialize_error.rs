//! Problems of values that the schema allows and the Rust type rejects, such as a date that does not exist.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Error, Path, Segment};

use crate::schema::read::lookup::{node_at, value_at};
use crate::schema::read::problem::Problem;
use crate::schema::show::describe::expected;
use crate::schema::show::rules::valid_format;
use crate::schema::tree::json_type::JsonType;
use crate::schema::tree::location::{Location, LocationStep, MAX_NAME};
use crate::schema::tree::node::{AdditionalProperties, NodeKind, SchemaNode, SchemaTree};
use crate::schema::tree::string::StringSchema;

/// The longest error message of a type that is sent to the agent, in characters.
const MAX_REASON: usize = 300;

/// The highest number of keys of a map that are tried to find the rejected one.
const MAX_TRIED: usize = 16;

/// Returns the problem of an error of `T::deserialize`.
pub(super) fn type_problem<T: DeserializeOwned>(
    tree: &SchemaTree,
    value: &Value,
    error: &Error<serde_json::Error>,
) -> Problem {
    let location = location(error.path(), value);
    let reason = error.inner().to_string();
    let problem = match rejected_key::<T>(tree, value, &location, &reason) {
        Some(location) => key_problem(value, &location, reason),
        None => value_problem(tree, value, &location, reason),
    };
    tracing::warn!(
        path = problem.path(),
        reason = problem.reason(),
        "argument matched the schema but failed to deserialize"
    );
    problem
}

fn value_problem(tree: &SchemaTree, value: &Value, location: &Location, reason: String) -> Problem {
    let value = value_at(value, location.steps()).unwrap_or(&Value::Null);
    let wanted =
        node_at(tree, &tree.root, location.steps()).map_or_else(|| "a valid value".to_owned(), expected_by_type);
    Problem::rejected_by_type(location, wanted, JsonType::from_value(value))
        .with_reason(reason_without_values(reason, value))
}

/// The location contains the key, if it is not too long. Only then may the reason repeat it.
fn key_problem(value: &Value, location: &Location, reason: String) -> Problem {
    let is_shown = matches!(location.steps().last(), Some(LocationStep::Key(key)) if key.chars().count() <= MAX_NAME);
    let reason = reason_without_values(reason, &Value::Null).filter(|_| is_shown);
    let found = value_at(value, location.steps()).map(JsonType::from_value);
    Problem::key_rejected_by_type(location, found).with_reason(reason)
}

/// Returns the location of the rejected key, if the error is about a key. The error has the location of the key or, for
/// types that buffer their keys, of the map.
fn rejected_key<T: DeserializeOwned>(
    tree: &SchemaTree,
    value: &Value,
    location: &Location,
    reason: &str,
) -> Option<Location> {
    let steps = location.steps();
    if let Some((LocationStep::Key(key), map)) = steps.split_last()
        && rejects_key::<T>(tree, value, map, key, reason)
    {
        return Some(location.clone());
    }
    let mut keys = value_at(value, steps)?.as_object()?.keys().take(MAX_TRIED);
    let key = keys.find(|key| rejects_key::<T>(tree, value, steps, key, reason))?;
    Some(location.key(key))
}

/// Whether the type returns the same error for an object with only this key, whose value is `null`.
fn rejects_key<T: DeserializeOwned>(
    tree: &SchemaTree,
    value: &Value,
    map: &[LocationStep],
    key: &str,
    reason: &str,
) -> bool {
    let Some(node) = node_at(tree, &tree.root, map).filter(|node| is_free(tree, node, key)) else {
        return false;
    };
    let mut alone = value.clone();
    if let Some(Value::Object(entries)) = value_at_mut(&mut alone, map) {
        entries.retain(|other, _| !is_free(tree, node, other));
        entries.insert(key.to_owned(), Value::Null);
    }
    T::deserialize(&alone).is_err_and(|error| error.to_string() == reason)
}

/// Whether the key is an additional property.
fn is_free(tree: &SchemaTree, node: &SchemaNode, key: &str) -> bool {
    match &tree.resolve(node).kind {
        NodeKind::Object(object) => {
            matches!(object.additional, AdditionalProperties::Schema { .. }) && object.field(key).is_none()
        }
        NodeKind::Union(nodes) => nodes.iter().any(|node| is_free(tree, node, key)),
        _ => false,
    }
}

/// Returns the error message of the type, unless it is too long or repeats part of the value.
fn reason_without_values(reason: String, value: &Value) -> Option<String> {
    let is_short = reason.chars().count() <= MAX_REASON;
    (is_short && !contains_value(&reason.to_lowercase(), value)).then_some(reason)
}

/// Whether a lower-case message contains part of the value.
fn contains_value(text: &str, value: &Value) -> bool {
    let holds = |part: &str| !part.is_empty() && text.contains(&part.to_lowercase());
    match value {
        Value::Null | Value::Bool(_) => false,
        Value::Number(number) => holds(&number.to_string()) || number.as_f64().is_some_and(|it| holds(&it.to_string())),
        Value::String(string) => holds(string.trim()) || holds(&string.trim().escape_debug().to_string()),
        Value::Array(items) => items.iter().any(|item| contains_value(text, item)),
        Value::Object(map) => map.values().any(|value| contains_value(text, value)),
    }
}

fn expected_by_type(node: &SchemaNode) -> String {
    match &node.kind {
        NodeKind::String(StringSchema { format: Some(format), .. }) => valid_format(format),
        NodeKind::Union(_) | NodeKind::Any | NodeKind::Reference(_) => "a value that the tool accepts".to_owned(),
        _ => format!("{} that the tool accepts", expected(node)),
    }
}

/// Returns the location of an error. Steps into a Rust enum that are not in the JSON value are skipped.
fn location(path: &Path, value: &Value) -> Location {
    let mut location = Location::default();
    for segment in path {
        match segment {
            Segment::Seq { index } => location.push_index(*index),
            Segment::Map { key } => location.push_key(key),
            Segment::Enum { variant } => location.push_key(variant),
            Segment::Unknown => break,
        }
        if value_at(value, location.steps()).is_none() {
            location.pop();
        }
    }
    location
}

fn value_at_mut<'v>(value: &'v mut Value, steps: &[LocationStep]) -> Option<&'v mut Value> {
    steps.iter().try_fold(value, |value, step| match step {
        LocationStep::Key(key) => value.get_mut(key),
        LocationStep::Index(index) => value.get_mut(index),
        LocationStep::AnyItem | LocationStep::AnyKey => None,
    })
}
