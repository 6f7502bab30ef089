//! Tests of schemas and of arguments, by type.

mod any_values;
mod attributes;
mod bounds;
mod constraints;
mod descriptions;
mod documents;
mod format_cases;
mod formats;
mod generate;
mod golden;
mod hostile;
mod integers;
mod json_features;
mod json_text;
mod lint;
mod names;
mod nulls;
mod numbers;
mod outputs;
mod probe;
mod problems;
mod properties;
mod reading;
mod rejections;
mod required_fields;
mod selectors;
mod struct_pairs;
mod type_errors;
mod types;
mod untagged;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Constraint, InputSchema, OutputSchema, Problem, Property, SchemaFn, SchemaProblem};

/// The arguments of a tool with one argument, `value`.
#[derive(Debug, PartialEq, Deserialize)]
struct One<T> {
    value: T,
}

/// The same, if `value` is optional.
#[derive(Debug, PartialEq, Deserialize)]
struct Maybe<T> {
    #[serde(default = "Option::default")]
    value: Option<T>,
}

/// The default of a field, which is not that of its type.
fn three() -> u8 {
    3
}

fn schema_fn<T: JsonSchema>() -> SchemaFn {
    T::json_schema
}

fn property<'a, T: JsonSchema>(name: &'a str, constraints: &'a [Constraint]) -> Property<'a> {
    Property {
        name,
        description: "",
        constraints,
        schema: schema_fn::<T>(),
        optional: false,
        keeps_null: false,
        has_default: false,
        default: None,
        example: None,
        flatten: false,
    }
}

/// The schema of a tool with one argument of type `T`.
fn input<T: JsonSchema>() -> InputSchema {
    constrained::<T>(&[])
}

fn constrained<T: JsonSchema>(constraints: &[Constraint]) -> InputSchema {
    try_constrained::<T>(constraints).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn try_constrained<T: JsonSchema>(constraints: &[Constraint]) -> Result<InputSchema, Vec<SchemaProblem>> {
    InputSchema::from_properties(&[property::<T>("value", constraints)])
}

fn optional<T: JsonSchema>() -> InputSchema {
    let property = Property { optional: true, ..property::<T>("value", &[]) };
    InputSchema::from_properties(&[property]).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn of_struct<T: JsonSchema>() -> InputSchema {
    InputSchema::from_type(schema_fn::<T>()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn output<T: JsonSchema>() -> OutputSchema {
    OutputSchema::from_type(schema_fn::<T>()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// Returns the JSON Schema of the only argument.
fn shown<T: JsonSchema>() -> Value {
    input::<T>().json()["properties"]["value"].clone()
}

fn read<T: DeserializeOwned>(schema: &InputSchema, body: &Value) -> Result<T, Vec<Problem>> {
    schema.read(body.to_string().as_bytes())
}

/// Returns the messages that an agent receives for an invalid body.
fn messages<T: DeserializeOwned + std::fmt::Debug>(schema: &InputSchema, body: &str) -> Vec<String> {
    let problems = schema.read::<T>(body.as_bytes()).expect_err("the body should be rejected");
    problems.iter().map(ToString::to_string).collect()
}

fn value_of<T: DeserializeOwned>(schema: &InputSchema, value: &Value) -> Result<T, Vec<Problem>> {
    read::<One<T>>(schema, &json!({ "value": value })).map(|one| one.value)
}

impl InputSchema {
    /// Returns the parts of the schema that `T` does not deserialize.
    fn probe<T: DeserializeOwned>(&self) -> Vec<SchemaProblem> {
        super::probe::probe(&self.tree, super::try_deserialize::<T>).problems
    }

    /// The schema of a tool whose arguments are `T`.
    fn adjusted<T: DeserializeOwned>(mut self) -> Self {
        self.adjust(super::try_deserialize::<T>);
        self
    }
}
