//! Adds a hint for the agent to an outcome.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;

use crate::toolset::Outcome;

/// Returns the outcome of the call that was made `count` times in a row, with a hint.
pub(super) fn with_hint(outcome: Outcome, count: u32) -> Outcome {
    let advice = format!("this was call {count} in a row with the same arguments; the next one will not be run");
    match outcome {
        Outcome::Success(json) => Outcome::Success(with_property(json, &advice)),
        Outcome::Failed(message) => Outcome::Failed(format!("{message}; {advice}")),
        Outcome::Rejected(message) => Outcome::Rejected(format!("{message}; {advice}")),
        Outcome::BadArguments(_) => Outcome::rejected(format!(
            "the arguments are still invalid, as listed in `details` of the previous result; {advice}"
        )),
        other => other,
    }
}

/// Returns the object with the property `hint`. An object that has such a property is unchanged.
fn with_property(mut json: Vec<u8>, hint: &str) -> Vec<u8> {
    let Ok(properties) = serde_json::from_slice::<BTreeMap<String, IgnoredAny>>(&json) else { return json };
    if properties.contains_key("hint") {
        return json;
    }
    let end = json.iter().rposition(|byte| *byte == b'}').unwrap_or(json.len());
    let separator = if properties.is_empty() { "" } else { "," };
    let property = format!("{separator}\"hint\":{}}}", serde_json::Value::from(hint));
    json.truncate(end);
    json.extend(property.bytes());
    json
}

#[cfg(test)]
mod tests {
    use super::with_property;

    #[test]
    fn a_hint_is_a_property_of_the_result() {
        for (json, expected) in [
            ("{}", r#"{"hint":"a \"b\""}"#),
            (r#"{"result":1}"#, r#"{"result":1,"hint":"a \"b\""}"#),
            ("{\"result\":{}}\n", r#"{"result":{},"hint":"a \"b\""}"#),
            (r#"{"hint":1}"#, r#"{"hint":1}"#),
            ("[1]", "[1]"),
        ] {
            assert_eq!(with_property(json.into(), "a \"b\""), expected.as_bytes());
        }
    }
}
