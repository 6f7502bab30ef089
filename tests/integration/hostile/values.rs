//! Values that are valid, or almost valid, for a schema.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::oracle::MARKERS;

/// The depth below which optional parts are rare and arrays have their minimum length.
const SPARSE_DEPTH: usize = 5;

/// Generates values for a schema and its subschemas.
pub(super) struct ValueGenerator<'a> {
    pub(super) rng: &'a mut Rng,
    pub(super) definitions: Option<&'a Value>,
}

impl ValueGenerator<'_> {
    pub(super) fn value(&mut self, schema: &Value, depth: usize) -> Value {
        if depth > 3 * SPARSE_DEPTH {
            return Value::Null;
        }
        if let Some(name) = schema["$ref"].as_str().and_then(|to| to.strip_prefix("#/$defs/")) {
            let definition = self.definitions.map_or(&Value::Null, |all| &all[name]);
            return self.value(definition, depth + 1);
        }
        if let Some(variants) = schema["anyOf"].as_array().or_else(|| schema["enum"].as_array()) {
            let variant = &variants[self.rng.usize(..variants.len())];
            return if schema["enum"].is_array() { variant.clone() } else { self.value(variant, depth + 1) };
        }
        match schema["type"].as_str() {
            Some("string") => self.string(schema),
            Some("integer") => self.integer(schema),
            Some("number") => json!(self.rng.f64() * 2.0),
            Some("boolean") => json!(self.rng.bool()),
            Some("array") => self.array(schema, depth),
            Some("object") => self.object(schema, depth),
            _ => Value::Null,
        }
    }

    fn string(&mut self, schema: &Value) -> Value {
        let text = match schema["format"].as_str() {
            Some("uuid") => "0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11",
            Some("date-time") => "2026-05-08T14:56:15.123456Z",
            Some("date") => "2026-05-08",
            Some("uri") => "https://hunter2.example/?q=8675309",
            Some("ipv6") => "::1",
            Some("ip" | "ipv4") => "127.0.0.1",
            _ if schema["maxLength"] == 1 => "☃",
            _ if schema["pattern"].is_string() => "abc",
            _ => return json!(format!("{}{}", MARKERS[0], self.rng.char('\0'..))),
        };
        json!(text)
    }

    fn integer(&mut self, schema: &Value) -> Value {
        let minimum = schema["minimum"].as_i64().unwrap_or(-8_675_309);
        let maximum = schema["maximum"].as_i64().unwrap_or(8_675_309);
        match self.rng.u8(..8) {
            0 => json!(minimum),
            1 => json!(maximum),
            2 => json!(self.rng.i64(minimum..=maximum.max(minimum)) as f64),
            _ => json!(self.rng.i64(minimum..=maximum.max(minimum))),
        }
    }

    fn array(&mut self, schema: &Value, depth: usize) -> Value {
        let minimum = schema["minItems"].as_u64().unwrap_or(0);
        let maximum = schema["maxItems"].as_u64().unwrap_or(if depth < SPARSE_DEPTH { 4 } else { minimum });
        let count = self.rng.u64(minimum..=maximum);
        (0..count).map(|_| self.value(&schema["items"], depth + 1)).collect()
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Value {
        let required: Vec<_> = schema["required"].as_array().into_iter().flatten().collect();
        let mut object = Map::new();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let one_in = if depth < SPARSE_DEPTH { 2 } else { 10 };
            if required.iter().any(|required| *required == name) || self.rng.u8(..one_in) == 0 {
                object.insert(name.clone(), self.value(property, depth + 1));
            }
        }
        for _ in 0..if schema["additionalProperties"].is_object() { self.rng.usize(..3) } else { 0 } {
            let key = if self.rng.bool() { "7".to_owned() } else { format!("key{}", self.rng.u8(..)) };
            object.insert(key, self.value(&schema["additionalProperties"], depth + 1));
        }
        Value::Object(object)
    }
}
