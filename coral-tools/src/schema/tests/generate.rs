//! Generates values from a schema, as an agent would.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Returns a strategy for the values that a JSON Schema allows.
pub(super) fn valid(schema: &Value, defs: &Value, depth: usize) -> BoxedStrategy<Value> {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.trim_start_matches("#/$defs/");
        return valid(&defs[name], defs, depth + 1);
    }
    if let Some(options) = schema["anyOf"].as_array() {
        let options = options.iter().map(|option| valid(option, defs, depth + 1));
        return proptest::strategy::Union::new(options).boxed();
    }
    if let Some(values) = schema["enum"].as_array() {
        return proptest::sample::select(values.clone()).boxed();
    }
    match schema["type"].as_str().expect("a type") {
        "null" => Just(Value::Null).boxed(),
        "boolean" => any::<bool>().prop_map(Value::from).boxed(),
        "integer" => integer(schema),
        "number" => number(schema),
        "string" => text(schema),
        "array" => array(schema, defs, depth),
        _ => object(schema, defs, depth),
    }
}

fn integer(schema: &Value) -> BoxedStrategy<Value> {
    let low = schema["minimum"].as_i64().unwrap_or(-1 << 60);
    let high = schema["maximum"].as_i64().unwrap_or(1 << 60);
    let exact = |number: i64| number.unsigned_abs() < 1 << 53;
    let written = move |(number, float)| {
        if float && exact(number) { json!(number as f64) } else { json!(number) }
    };
    (prop_oneof![low..=high, Just(low), Just(high)], any::<bool>()).prop_map(written).boxed()
}

fn number(schema: &Value) -> BoxedStrategy<Value> {
    let low = schema["minimum"].as_f64().unwrap_or(-1e30);
    let high = schema["maximum"].as_f64().unwrap_or(1e30);
    let whole = (low.max(-1e9) as i64)..=(high.min(1e9) as i64);
    prop_oneof![(low..=high).prop_map(Value::from), whole.prop_map(Value::from)].boxed()
}

fn text(schema: &Value) -> BoxedStrategy<Value> {
    if let Some(format) = schema["format"].as_str() {
        return formatted(format);
    }
    let pattern = match (schema["pattern"].as_str(), &schema["minLength"], &schema["maxLength"]) {
        (Some(pattern), ..) => pattern.trim_matches(['^', '$']).to_owned(),
        (None, min, max) => format!("(?s).{{{},{}}}", min.as_u64().unwrap_or(0), max.as_u64().unwrap_or(8)),
    };
    let strategy = proptest::string::string_regex(&pattern).expect("a pattern");
    strategy.prop_map(Value::from).boxed()
}

/// Strings in a format; for years, days and hours, any are enough.
fn formatted(format: &str) -> BoxedStrategy<Value> {
    let pattern = match format {
        "date" => "[12][0-9]{3}-0[1-9]-[12][0-8]",
        "date-time" => {
            "[12][0-9]{3}-0[1-9]-[12][0-8]T1[0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,3})?(Z|[+-]0[0-9]:[0-5][0-9])"
        }
        "uuid" => "[0-9a-fA-F]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        "email" => "[a-z]{1,5}@[a-z]{1,5}\\.example",
        other => panic!("no strategy for `{other}`"),
    };
    proptest::string::string_regex(pattern).expect("a pattern").prop_map(Value::from).boxed()
}

fn array(schema: &Value, defs: &Value, depth: usize) -> BoxedStrategy<Value> {
    let min = schema["minItems"].as_u64().unwrap_or(0) as usize;
    let max = schema["maxItems"].as_u64().map_or(min + 2, |max| max as usize);
    if depth > 6 && min == 0 {
        return Just(json!([])).boxed();
    }
    vec(valid(&schema["items"], defs, depth + 1), min..=max).prop_map(Value::from).boxed()
}

fn object(schema: &Value, defs: &Value, depth: usize) -> BoxedStrategy<Value> {
    let required = schema["required"].as_array().expect("a list").clone();
    let fields = schema["properties"].as_object().expect("fields").clone();
    let fields = fields.into_iter().map(|(name, field)| {
        let value = valid(&field, defs, depth + 1);
        let value = match required.contains(&json!(name)) {
            true => value.prop_map(Some).boxed(),
            false => proptest::option::of(value).boxed(),
        };
        (Just(name), value)
    });
    let more = match &schema["additionalProperties"] {
        more @ Value::Object(_) => {
            proptest::collection::btree_map("[a-z]{1,3}", valid(more, defs, depth + 1), 0..3).boxed()
        }
        _ => Just(BTreeMap::new()).boxed(),
    };
    (fields.collect::<Vec<_>>(), more)
        .prop_map(|(fields, more)| {
            let fields = fields.into_iter().filter_map(|(name, value)| Some((name, value?)));
            Value::Object(fields.chain(more).collect::<Map<_, _>>())
        })
        .boxed()
}
