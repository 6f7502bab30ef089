//! The decoder rejects what servers reject; otherwise its acceptance would prove nothing.

use coral_tools::Dialect;
use serde_json::{Value, json};

use super::decoder::decode;

/// A valid document of coral-server 1.2, with every key.
fn valid() -> Value {
    json!({
        "submit_report": {
            "transport": { "type": "http", "url": "https://app.example/submit_report", "signatureHeader": "X-Coral-Signature" },
            "description": "…",
            "title": "…",
            "inputSchema": {
                "type": "object",
                "properties": { "title": { "$ref": "#/$defs/Title" } },
                "required": ["title"],
                "$defs": { "Title": { "type": "string" } }
            },
            "outputSchema": { "type": "object" },
            "annotations": {
                "readOnlyHint": false, "destructiveHint": false, "idempotentHint": true, "openWorldHint": false, "title": "…"
            }
        }
    })
}

/// The error of coral-server 1.2 for the valid document with `value` at `pointer`.
fn error_of(pointer: &str, value: Value) -> Result<(), String> {
    let mut document = valid();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let parent = document.pointer_mut(&format!("/submit_report{parent}")).expect("a location in the document");
    parent.as_object_mut().expect("an object").insert(key.to_owned(), value);
    decode(Dialect::Server1_2, &document.to_string())
}

#[test]
fn valid_documents_are_accepted() {
    assert_eq!(decode(Dialect::Server1_2, &valid().to_string()), Ok(()));
    assert_eq!(decode(Dialect::Server1_2, "{}"), Ok(()));
    for may_be_null in ["/title", "/description", "/annotations", "/annotations/readOnlyHint"] {
        assert_eq!(error_of(may_be_null, Value::Null), Ok(()), "{may_be_null}");
    }
    let bare = json!({ "t": { "transport": { "type": "http", "url": "http://h/t" } } });
    assert_eq!(decode(Dialect::Server1_2, &bare.to_string()), Ok(()), "all but the transport may be absent");
}

#[test]
fn unknown_keys_are_rejected_at_every_level() {
    for level in ["", "/transport", "/inputSchema", "/outputSchema", "/annotations"] {
        let result = error_of(&format!("{level}/unheardOf"), json!(1));
        assert!(result.is_err_and(|error| error.contains("unknown field `unheardOf`")), "{level}");
    }
}

#[test]
fn root_schemas_have_four_keys() {
    for key in ["$schema", "$id", "title", "description", "additionalProperties", "definitions", "anyOf", "examples"] {
        for schema in ["inputSchema", "outputSchema"] {
            assert!(error_of(&format!("/{schema}/{key}"), json!({})).is_err(), "{schema}.{key}");
        }
    }
}

#[test]
fn null_is_rejected() {
    for pointer in [
        "/transport",
        "/transport/url",
        "/transport/signatureHeader",
        "/inputSchema",
        "/outputSchema",
        "/inputSchema/properties",
        "/inputSchema/required",
    ] {
        assert!(error_of(pointer, Value::Null).is_err(), "{pointer}");
    }
}

#[test]
fn values_of_other_types_are_rejected() {
    for (pointer, value) in [
        ("/transport/type", json!("sse")),
        ("/transport/url", json!(1)),
        ("/description", json!(["…"])),
        ("/annotations/readOnlyHint", json!(1)),
        ("/inputSchema/required", json!("title")),
        ("/inputSchema/properties", json!([])),
    ] {
        assert!(error_of(pointer, value).is_err(), "{pointer}");
    }
}

/// A server accepts these, but agents or calls fail later.
#[test]
fn dangling_references_are_rejected() {
    for (pointer, value) in [
        ("/transport/url", json!("https://app.example/another_tool")),
        ("/transport/url", json!("/submit_report")),
        ("/inputSchema/required", json!(["content"])),
        ("/inputSchema/$defs", json!({})),
        ("/outputSchema/properties", json!({ "x": { "items": { "$ref": "#/$defs/Title" } } })),
    ] {
        assert!(error_of(pointer, value).is_err(), "{pointer}");
    }
}

/// Verified with a server of each version.
#[test]
fn no_version_accepts_the_form_of_another() {
    let transport = json!({ "type": "http", "url": "https://h/t", "signatureHeader": "X-Coral-Signature" });
    let unsigned = json!({ "type": "http", "url": "https://h/t" });
    let input = json!({ "type": "object", "properties": {}, "required": [] });
    let named = json!({ "name": "t", "description": "…", "inputSchema": input });
    let mut renamed = named.clone();
    renamed["name"] = json!("u");
    let mut null_output = named.clone();
    null_output["outputSchema"] = Value::Null;
    let mut with_definitions = input.clone();
    with_definitions["$defs"] = json!({});
    for (dialect, entry, is_accepted) in [
        (Dialect::Cloud, json!({ "transport": transport, "schema": named }), true),
        (Dialect::Cloud, json!({ "transport": transport, "schema": renamed }), false),
        (Dialect::Cloud, json!({ "transport": transport, "schema": null_output }), false),
        (Dialect::Server1_1, json!({ "transport": transport, "schema": named }), false),
        (Dialect::Server1_1, json!({ "transport": transport, "schema": input }), true),
        (Dialect::Server1_1, json!({ "transport": transport, "schema": with_definitions }), false),
        (Dialect::Server1_0, json!({ "transport": unsigned, "toolSchema": named }), true),
        (Dialect::Server1_0, json!({ "transport": transport, "toolSchema": named }), false),
        (Dialect::Server1_2, json!({ "transport": transport, "schema": named }), false),
        (Dialect::Server1_2, json!({ "transport": transport, "toolSchema": named }), false),
        (Dialect::Server1_2, json!({ "transport": transport, "inputSchema": input }), true),
    ] {
        let document = json!({ "t": entry });
        assert_eq!(decode(dialect, &document.to_string()).is_ok(), is_accepted, "{dialect:?}: {document}");
    }
}
