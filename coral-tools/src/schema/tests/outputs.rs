//! Results: the schema describes what serde serializes.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::lint::lint_root;
use super::output;

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Receipt {
    /// Of the report.
    report_id: u64,
    note: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "kind")]
enum Outcome {
    Done { receipt: Receipt },
    Waiting,
}

#[derive(Serialize, JsonSchema)]
struct Node {
    below: Vec<Node>,
}

/// Checks that a value matches its schema, also according to the crate `jsonschema`.
fn fits<T: Serialize + JsonSchema>(value: &T, wrapped: bool) -> Value {
    let schema = output::<T>();
    lint_root(schema.json());
    assert_eq!(schema.wraps(), wrapped);
    let json = serde_json::to_value(value).expect("it serializes");
    let json = if wrapped { json!({ "result": json }) } else { json };
    assert_eq!(schema.check(&json), []);
    let root = Value::Object(schema.json().clone());
    assert!(jsonschema::draft202012::is_valid(&root, &json), "{root} refuses {json}");
    root
}

fn receipt(note: Option<&str>, tags: Vec<String>) -> Receipt {
    let note = note.map(str::to_owned);
    Receipt { report_id: u64::MAX, note, tags }
}

#[test]
fn objects_are_not_wrapped() {
    let root = fits(&receipt(None, vec![]), false);
    let expected = json!({
        "type": "object",
        "properties": {
            "reportId": { "type": "integer", "minimum": 0, "description": "Of the report. At least 0." },
            "note": { "anyOf": [{ "type": "string" }, { "type": "null" }] },
            "tags": { "type": "array", "items": { "type": "string" } },
        },
        "required": ["reportId", "note"],
    });
    assert_eq!(root, expected);
    fits(&receipt(Some("a"), vec!["b".to_owned()]), false);
    fits(&Node { below: vec![Node { below: vec![] }] }, false);
}

#[test]
fn other_results_are_wrapped() {
    let root = fits(&7_u8, true);
    assert_eq!(root["required"], json!(["result"]));
    fits(&"text", true);
    fits(&vec![receipt(None, vec![])], true);
    fits(&Some(receipt(None, vec![])), true);
    fits(&Outcome::Waiting, true);
    fits(&Outcome::Done { receipt: receipt(None, vec![]) }, true);
    fits(&BTreeMap::from([(1_u8, "a")]), true);
    fits(&json!([1, { "a": null }]), true);
    fits(&Some(Node { below: vec![] }), true);
    fits(&(1_u8, "a"), true);
}

/// A recursive type whose name is escaped in references.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "kind")]
#[schemars(rename = "a/~%b")]
enum Part {
    Leaf,
    Whole { parts: Vec<Part> },
}

#[test]
fn a_recursive_result_is_a_reference() {
    let root = fits(&Part::Whole { parts: vec![Part::Leaf] }, true);
    let [name] = &root["$defs"].as_object().expect("definitions").keys().collect::<Vec<_>>()[..] else {
        panic!("one definition: {root}");
    };
    assert_eq!(root["properties"]["result"], json!({ "$ref": format!("#/$defs/{name}") }));
}

#[test]
fn an_invalid_result_is_reported() {
    let problems = output::<Receipt>().check(&json!({ "reportId": -1, "note": 5 }));
    let reported: Vec<_> = problems.iter().map(ToString::to_string).collect();
    let expected = [
        "`reportId` must be an integer between 0 and 18446744073709551615",
        "`note` must be a string, or null, not a number",
    ];
    assert_eq!(reported, expected);
}
