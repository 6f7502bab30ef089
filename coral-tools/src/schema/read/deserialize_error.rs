//! What the schema allows and the type itself refuses: a day that does not exist, say.

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

/// The longest that a type may say of what it refuses, in characters.
const MAX_REASON: usize = 300;

/// So many keys of a map are tried to find the one that is type_problem.
const MAX_TRIED: usize = 16;

/// What to tell of it: to the agent the place, and the type's own words unless they repeat the value.
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
        "an argument that the schema allows was type_problem by the type"
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

/// The place shows the key already, up to its length there.
fn key_problem(value: &Value, location: &Location, reason: String) -> Problem {
    let is_shown = matches!(location.steps().last(), Some(LocationStep::Key(key)) if key.chars().count() <= MAX_NAME);
    let reason = reason_without_values(reason, &Value::Null).filter(|_| is_shown);
    let found = value_at(value, location.steps()).map(JsonType::from_value);
    Problem::key_rejected_by_type(location, found).with_reason(reason)
}

/// The place of the key that is type_problem, if one is: the error comes from it or, where types hide their keys, from its map.
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

/// Whether the type refuses the key for the same reason where it stands alone, with nothing in its place.
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

/// Whether the key is one of a map, and no field.
fn is_free(tree: &SchemaTree, node: &SchemaNode, key: &str) -> bool {
    match &tree.resolve(node).kind {
        NodeKind::Object(object) => {
            matches!(object.additional, AdditionalProperties::Schema { .. }) && object.field(key).is_none()
        }
        NodeKind::Union(nodes) => nodes.iter().any(|node| is_free(tree, node, key)),
        _ => false,
    }
}

/// The type's own words, for the agent. Values are never repeated, and words that are too many are none.
fn reason_without_values(reason: String, value: &Value) -> Option<String> {
    let is_short = reason.chars().count() <= MAX_REASON;
    (is_short && !contains_value(&reason.to_lowercase(), value)).then_some(reason)
}

/// Whether a text in small letters holds anything of the value.
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

/// The steps that lead somewhere in the value; those into a Rust enum alone do not.
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
