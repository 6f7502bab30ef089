//! The tables of attributes in `docs/schemas.md`: each row has a case, and each attribute has a row.

mod of_schemars;
mod of_serde;

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::types::holds;
use super::{One, input, of_struct, output, shown, value_of};

const DOCS: &str = include_str!("../../../../docs/schemas.md");

/// A row of a table: an attribute, what it is on, and how it is treated.
type Row<'a> = (&'a str, &'a str, &'a str);

/// The same, with a test of the treatment.
type Case = (&'static str, &'static str, &'static str, fn());

/// Returns the rows of a table, one for each attribute and each thing that it is on.
fn rows(heading: &str) -> Vec<Row<'static>> {
    let table = DOCS.split_once(&format!("| {heading} |")).expect("the table").1;
    let lines = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let rows = lines.flat_map(|line| {
        let cells: Vec<_> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [attributes, places, treatment] = cells[..] else { panic!("not three cells: {line}") };
        let pairs = attributes.split(", ").flat_map(|attribute| places.split(", ").map(move |on| (attribute, on)));
        pairs.map(|(attribute, on)| (attribute.trim_matches('`'), on, treatment)).collect::<Vec<_>>()
    });
    rows.collect()
}

/// Checks that the table has a row for each case and vice versa, with the same treatment, and runs the cases.
fn check_table(heading: &str, cases: &[Case]) {
    let rows = rows(heading);
    let listed: Vec<_> = rows.iter().map(|(attribute, on, _)| (*attribute, *on)).collect();
    for pair in &listed {
        assert_eq!(listed.iter().filter(|other| *other == pair).count(), 1, "{pair:?} has several rows");
        assert!(cases.iter().any(|case| (case.0, case.1) == *pair), "{pair:?} has no case");
    }
    for (attribute, on, treatment, check) in cases {
        let row = rows.iter().find(|row| (row.0, row.1) == (*attribute, *on));
        let (_, _, documented) = row.unwrap_or_else(|| panic!("`{attribute}` on {on} has no row"));
        assert!(documented.starts_with(treatment), "`{attribute}` on {on} is {treatment}, not {documented}");
        check();
    }
}

/// Checks that the table has each attribute of a list, and no others.
fn check_complete(heading: &str, places: &[&str], expected: &[&str]) {
    let rows = rows(heading);
    let listed = rows.iter().filter(|(_, on, _)| places.contains(on)).map(|(attribute, _, _)| *attribute);
    assert_eq!(listed.collect::<BTreeSet<_>>(), expected.iter().copied().collect(), "{places:?}");
}

/// The attributes in `serde_derive`'s `internals/attr.rs`.
#[test]
fn every_attribute_of_serde_has_a_row() {
    let types = [
        "bound",
        "content",
        "crate",
        "default",
        "deny_unknown_fields",
        "expecting",
        "field_identifier",
        "from",
        "into",
        "remote",
        "rename",
        "rename_all",
        "rename_all_fields",
        "tag",
        "transparent",
        "try_from",
        "untagged",
        "variant_identifier",
    ];
    let variants = [
        "alias",
        "bound",
        "borrow",
        "deserialize_with",
        "other",
        "rename",
        "rename_all",
        "serialize_with",
        "skip",
        "skip_deserializing",
        "skip_serializing",
        "untagged",
        "with",
    ];
    let fields = [
        "alias",
        "bound",
        "borrow",
        "default",
        "deserialize_with",
        "flatten",
        "getter",
        "rename",
        "serialize_with",
        "skip",
        "skip_deserializing",
        "skip_serializing",
        "skip_serializing_if",
        "with",
    ];
    check_complete("attribute of serde", &["type", "enum", "struct"], &types);
    check_complete("attribute of serde", &["variant"], &variants);
    check_complete("attribute of serde", &["field", "option"], &fields);
}

/// The attributes in `schemars_derive`'s `attr/mod.rs` and `attr/validation.rs`.
#[test]
fn every_attribute_of_schemars_has_a_row() {
    let types = [
        "bound",
        "crate",
        "description",
        "example",
        "extend",
        "inline",
        "rename",
        "repr",
        "title",
        "transform",
        "with",
    ];
    let variants = ["description", "extend", "skip", "title", "transform", "with"];
    let fields = [
        "contains",
        "default",
        "description",
        "email",
        "example",
        "extend",
        "inner",
        "ip",
        "ipv4",
        "ipv6",
        "length",
        "pattern",
        "range",
        "regex",
        "rename",
        "required",
        "schema_with",
        "skip",
        "title",
        "transform",
        "url",
        "with",
    ];
    check_complete("attribute of schemars", &["type", "enum", "struct"], &types);
    check_complete("attribute of schemars", &["variant"], &variants);
    check_complete("attribute of schemars", &["field", "option"], &fields);
}

#[test]
fn attributes_of_serde_are_treated_as_documented() {
    check_table("attribute of serde", of_serde::CASES);
}

#[test]
fn attributes_of_schemars_are_treated_as_documented() {
    check_table("attribute of schemars", of_schemars::CASES);
}

/// Checks that two types have the same schema.
fn same_schema<A: JsonSchema, B: JsonSchema>() {
    assert_eq!(shown::<A>(), shown::<B>());
}

/// Checks that the type is rejected when a toolset is built, at this location in the parameter `value`.
fn rejected<T: JsonSchema + DeserializeOwned>(path: &str) {
    let problems = match super::try_constrained::<T>(&[]) {
        Ok(schema) => schema.probe::<One<T>>(),
        Err(problems) => problems,
    };
    assert_eq!(problems.iter().map(super::SchemaProblem::path).collect::<Vec<_>>(), [path]);
}

/// Reads a value as an agent sends it.
fn reads<T: JsonSchema + DeserializeOwned>(value: &Value) -> T {
    value_of(&input::<T>(), value).unwrap_or_else(|problems| panic!("{value}: {problems:?}"))
}

/// Returns what agents read if this is the whole input.
fn answer<T: JsonSchema + DeserializeOwned + std::fmt::Debug>(body: &Value) -> Vec<String> {
    super::messages::<T>(&of_struct::<T>(), &body.to_string())
}

/// Returns the names of the properties of a result, and those that are required.
fn result_names<T: JsonSchema>() -> (Vec<String>, Value) {
    let schema = output::<T>();
    let properties = schema.json()["properties"].as_object().expect("properties");
    (properties.keys().cloned().collect(), schema.json()["required"].clone())
}

/// Checks that a value is read and serialized as itself.
fn round_trips<T: JsonSchema + DeserializeOwned + Serialize>(value: &Value) {
    assert_eq!(json!(reads::<T>(value)), *value);
}
