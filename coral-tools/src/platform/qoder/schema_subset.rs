//! Reduces a schema to the subset of JSON Schema that every model behind Qoder reads: `type`, `properties`, `required`,
//! `additionalProperties`, `items` and `description`. Descriptions contain what the removed keywords express. The original
//! schema is enforced when a call arrives.

use serde_json::{Map, Value, json};

use crate::session::unroll;

type Schema = Map<String, Value>;

/// The schema of a tool's arguments, reduced to the subset.
pub(crate) fn basic(schema: &Schema) -> Schema {
    closed(reduce(&unroll(schema)))
}

/// The whole schema, without references.
pub(crate) fn full(schema: &Schema) -> Schema {
    closed(unroll(schema))
}

/// Forbids additional properties unless the schema mentions them: tools reject unknown arguments.
fn closed(mut schema: Schema) -> Schema {
    schema.entry("additionalProperties").or_insert(Value::Bool(false));
    schema
}

fn reduce(schema: &Schema) -> Schema {
    if let Some(variants) = schema.get("anyOf").and_then(Value::as_array) {
        return reduce_any_of(schema, variants);
    }
    let mut reduced = Schema::new();
    for (key, value) in schema {
        let value = match (key.as_str(), value) {
            ("type" | "required" | "description", value) => value.clone(),
            ("properties", Value::Object(properties)) => {
                properties.iter().map(|(name, value)| (name.clone(), reduce_value(value))).collect()
            }
            ("items" | "additionalProperties", value) => reduce_value(value),
            _ => continue,
        };
        reduced.insert(key.clone(), value);
    }
    reduced
}

fn reduce_value(value: &Value) -> Value {
    match value {
        Value::Object(schema) => Value::Object(reduce(schema)),
        other => other.clone(),
    }
}

/// Replaces `anyOf` by the keywords that its variants have in common, and describes the variants.
fn reduce_any_of(schema: &Schema, variants: &[Value]) -> Schema {
    let is_null = |variant: &&Value| variant.get("type").is_some_and(|kind| kind == "null");
    let (nulls, variants): (Vec<&Value>, Vec<&Value>) = variants.iter().partition(is_null);
    let mut common = match variants.as_slice() {
        [Value::Object(one)] => reduce(one),
        several => common_keywords(several),
    };
    let description = |schema: &Schema| schema.get("description").and_then(Value::as_str).map(str::to_owned);
    let list = (variants.len() > 1).then(|| format!("One of these variants, as JSON Schema: {}", json!(variants)));
    let null = (!nulls.is_empty()).then(|| "May be null.".to_owned());
    let parts = [description(schema).or_else(|| description(&common)), list, null];
    let description: Vec<String> = parts.into_iter().flatten().collect();
    if !description.is_empty() {
        common.insert("description".to_owned(), description.join("\n").into());
    }
    common
}

/// Returns the keywords that hold for every variant: the type, if all have the same, and the merged properties or items.
fn common_keywords(variants: &[&Value]) -> Schema {
    let kind = |variant: &&Value| variant.get("type").cloned();
    let Some(first) = variants
        .first()
        .and_then(kind)
        .filter(|first| variants.iter().all(|variant| kind(variant).as_ref() == Some(first)))
    else {
        return Schema::new();
    };
    match first.as_str() {
        Some("object") => merge_objects(variants),
        Some("array") => {
            let items: Vec<&Value> = variants.iter().filter_map(|variant| variant.get("items")).collect();
            Schema::from_iter([("type".to_owned(), first), ("items".to_owned(), Value::Object(merge(&items)))])
        }
        _ => Schema::from_iter([("type".to_owned(), first)]),
    }
}

/// Merges the properties of all variants. Required are those that every variant requires.
fn merge_objects(variants: &[&Value]) -> Schema {
    let properties =
        |variant: &Value| variant.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    let required = |variant: &Value| variant.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut merged: Map<String, Value> = Map::new();
    for name in variants.iter().flat_map(|variant| properties(variant).into_iter().map(|(name, _)| name)) {
        let schemas: Vec<Value> =
            variants.iter().filter_map(|variant| properties(variant).get(&name).cloned()).collect();
        merged.insert(name, Value::Object(merge(&schemas.iter().collect::<Vec<_>>())));
    }
    let mut required_by_all = variants.first().map(|variant| required(variant)).unwrap_or_default();
    required_by_all.retain(|name| variants.iter().all(|variant| required(variant).contains(name)));
    let is_closed = variants.iter().all(|variant| variant.get("additionalProperties") == Some(&Value::Bool(false)));
    let mut object = Schema::from_iter([
        ("type".to_owned(), json!("object")),
        ("properties".to_owned(), Value::Object(merged)),
        ("required".to_owned(), Value::Array(required_by_all)),
    ]);
    if is_closed {
        object.insert("additionalProperties".to_owned(), Value::Bool(false));
    }
    object
}

/// Merges the schemas that variants have in one place.
fn merge(schemas: &[&Value]) -> Schema {
    match schemas {
        [Value::Object(one), others @ ..] if others.iter().all(|other| other.as_object() == Some(one)) => reduce(one),
        _ => reduce_any_of(&Schema::new(), &schemas.iter().map(|schema| (*schema).clone()).collect::<Vec<_>>()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::basic;

    fn reduced(schema: &Value) -> Value {
        Value::Object(basic(schema.as_object().expect("an object")))
    }

    #[test]
    fn constraints_and_enums_are_left_to_descriptions() {
        let schema = json!({"type": "object", "properties": {
            "mode": {"type": "string", "enum": ["a", "b"], "description": "One of: `a`, `b`.", "default": "a"},
            "count": {"type": "integer", "minimum": 1, "description": "At least 1."},
        }, "required": ["mode"]});
        let expected = json!({"type": "object", "properties": {
            "mode": {"type": "string", "description": "One of: `a`, `b`."},
            "count": {"type": "integer", "description": "At least 1."},
        }, "required": ["mode"], "additionalProperties": false});
        assert_eq!(reduced(&schema), expected);
    }

    #[test]
    fn variants_that_are_objects_become_one_object() {
        let circle = json!({"type": "object", "properties": {
            "kind": {"type": "string", "enum": ["circle"], "description": "Always `circle`."}, "radius": {"type": "number"},
        }, "required": ["kind", "radius"], "additionalProperties": false});
        let dot = json!({"type": "object", "properties": {
            "kind": {"type": "string", "enum": ["dot"], "description": "Always `dot`."},
        }, "required": ["kind"], "additionalProperties": false});
        let variants = json!([circle, dot]);
        let shape = reduced(
            &json!({"type": "object", "properties": {"shape": {"anyOf": variants, "description": "A shape."}}, "required": []}),
        );
        let shape = &shape["properties"]["shape"];
        assert_eq!((&shape["type"], &shape["required"]), (&json!("object"), &json!(["kind"])));
        assert_eq!(shape["properties"]["radius"], json!({"type": "number"}));
        assert_eq!(shape["description"], json!(format!("A shape.\nOne of these variants, as JSON Schema: {variants}")));
    }

    #[test]
    fn null_is_described_and_recursive_types_are_unrolled() {
        let schema = json!({"type": "object", "required": [], "properties": {
            "note": {"anyOf": [{"type": "string", "description": "A note."}, {"type": "null"}]},
            "tree": {"$ref": "#/$defs/Tree"},
        }, "$defs": {"Tree": {"type": "object", "required": ["children"], "additionalProperties": false,
            "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}}}}});
        let schema = reduced(&schema);
        assert_eq!(schema["properties"]["note"], json!({"type": "string", "description": "A note.\nMay be null."}));
        assert_eq!(schema["properties"]["tree"]["properties"]["children"]["items"]["type"], json!("object"));
        let text = schema.to_string();
        assert!(!text.contains("$ref") && !text.contains("$defs"), "{text}");
    }
}
