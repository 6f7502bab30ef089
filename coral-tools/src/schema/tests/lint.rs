//! Checks that a JSON Schema is in the subset that every consumer supports.

use serde_json::{Map, Value};

/// Checks the schema of a tool.
pub(super) fn lint_root(schema: &Map<String, Value>) {
    for keyword in schema.keys() {
        assert!(["type", "properties", "required", "$defs"].contains(&keyword.as_str()), "`{keyword}` at the root");
    }
    assert_eq!(schema["type"], "object");
    assert!(schema["properties"].is_object() && schema["required"].is_array());
    lint_fields(schema, "");
    for (name, node) in schema.get("$defs").and_then(Value::as_object).into_iter().flatten() {
        lint(node, name);
    }
    let schema = Value::Object(schema.clone());
    assert!(jsonschema::draft202012::meta::is_valid(&schema), "not a valid schema: {schema}");
    jsonschema::draft202012::new(&schema).expect("the schema compiles");
}

const KEYWORDS: [&str; 22] = [
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "anyOf",
    "enum",
    "description",
    "default",
    "examples",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "minItems",
    "maxItems",
    "uniqueItems",
];

/// The formats of section 7.3 of JSON Schema Validation that the types of these tests have.
const FORMATS: [&str; 9] = ["date-time", "date", "time", "email", "hostname", "ipv4", "ipv6", "uri", "uuid"];

fn lint(node: &Value, path: &str) {
    let node = node.as_object().unwrap_or_else(|| panic!("{path}: a boolean schema"));
    if node.contains_key("$ref") {
        let known = |keyword: &String| ["$ref", "description", "default", "examples"].contains(&keyword.as_str());
        assert!(node.keys().all(known), "{path}: more beside a reference");
        return;
    }
    for keyword in node.keys() {
        assert!(KEYWORDS.contains(&keyword.as_str()), "{path}: `{keyword}`");
    }
    if let Some(options) = node.get("anyOf") {
        assert!(!node.contains_key("type"), "{path}: a union with a type");
        let options = options.as_array().expect("a list");
        assert!(options.len() > 1, "{path}: a union of one");
        options.iter().for_each(|option| lint(option, path));
        return;
    }
    lint_typed(node, path);
}

fn lint_typed(node: &Map<String, Value>, path: &str) {
    let of_type = node["type"].as_str().unwrap_or_else(|| panic!("{path}: not one type"));
    if of_type == "array" {
        lint(&node["items"], &format!("{path}[]"));
    }
    if of_type == "object" {
        lint_fields(node, path);
    }
    if of_type != "string" {
        assert!(!node.contains_key("format"), "{path}: a format of a {of_type}");
    }
    if let Some(format) = node.get("format") {
        let format = format.as_str().expect("a name");
        assert!(FORMATS.contains(&format), "{path}: JSON Schema has no format `{format}`");
        let description = node["description"].as_str().expect("a description with the format");
        assert!(description.contains(&format!("`{format}`")), "{path}: {format} is not in the description");
    }
    if let Some(values) = node.get("enum") {
        let description = node["description"].as_str().expect("a description with the values");
        for value in values.as_array().expect("a list") {
            let word = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            assert!(description.contains(&format!("`{word}`")), "{path}: {word} is not in the description");
        }
    }
}

fn lint_fields(node: &Map<String, Value>, path: &str) {
    let fields = node["properties"].as_object().expect("fields");
    for (name, field) in fields {
        lint(field, &format!("{path}.{name}"));
    }
    for name in node["required"].as_array().expect("a list") {
        assert!(fields.contains_key(name.as_str().expect("a name")), "{path}: {name} is required and not there");
    }
    match node.get("additionalProperties") {
        None | Some(Value::Bool(_)) => {}
        Some(schema) => lint(schema, &format!("{path}.*")),
    }
}
