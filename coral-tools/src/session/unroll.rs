//! Recursive schemas for readers that know no `$defs`.

use serde_json::{Map, Value, json};

/// How often a definition is written out inside itself.
const LEVELS: usize = 3;

/// The most nodes that are written; below it, or past [`LEVELS`], words take over.
const NODES: usize = 2_000;

/// `schema` with every reference written out to [`LEVELS`] levels, without `$defs`.
pub(crate) fn unroll(schema: &Map<String, Value>) -> Map<String, Value> {
    let none = Map::new();
    let definitions = schema.get("$defs").and_then(Value::as_object).unwrap_or(&none);
    let mut unroller = SchemaUnroller { definitions, open: Vec::new(), nodes: 0 };
    let kept = schema.iter().filter(|(key, _)| *key != "$defs");
    kept.map(|(key, value)| (key.clone(), unroller.value(value))).collect()
}

struct SchemaUnroller<'a> {
    definitions: &'a Map<String, Value>,
    /// The definitions that are being written out.
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
            return cut(name, definition);
        };
        self.open.push(name);
        let mut written = self.value(definition);
        self.open.pop();
        for key in ["description", "default", "examples"] {
            if let (Some(written), Some(value)) = (written.as_object_mut(), site.get(key)) {
                written.insert(key.to_owned(), value.clone());
            }
        }
        written
    }
}

/// What stands for a type that is not written out once more: its forms that end here, or any object.
fn cut(name: &str, definition: Option<&Value>) -> Value {
    let description = format!("A `{name}`, as above.");
    let forms = definition.and_then(|definition| definition.get("anyOf")).and_then(Value::as_array);
    let ends: Vec<&Value> = forms.into_iter().flatten().filter(|form| !refers(form)).collect();
    match ends.is_empty() {
        true => {
            json!({"type": "object", "description": description, "properties": {}, "required": [], "additionalProperties": true})
        }
        false => json!({"anyOf": ends, "description": description}),
    }
}

/// Whether there is a reference anywhere inside.
fn refers(value: &Value) -> bool {
    match value {
        Value::Object(object) => reference(object).is_some() || object.values().any(refers),
        Value::Array(items) => items.iter().any(refers),
        _ => false,
    }
}

fn reference(object: &Map<String, Value>) -> Option<&str> {
    object.get("$ref")?.as_str()?.strip_prefix("#/$defs/")
}
