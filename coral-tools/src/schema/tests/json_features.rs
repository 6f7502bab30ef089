//! Bodies that features of `serde_json` could change: `arbitrary_precision`, `preserve_order`, `raw_value` and
//! `unbounded_depth`, which other crates of an application may enable. `scripts/json-features` runs the tests with them.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Constraint, One, constrained, input, messages, of_struct, three};
use crate::schema::InputSchema;

#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
struct Amount {
    ratio: f64,
    single: f32,
    count: i64,
    list: Vec<f64>,
    maybe: Option<f64>,
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "kind")]
enum Internal {
    Amount(Amount),
    Other { inner: Amount },
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Amount(Amount),
    Other,
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
enum External {
    Amount(Amount),
    Other,
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Untagged {
    Text(String),
    Amount(Amount),
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
struct Flattened {
    id: u8,
    #[serde(flatten)]
    amount: Amount,
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
struct WithDefault<T> {
    value: T,
    #[serde(default = "three")]
    retries: u8,
}

/// Reads a value in one pass and, because of `null` for a default, in two.
fn read_in_both_passes<T>(value: &str) -> Option<T>
where
    T: JsonSchema + DeserializeOwned + Debug + PartialEq,
{
    let schema = of_struct::<WithDefault<T>>();
    let read = |retries| schema.read::<WithDefault<T>>(format!("{{{retries}\"value\": {value}}}").as_bytes()).ok();
    let (first, second) = (read(""), read("\"retries\": null, "));
    assert_eq!(first, second, "the passes disagree about {value}");
    first.map(|it| it.value)
}

#[test]
fn numbers_in_any_form_are_read_in_types_that_serde_buffers() {
    let forms = [("1.50", 1.5_f64), ("1.0E10", 1e10), ("1e2", 100.0), ("-0.10", -0.1), ("2.5e-3", 0.0025), ("7", 7.0)];
    for (form, number) in forms.into_iter().chain([("3.00", 3.0), ("8454257632958897.0", 8_454_257_632_958_897.0)]) {
        let whole = if number.fract() == 0.0 { form } else { "4.0" };
        let count = if number.fract() == 0.0 { number as i64 } else { 4 };
        let amount =
            format!(r#"{{"ratio": {form}, "single": {form}, "count": {whole}, "list": [{form}], "maybe": {form}}}"#);
        let fields = amount.trim_start_matches('{');
        let expected = Amount { ratio: number, single: number as f32, count, list: vec![number], maybe: Some(number) };
        let some = || Some(expected.clone());
        assert_eq!(read_in_both_passes::<Amount>(&amount), some());
        assert_eq!(read_in_both_passes(&format!(r#"{{"kind": "Amount", {fields}"#)), some().map(Internal::Amount));
        let other = read_in_both_passes(&format!(r#"{{"kind": "Other", "inner": {amount}}}"#));
        assert_eq!(other, some().map(|inner| Internal::Other { inner }));
        assert_eq!(read_in_both_passes(&format!(r#"{{"t": "Amount", "c": {amount}}}"#)), some().map(Adjacent::Amount));
        assert_eq!(read_in_both_passes(&format!(r#"{{"Amount": {amount}}}"#)), some().map(External::Amount));
        assert_eq!(read_in_both_passes(&amount), some().map(Untagged::Amount));
        let flattened = read_in_both_passes(&format!(r#"{{"id": 1.0, {fields}"#));
        assert_eq!(flattened, some().map(|amount| Flattened { id: 1, amount }));
        assert_eq!(read_in_both_passes(&format!("[{form}, null]")), Some(vec![Some(number), None]));
        assert_eq!(
            read_in_both_passes(&format!(r#"{{"a": {form}}}"#)),
            Some(BTreeMap::from([("a".to_owned(), number)]))
        );
    }
}

#[test]
fn numbers_that_are_out_of_range_are_rejected() {
    for number in ["1e999", "-1e400", "1.5e309"] {
        assert_eq!(read_in_both_passes::<f64>(number), None);
        assert_eq!(read_in_both_passes::<u8>(number), None);
        assert_eq!(read_in_both_passes::<Untagged>(number), None);
        let body = format!("{{\"value\": {number}}}");
        let reported = messages::<One<f64>>(&input::<f64>(), &body);
        assert!(reported.len() == 1 && reported[0].starts_with("arguments are not valid JSON (line 1"), "{reported:?}");
    }
}

#[test]
fn equal_numbers_are_duplicate_items() {
    let schema = constrained::<Vec<f64>>(&[Constraint::UniqueItems]);
    for items in ["[1.5, 1.50]", "[100, 1e2]", "[1, 1.0]", "[0.1, 1e-1]"] {
        let reported = messages::<One<Vec<f64>>>(&schema, &format!("{{\"value\": {items}}}"));
        assert_eq!(reported, ["`value`: array contains duplicate items"], "{items}");
    }
}

#[test]
fn a_number_is_not_an_object() {
    type Map = HashMap<String, String>;
    for number in ["1.5", "1e2", "7"] {
        let reported = messages::<One<Map>>(&input::<Map>(), &format!("{{\"value\": {number}}}"));
        assert_eq!(reported, ["`value` must be an object, not a number"]);
    }
}

/// An agent can send the private keys of `serde_json`.
#[test]
fn an_object_with_a_private_key_is_an_object() {
    type Map = HashMap<String, String>;
    for key in ["$serde_json::private::Number", "$serde_json::private::RawValue"] {
        let object = json!({ key: "1.5" }).to_string();
        let map = HashMap::from([(key.to_owned(), "1.5".to_owned())]);
        assert_eq!(read_in_both_passes::<Map>(&object), Some(map));
        assert_eq!(read_in_both_passes::<f64>(&object), None);
        assert_eq!(read_in_both_passes::<u8>(&object), None);
        assert_eq!(read_in_both_passes::<Vec<Option<f64>>>(&format!("[{object}]")), None);
        let reported = messages::<One<f64>>(&input::<f64>(), &format!("{{\"value\": {object}}}"));
        assert_eq!(reported, ["`value` must be a number, not an object"]);
    }
}

#[test]
fn integers_beyond_64_bits_are_treated_the_same() {
    let beyond = Constraint::Minimum(crate::schema::Bound::Int(1 << 70));
    assert!(super::try_constrained::<u128>(&[beyond]).is_err(), "JSON numbers have 64 bits");
    assert_eq!(read_in_both_passes::<u64>("18446744073709551616"), None);
    assert_eq!(read_in_both_passes::<u64>("18446744073709551615"), Some(u64::MAX));
    assert_eq!(read_in_both_passes::<f64>("18446744073709551616"), Some(18_446_744_073_709_551_616.0));
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
struct Nested {
    next: Option<Box<Nested>>,
}

/// 128 levels, of which the arguments are one.
#[test]
fn nesting_is_limited_to_128_levels() {
    fn is_read<T: DeserializeOwned>(schema: &InputSchema, open: &str, close: &str, levels: usize) -> bool {
        let inner = format!("{}null{}", open.repeat(levels), close.repeat(levels));
        schema.read::<One<T>>(format!("{{\"value\": {inner}}}").as_bytes()).is_ok()
    }
    for (levels, expected) in [(126, true), (127, false), (10_000, false)] {
        assert_eq!(is_read::<Value>(&input::<Value>(), "[", "]", levels), expected, "{levels} arrays");
        assert_eq!(is_read::<Value>(&input::<Value>(), "{\"a\":", "}", levels), expected, "{levels} objects");
        assert_eq!(is_read::<Nested>(&input::<Nested>(), "{\"next\":", "}", levels), expected, "{levels} structs");
    }
}

#[test]
fn properties_are_in_the_order_of_their_declaration() {
    let schema = of_struct::<Flattened>();
    let names: Vec<_> = schema.json()["properties"].as_object().expect("an object").keys().collect();
    assert_eq!(names, ["id", "ratio", "single", "count", "list", "maybe"]);
}
