//! Types whose schema allows any value, so that only the type decides.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{of_struct, three};

/// `null` for `retries` needs the second pass.
#[derive(Debug, Deserialize, JsonSchema)]
struct Call<T> {
    value: T,
    #[serde(default = "three")]
    #[expect(dead_code, reason = "only serde reads the field")]
    retries: u8,
}

/// Reads a value in one pass and in two.
fn read<T: DeserializeOwned>(value: &str) -> [Option<T>; 2] {
    let schema = of_struct::<Call<Value>>();
    ["1", "null"].map(|retries| {
        let body = format!("{{\"value\": {value}, \"retries\": {retries}}}");
        schema.read::<Call<T>>(body.as_bytes()).ok().map(|call| call.value)
    })
}

#[derive(Debug, PartialEq, Deserialize)]
enum Mode {
    Fast,
    Level(u8),
    Range(u8, u8),
    Named { name: String },
}

#[test]
fn an_enum_is_read_as_serde_json_reads_it() {
    for value in [
        r#""Fast""#,
        r#"{"Fast": null}"#,
        r#"{"Level": 1}"#,
        r#"{"Range": [1, 2]}"#,
        r#"{"Named": {"name": "a"}}"#,
        r#"{"Fast": 5}"#,
        r#"{"Fast": {}}"#,
        r#"{"Level": null}"#,
        r#""Level""#,
        r#""Range""#,
        r#"{"Range": [1]}"#,
        r#"{"Range": [1, 2, 3]}"#,
        r#"{"Fast": null, "Level": 1}"#,
        r#"{"Named": {}}"#,
        r#"{"Slow": null}"#,
        "{}",
        "[]",
        "null",
        "1",
    ] {
        let expected = || serde_json::from_str::<Mode>(value).ok();
        assert_eq!(read::<Mode>(value), [expected(), expected()], "{value}");
    }
}

/// The first pass keeps the text; the second one has only the value.
#[cfg(feature = "testing")]
#[test]
fn a_raw_value_is_the_text_or_an_equal_one() {
    use serde_json::value::RawValue;

    for (value, equal) in [
        (r#"{"a": [1.50, 1e2 ],"b":"\u0061\n"}"#, r#"{"a":[1.5,100.0],"b":"a\n"}"#),
        ("[ true,null ]", "[true,null]"),
        ("-0", "-0.0"),
        ("\"é\"", "\"é\""),
    ] {
        let texts = read::<Box<RawValue>>(value).map(|raw| raw.map(|raw| raw.get().to_owned()));
        assert_eq!(texts, [Some(value.to_owned()), Some(equal.to_owned())]);
    }
    assert!(read::<Box<RawValue>>("[1").iter().all(Option::is_none));
}

#[test]
fn a_wide_integer_has_all_digits_in_the_first_pass() {
    let [first, _] = read::<u128>(&u128::MAX.to_string());
    assert_eq!(first, Some(u128::MAX));
}
