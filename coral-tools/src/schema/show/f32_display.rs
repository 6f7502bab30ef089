//! Displays an `f32` with its own digits. As JSON, it is converted to `f64` and has more digits.

use serde_json::{Number, Value};

use crate::schema::tree::node::{NodeKind, SchemaNode};

/// Returns a default or an example with the digits of its type: `0.1` for an `f32`, not `0.10000000149011612`.
pub(crate) fn with_f32_digits(kind: &NodeKind, value: Value) -> Value {
    match (kind, value) {
        (NodeKind::Number(numeric), Value::Number(number)) if numeric.is_f32 => Value::Number(f32_digits(number)),
        (NodeKind::Array(array), Value::Array(items)) => {
            let items = items.into_iter().enumerate().map(|(index, item)| inside(array.item(index), item));
            items.collect()
        }
        (NodeKind::Object(object), Value::Object(map)) => {
            let fields = map.into_iter().map(|(key, value)| {
                let value = inside(object.value(&key), value);
                (key, value)
            });
            fields.collect()
        }
        (NodeKind::Union(nodes), value) => nodes.iter().fold(value, |value, node| with_f32_digits(&node.kind, value)),
        (_, value) => value,
    }
}

fn inside(node: Option<&SchemaNode>, value: Value) -> Value {
    match node {
        Some(node) => with_f32_digits(&node.kind, value),
        None => value,
    }
}

/// Returns the shortest number that is the same `f32`. Any other number was written by hand and keeps its digits.
fn f32_digits(number: Number) -> Number {
    let short = number.as_f64().filter(|float| number.is_f64() && f64::from(*float as f32) == *float);
    let short = short.and_then(|float| (float as f32).to_string().parse().ok()).and_then(Number::from_f64);
    short.unwrap_or(number)
}
