//! Merges two schemas that both apply.

use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter};

use serde_json::{Map, Value, json};

use super::Keywords;
use crate::schema::tree::constraint::Bound;

/// A keyword with different values in two schemas that both apply.
#[derive(Debug)]
pub(super) struct ConflictingKeyword(String);

impl Display for ConflictingKeyword {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "two schemas that apply at once have a different `{}`; define a separate type", self.0)
    }
}

/// Returns the schema of the values that are valid for both schemas.
pub(super) fn merge(a: &Keywords, b: &Keywords) -> Result<Keywords, ConflictingKeyword> {
    let mut merged = a.clone();
    for (keyword, value) in b {
        let both = match merged.get(keyword) {
            Some(own) if own != value => {
                both(keyword, own, value).ok_or_else(|| ConflictingKeyword(keyword.clone()))?
            }
            _ => value.clone(),
        };
        merged.insert(keyword.clone(), both);
    }
    Ok(merged)
}

/// Returns the value of a keyword that is equivalent to both values, if there is one.
fn both(keyword: &str, a: &Value, b: &Value) -> Option<Value> {
    match keyword {
        "type" => common_types(a, b),
        "enum" => common(a, b),
        "minimum" | "exclusiveMinimum" | "minLength" | "minItems" => stricter(a, b, Ordering::Greater),
        "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" => stricter(a, b, Ordering::Less),
        "required" => Some(union(a, b)),
        "properties" | "patternProperties" => Some(fields(a, b)),
        "additionalProperties" | "unevaluatedProperties" => Some(stricter_additional(a, b)),
        "uniqueItems" => Some(json!(true)),
        // The annotation of the outer schema takes precedence.
        "description" | "default" | "examples" | "contentEncoding" | "contentMediaType" | "deprecated" => {
            Some(a.clone())
        }
        _ => None,
    }
}

fn stricter(a: &Value, b: &Value, wins: Ordering) -> Option<Value> {
    let (left, right) = (Bound::from_json(a)?, Bound::from_json(b)?);
    let right_wins = right.compare(left) == Some(wins);
    Some(if right_wins { b.clone() } else { a.clone() })
}

/// Returns the value of `type` as a list.
pub(super) fn types(value: &Value) -> Vec<&str> {
    match value {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn common_types(a: &Value, b: &Value) -> Option<Value> {
    let others = types(b);
    let shared = types(a).into_iter().filter_map(|own| match own {
        _ if others.contains(&own) => Some(own),
        "number" if others.contains(&"integer") => Some("integer"),
        "integer" if others.contains(&"number") => Some("integer"),
        _ => None,
    });
    match &shared.collect::<Vec<_>>()[..] {
        [] => None,
        [one] => Some(json!(one)),
        several => Some(json!(several)),
    }
}

fn common(a: &Value, b: &Value) -> Option<Value> {
    let (a, b) = (a.as_array()?, b.as_array()?);
    let shared: Vec<_> = a.iter().filter(|value| b.contains(value)).cloned().collect();
    (!shared.is_empty()).then_some(Value::Array(shared))
}

fn union(a: &Value, b: &Value) -> Value {
    let mut all = a.as_array().cloned().unwrap_or_default();
    for name in b.as_array().into_iter().flatten() {
        if !all.contains(name) {
            all.push(name.clone());
        }
    }
    Value::Array(all)
}

/// Returns the properties of both; a property in both must be valid for both of its schemas.
fn fields(a: &Value, b: &Value) -> Value {
    let mut all = a.as_object().cloned().unwrap_or_default();
    for (name, schema) in b.as_object().into_iter().flatten() {
        match all.get_mut(name) {
            Some(own) if own != schema => *own = json!({ "allOf": [own.take(), schema] }),
            Some(_) => {}
            None => {
                all.insert(name.clone(), schema.clone());
            }
        }
    }
    Value::Object(all)
}

/// Returns the stricter rule: `false`, else the one that is not `true`, else both.
fn stricter_additional(a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Bool(true), other) | (other, Value::Bool(true)) => other.clone(),
        (Value::Bool(false), _) | (_, Value::Bool(false)) => Value::Bool(false),
        _ => json!({ "allOf": [a, b] }),
    }
}

/// Returns the names in `required`.
pub(super) fn names(keywords: &Map<String, Value>) -> Vec<&str> {
    let required = keywords.get("required").and_then(Value::as_array);
    required.into_iter().flatten().filter_map(Value::as_str).collect()
}
