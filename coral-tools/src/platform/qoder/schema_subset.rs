//! Schemas in the part of JSON Schema that every model behind Qoder reads: `type`, `properties`, `required`,
//! `additionalProperties`, `items` and `description`. What else a schema says is said in words; all of it is enforced when a
//! call comes.

use serde_json::{Map, Value, json};

use crate::session::unroll;

type Json = Map<String, Value>;

/// The arguments of a tool, plainly.
pub(crate) fn root(schema: &Json) -> Json {
    closed(plain(&unroll(schema)))
}

/// The whole schema, without references.
pub(crate) fn full(schema: &Json) -> Json {
    closed(unroll(schema))
}

/// No tool takes arguments that it does not know.
fn closed(mut schema: Json) -> Json {
    schema.entry("additionalProperties").or_insert(Value::Bool(false));
    schema
}

fn plain(schema: &Json) -> Json {
    if let Some(forms) = schema.get("anyOf").and_then(Value::as_array) {
        return union(schema, forms);
    }
    let mut plain = Json::new();
    for (key, value) in schema {
        let value = match (key.as_str(), value) {
            ("type" | "required" | "description", value) => value.clone(),
            ("properties", Value::Object(properties)) => {
                properties.iter().map(|(name, value)| (name.clone(), node(value))).collect()
            }
            ("items" | "additionalProperties", value) => node(value),
            _ => continue,
        };
        plain.insert(key.clone(), value);
    }
    plain
}

fn node(value: &Value) -> Value {
    match value {
        Value::Object(schema) => Value::Object(plain(schema)),
        other => other.clone(),
    }
}

/// A choice of forms becomes what they have in common, and words.
fn union(schema: &Json, forms: &[Value]) -> Json {
    let is_null = |form: &&Value| form.get("type").is_some_and(|kind| kind == "null");
    let (nulls, values): (Vec<&Value>, Vec<&Value>) = forms.iter().partition(is_null);
    let said = schema.get("description").and_then(Value::as_str);
    let mut common = match values.as_slice() {
        [Value::Object(one)] => plain(one),
        several => shared(several),
    };
    let inner = common.get("description").and_then(Value::as_str).map(str::to_owned);
    let forms = (values.len() > 1).then(|| format!("One of these forms, as JSON Schema: {}", json!(values)));
    let null = (!nulls.is_empty()).then(|| "May be null.".to_owned());
    let words: Vec<String> = [said.map(str::to_owned).or(inner), forms, null].into_iter().flatten().collect();
    if !words.is_empty() {
        common.insert("description".to_owned(), words.join("\n").into());
    }
    common
}

/// What every form is: the type, where they have one; of objects, all of their properties, of which those are required that
/// every form requires.
fn shared(forms: &[&Value]) -> Json {
    let kind = |form: &&Value| form.get("type").cloned();
    let Some(first) =
        forms.first().and_then(kind).filter(|first| forms.iter().all(|form| kind(form).as_ref() == Some(first)))
    else {
        return Json::new();
    };
    match first.as_str() {
        Some("object") => objects(forms),
        Some("array") => {
            let items: Vec<&Value> = forms.iter().filter_map(|form| form.get("items")).collect();
            Json::from_iter([("type".to_owned(), first), ("items".to_owned(), Value::Object(same_or_shared(&items)))])
        }
        _ => Json::from_iter([("type".to_owned(), first)]),
    }
}

fn objects(forms: &[&Value]) -> Json {
    let properties = |form: &Value| form.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    let required = |form: &Value| form.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut merged: Map<String, Value> = Map::new();
    for name in forms.iter().flat_map(|form| properties(form).into_iter().map(|(name, _)| name)) {
        let seen: Vec<Value> = forms.iter().filter_map(|form| properties(form).get(&name).cloned()).collect();
        merged.insert(name, Value::Object(same_or_shared(&seen.iter().collect::<Vec<_>>())));
    }
    let mut everywhere = forms.first().map(|form| required(form)).unwrap_or_default();
    everywhere.retain(|name| forms.iter().all(|form| required(form).contains(name)));
    let closed = forms.iter().all(|form| form.get("additionalProperties") == Some(&Value::Bool(false)));
    let mut object = Json::from_iter([
        ("type".to_owned(), json!("object")),
        ("properties".to_owned(), Value::Object(merged)),
        ("required".to_owned(), Value::Array(everywhere)),
    ]);
    if closed {
        object.insert("additionalProperties".to_owned(), Value::Bool(false));
    }
    object
}

fn same_or_shared(forms: &[&Value]) -> Json {
    match forms {
        [Value::Object(one), others @ ..] if others.iter().all(|other| other.as_object() == Some(one)) => plain(one),
        _ => union(&Json::new(), &forms.iter().map(|form| (*form).clone()).collect::<Vec<_>>()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::root;

    fn plainly(schema: &Value) -> Value {
        Value::Object(root(schema.as_object().expect("an object")))
    }

    #[test]
    fn limits_and_values_are_left_to_the_words() {
        let schema = json!({"type": "object", "properties": {
            "mode": {"type": "string", "enum": ["a", "b"], "description": "One of: `a`, `b`.", "default": "a"},
            "count": {"type": "integer", "minimum": 1, "description": "At least 1."},
        }, "required": ["mode"]});
        let expected = json!({"type": "object", "properties": {
            "mode": {"type": "string", "description": "One of: `a`, `b`."},
            "count": {"type": "integer", "description": "At least 1."},
        }, "required": ["mode"], "additionalProperties": false});
        assert_eq!(plainly(&schema), expected);
    }

    #[test]
    fn a_choice_of_objects_is_an_object_that_has_all_of_them() {
        let circle = json!({"type": "object", "properties": {
            "kind": {"type": "string", "enum": ["circle"], "description": "Always `circle`."}, "radius": {"type": "number"},
        }, "required": ["kind", "radius"], "additionalProperties": false});
        let dot = json!({"type": "object", "properties": {
            "kind": {"type": "string", "enum": ["dot"], "description": "Always `dot`."},
        }, "required": ["kind"], "additionalProperties": false});
        let forms = json!([circle, dot]);
        let shape = plainly(
            &json!({"type": "object", "properties": {"shape": {"anyOf": forms, "description": "What."}}, "required": []}),
        );
        let shape = &shape["properties"]["shape"];
        assert_eq!((&shape["type"], &shape["required"]), (&json!("object"), &json!(["kind"])));
        assert_eq!(shape["properties"]["radius"], json!({"type": "number"}));
        assert_eq!(shape["description"], json!(format!("What.\nOne of these forms, as JSON Schema: {forms}")));
    }

    #[test]
    fn null_is_said_and_recursion_written_out() {
        let schema = json!({"type": "object", "required": [], "properties": {
            "note": {"anyOf": [{"type": "string", "description": "A note."}, {"type": "null"}]},
            "tree": {"$ref": "#/$defs/Tree"},
        }, "$defs": {"Tree": {"type": "object", "required": ["children"], "additionalProperties": false,
            "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}}}}});
        let schema = plainly(&schema);
        assert_eq!(schema["properties"]["note"], json!({"type": "string", "description": "A note.\nMay be null."}));
        assert_eq!(schema["properties"]["tree"]["properties"]["children"]["items"]["type"], json!("object"));
        let text = schema.to_string();
        assert!(!text.contains("$ref") && !text.contains("$defs"), "{text}");
    }
}
