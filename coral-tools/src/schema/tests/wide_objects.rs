//! Objects with more fields than most, whose names the reader keeps in other ways.

use serde_json::{Map, Value, json};

use super::{InputSchema, messages};

const FIELDS: usize = 70;

fn name(index: usize) -> String {
    format!("field{index:02}")
}

/// A tool with many required arguments. No type finds out that one is missing.
fn schema() -> InputSchema {
    let properties: Map<_, _> = (0..FIELDS).map(|index| (name(index), json!({"type": "integer"}))).collect();
    let required: Vec<_> = (0..FIELDS).map(name).collect();
    let document = json!({"type": "object", "properties": properties, "required": required});
    InputSchema::from_document(&document).expect("a schema")
}

/// Returns a body with these fields, in this order.
fn body(fields: impl Iterator<Item = usize>) -> String {
    let members: Vec<_> = fields.map(|index| format!("\"{}\":1", name(index))).collect();
    format!("{{{}}}", members.join(","))
}

#[test]
fn every_required_field_of_a_wide_object_must_be_there() {
    let schema = schema();
    for all in [body(0..FIELDS), body((0..FIELDS).rev())] {
        assert!(schema.read::<Value>(all.as_bytes()).is_ok(), "{all}");
    }
    for missing in 0..FIELDS {
        let expected = [format!("`{}` is missing; it must be an integer", name(missing))];
        let others = || (0..FIELDS).filter(|index| *index != missing);
        assert_eq!(messages::<Value>(&schema, &body(others())), expected);
        assert_eq!(messages::<Value>(&schema, &body(others().rev())), expected);
    }
}

#[test]
fn each_field_of_a_wide_object_is_read_once() {
    let schema = schema();
    for twice in 0..FIELDS {
        let expected = [format!("`{}` is given more than once", name(twice))];
        let body = body((0..FIELDS).chain([twice]));
        assert_eq!(messages::<Value>(&schema, &body), expected);
    }
}
