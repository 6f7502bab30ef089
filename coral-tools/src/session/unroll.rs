//! Inlines recursive schemas for servers that do not support `$defs`.

use serde_json::{Map, Value, json};

/// How often a definition is inlined inside itself.
const LEVELS: usize = 3;

/// The most references that are inlined; the rest, and those beyond [`LEVELS`], are replaced by a description.
const NODES: usize = 2_000;

/// Replaces every reference in `schema` by its definition, to [`LEVELS`] levels, and removes `$defs`.
pub(crate) fn unroll(schema: &Map<String, Value>) -> Map<String, Value> {
    let empty = Map::new();
    let definitions = schema.get("$defs").and_then(Value::as_object).unwrap_or(&empty);
    let mut unroller = SchemaUnroller { definitions, open: Vec::new(), nodes: 0 };
    let kept = schema.iter().filter(|(key, _)| *key != "$defs");
    kept.map(|(key, value)| (key.clone(), unroller.value(value))).collect()
}

struct SchemaUnroller<'a> {
    definitions: &'a Map<String, Value>,
    /// The definitions that are being inlined, outermost first.
    open: Vec<&'a str>,
    nodes: usize,
}

impl<'a> SchemaUnroller<'a> {
    fn value(&mut self, value: &'a Value) -> Value {
        match value {
            Value::Object(object) => match reference(object) {
                Some(name) => self.definition(name, object),
                None => object.iter().map(|(key, value)| (key.clone(), self.value(value))).collect(),
            },
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            other => other.clone(),
        }
    }

    fn definition(&mut self, name: &'a str, site: &'a Map<String, Value>) -> Value {
        self.nodes += 1;
        let depth = self.open.iter().filter(|open| **open == name).count();
        let definition = self.definitions.get(name);
        let Some(definition) = definition.filter(|_| depth < LEVELS && self.nodes < NODES) else {
            return placeholder(name, definition);
        };
        self.open.push(name);
        let mut inlined = self.value(definition);
        self.open.pop();
        for key in ["description", "default", "examples"] {
            if let (Some(inlined), Some(value)) = (inlined.as_object_mut(), site.get(key)) {
                inlined.insert(key.to_owned(), value.clone());
            }
        }
        inlined
    }
}

/// Stands for a type that is not inlined again: its variants without references, or any object.
fn placeholder(name: &str, definition: Option<&Value>) -> Value {
    let description = format!("A `{name}`, as above.");
    let variants = definition.and_then(|definition| definition.get("anyOf")).and_then(Value::as_array);
    let ends: Vec<&Value> = variants.into_iter().flatten().filter(|variant| !has_reference(variant)).collect();
    match ends.is_empty() {
        true => {
            json!({"type": "object", "description": description, "properties": {}, "required": [], "additionalProperties": true})
        }
        false => json!({"anyOf": ends, "description": description}),
    }
}

/// Whether there is a reference anywhere inside.
fn has_reference(value: &Value) -> bool {
    match value {
        Value::Object(object) => reference(object).is_some() || object.values().any(has_reference),
        Value::Array(items) => items.iter().any(has_reference),
        _ => false,
    }
}

fn reference(object: &Map<String, Value>) -> Option<&str> {
    object.get("$ref")?.as_str()?.strip_prefix("#/$defs/")
}
