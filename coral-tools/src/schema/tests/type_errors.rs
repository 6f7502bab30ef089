//! Values that match the schema, which their type rejects.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{One, input, messages, read};
use crate::{ArgumentError, RejectedArgument};

/// A type with its own error messages, of which one is for the agent.
#[derive(Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
struct Code(String);

#[derive(Debug)]
struct NotACode(&'static str);

impl std::fmt::Display for NotACode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl ArgumentError for NotACode {}

impl TryFrom<String> for Code {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "loud" => Err("no product has the code LOUD".to_owned()),
            "open" => Err(RejectedArgument::from(NotACode("the code is in use; choose another")).to_string()),
            _ if text.len() == 4 => Ok(Self(text)),
            _ => Err("codes have 4 letters".to_owned()),
        }
    }
}

#[test]
fn the_message_of_a_type_is_sent_only_if_it_is_for_the_agent() {
    let reported = |code: &str| messages::<One<Code>>(&input::<Code>(), &json!({ "value": code }).to_string());
    let sentence = "`value` is not a string that the tool accepts";
    assert_eq!(reported("secret"), [sentence]);
    assert_eq!(reported("loud"), [sentence]);
    assert_eq!(reported("open"), [format!("{sentence}: the code is in use; choose another")]);
    let problems = read::<One<Code>>(&input::<Code>(), &json!({ "value": "open" })).expect_err("a wrong code");
    assert_eq!(problems[0].reason(), Some("the code is in use; choose another"));
    assert_eq!(
        serde_json::to_value(&problems[0]).expect("it serializes")["reason"],
        "the code is in use; choose another"
    );
}

/// Its schema allows any value.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Value")]
#[schemars(with = "Value")]
struct Never;

impl TryFrom<Value> for Never {
    type Error = &'static str;

    fn try_from(_value: Value) -> Result<Self, Self::Error> {
        Err("never")
    }
}

#[test]
fn a_rejected_value_without_a_type_in_the_schema_is_called_a_value() {
    let problems = messages::<One<Never>>(&input::<Never>(), r#"{"value": 1}"#);
    assert_eq!(problems, ["`value` is not a value that the tool accepts"]);
}

/// The documentation of its variants keeps them out of the schema of a map.
#[derive(Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Documented {
    /// As fast as can be.
    Fast,
    /// With care.
    Slow,
}

#[test]
fn a_key_rejected_by_its_type_is_reported_instead_of_its_value() {
    type Map<K> = HashMap<K, u8>;
    let enumerated = messages::<One<Map<Documented>>>(&input::<Map<Documented>>(), r#"{"value": {"x": 1}}"#);
    let sentence = "the tool rejected the key";
    assert_eq!(enumerated, [format!("`value.x`: {sentence}")]);
    let coded = messages::<One<Map<Code>>>(&input::<Map<Code>>(), r#"{"value": {"code": 1, "open": 1}}"#);
    assert_eq!(coded, [format!("`value.open`: {sentence}: the code is in use; choose another")]);
    let dated = messages::<One<Map<chrono::NaiveDate>>>(&input::<Map<chrono::NaiveDate>>(), r#"{"value": {"x": 1}}"#);
    assert_eq!(dated, [format!("`value.x`: {sentence}")]);
    let lettered = messages::<One<Map<char>>>(&input::<Map<char>>(), r#"{"value": {"xy": 1}}"#);
    assert_eq!(lettered, [format!("`value.xy`: {sentence}")]);

    let value = messages::<One<HashMap<String, Code>>>(&input::<HashMap<String, Code>>(), r#"{"value": {"x": "y"}}"#);
    assert_eq!(value, ["`value.x` is not a string that the tool accepts"]);
    let long = json!({ "value": { "k".repeat(65): 1 } }).to_string();
    let long = messages::<One<Map<Documented>>>(&input::<Map<Documented>>(), &long);
    assert_eq!(long, [format!("`value.{}…`: {sentence}", "k".repeat(64))]);
}
