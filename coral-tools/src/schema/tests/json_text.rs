//! JSON text: [`JsonText`] reads what `serde_json` reads, and nothing else.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::schema::read::budget::Budget;
use crate::schema::read::parsed::ParsedValue;
use crate::schema::read::text::JsonText;

fn parsed(text: &str) -> Option<ParsedValue<'_>> {
    let mut json = JsonText::new(text);
    json.parse_value(&Budget::unlimited()).and_then(|value| json.end().map(|()| value)).ok()
}

/// Returns the end of the first value.
fn skipped(text: &str) -> Option<&str> {
    JsonText::new(text).value_text().ok()
}

/// Asserts that both readers return the same value, or both an error.
fn assert_same(text: &str) {
    let value = serde_json::from_str::<Value>(text).ok().filter(has_finite_numbers);
    let own = parsed(text);
    // Of duplicate keys, `Value` has the last one. As text, `0` and `-0` differ.
    let text_of = |value: &ParsedValue<'_>| value.to_json().to_string();
    let expected = value.as_ref().map(|value| text_of(&ParsedValue::from(value)));
    assert_eq!(own.as_ref().map(text_of), expected, "{text}");
    if own.is_some() {
        assert_eq!(skipped(text), Some(text.trim_ascii()), "{text}");
    }
}

/// With its feature `arbitrary_precision`, `serde_json` accepts numbers of any size.
fn has_finite_numbers(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_f64().is_some_and(f64::is_finite),
        Value::Array(items) => items.iter().all(has_finite_numbers),
        Value::Object(members) => members.values().all(has_finite_numbers),
        _ => true,
    }
}

/// Text that is nearly JSON.
fn nearly_json() -> impl Strategy<Value = String> {
    let tokens = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\"",
        "\"\\n\"",
        "\"\\u00e9\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "\\",
        "\\u",
        "\"ä\"",
        "\u{1}",
        " ",
        "\n    ",
        "\t",
        "null",
        "true",
        "false",
        "nul",
        "-",
        "0",
        "00",
        "-0",
        "1",
        "12",
        "1.5",
        "1.",
        ".5",
        "1e5",
        "1E-3",
        "1e",
        "1e+",
        "-1.25e2",
        "1e999",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775809",
        "9007199254740993",
        "0.1000000000000000055511151231257827",
        "123456789012345678901234567890",
        "/",
        "é",
    ];
    vec(prop::sample::select(tokens.to_vec()), 0..12).prop_map(|tokens| tokens.concat())
}

fn any_json() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-1e6..1e6).prop_map(|number: f64| Value::from((number * 100.0).round() / 100.0)),
        any::<String>().prop_map(Value::from),
        "[a-z\"\\\\\n\u{7f}é😀]{0,80}".prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map("[a-z\"\\\\é]{0,12}", inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn nearly_json_is_read_as_serde_json_reads_it(text in nearly_json()) {
        assert_same(&text);
    }

    #[test]
    fn a_value_is_read_in_every_format(value in any_json()) {
        assert_same(&value.to_string());
        assert_same(&serde_json::to_string_pretty(&value).expect("it serializes"));
    }

    #[test]
    fn a_changed_byte_is_read_as_serde_json_reads_it(value in any_json(), at in any::<prop::sample::Index>(), byte in 0_u8..128) {
        let mut text = value.to_string().into_bytes();
        let at = at.index(text.len());
        text[at] = byte;
        if let Ok(text) = std::str::from_utf8(&text) {
            assert_same(text);
        }
    }

    #[test]
    fn escapes_are_read_as_serde_json_reads_them(units in vec(any::<u16>(), 1..6), cut in 0_usize..3) {
        let escapes: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
        assert_same(&format!("\"{escapes}\""));
        assert_same(&format!("\"{}\"", &escapes[..escapes.len() - cut]));
        assert_same(&format!("\"{}\"", escapes.to_uppercase().replace("\\U", "\\u")));
    }

    /// The digits of a number decide, not how they are computed.
    #[test]
    fn decimals_are_the_nearest_numbers(whole in 0_u64..1 << 60, fraction in "[0-9]{1,30}", exponent in -30_i32..30) {
        for text in [format!("{whole}.{fraction}"), format!("-{whole}.{fraction}"), format!("{whole}.{fraction}e{exponent}")] {
            let expected: f64 = text.parse().expect("a number");
            let number = parsed(&text).and_then(|value| value.number()).expect("a number");
            assert_eq!(number, crate::schema::Bound::Float(expected), "{text}");
        }
    }
}

/// Strings whose end is at each position of a word of eight bytes, and beyond the length from which the search is another.
#[test]
fn strings_of_every_length_end_at_their_quote() {
    for length in 0..100 {
        for special in ["", "\\n", "é", "\u{7f}", "\u{1}", "\\\"", "\u{80}"] {
            for position in [0, length / 2, length] {
                let text = format!("{}{special}{}", "a".repeat(position), "b".repeat(length - position));
                assert_same(&format!("\"{text}\""));
                assert_same(&format!("[\"{text}\", \"{text}\"]"));
                assert_same(&format!("\"{text}"));
            }
        }
    }
}

/// Beyond 32 bytes, all control characters before the quote are looked for at once.
#[test]
fn long_strings_have_spaces_and_no_control_characters() {
    let long = "a string with spaces ".repeat(4);
    for text in ["{}", "{}\u{1}", "{}\u{1}\u{1}", "\u{1f}{}\n", "{}\t{}"] {
        let string = format!("\"{}\"", text.replace("{}", &long));
        assert_same(&string);
        assert_same(&format!("[{string},\n{string}\n]"));
    }
}

#[test]
fn every_escape_is_the_character_that_it_stands_for() {
    for byte in 0..128_u8 {
        let escape = char::from(byte);
        assert_same(&format!("\"\\{escape}\""));
        assert_same(&format!("\"a\\{escape}b\\\\\""));
        assert_same(&format!("{{\"\\{escape}\":1}}"));
    }
}

#[test]
fn numbers_at_the_limits_of_64_bits_are_exact() {
    let numbers = [
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "18446744073709551615",
        "18446744073709551616",
        "9999999999999999999",
        "10000000000000000000",
        "-0",
        "-0.0",
        "0",
        "9007199254740992.5",
        "9007199254740991.5",
        "0.30000000000000004",
        "1.7976931348623157e308",
        "1.7976931348623159e308",
        "5e-324",
        "4.35",
        "0.000001",
        "123456789012345.678",
        // The digits are a small number modulo 2^64.
        "18446744073709551617.5",
        "1.8446744073709551626",
    ];
    for number in numbers {
        assert_same(number);
        assert_same(&format!("[{number}]"));
    }
    assert_eq!(parsed("-0").map(|zero| zero.to_json()), Some(json!(-0.0)));
}

#[test]
fn the_position_of_an_error_is_that_of_the_first_wrong_byte() {
    let cases = [
        ("{", (1, 1)),
        ("", (1, 1)),
        ("{\"a\" 1}", (1, 6)),
        ("[1, 2,\n  x]", (2, 3)),
        ("\"a\u{1}\"", (1, 3)),
        ("[1] x", (1, 5)),
        ("nul", (1, 1)),
        ("\"a string of more than thirty-two bytes, \u{1}\"", (1, 42)),
    ];
    for (text, expected) in cases {
        let mut json = JsonText::new(text);
        let value = json.parse_value(&Budget::unlimited());
        assert!(value.is_err() || json.end().is_err(), "{text}");
        assert_eq!(json.line_and_column(), expected, "{text}");
    }
}

#[test]
fn commas_and_colons_are_between_values_only() {
    let cases = [
        "[,1]",
        "[,]",
        "[1,]",
        "[1,,2]",
        "[1 2]",
        "[1:2]",
        "[1}",
        "{,\"a\":1}",
        "{,}",
        "{\"a\":1,}",
        "{\"a\":1,,\"b\":2}",
        "{\"a\":1 \"b\":2}",
        "{\"a\",1}",
        "{\"a\"}",
        "{\"a\":}",
        "{1:2}",
        "{:1}",
        "{\"a\":1]",
        ",",
        ":",
        "[1],",
        "{}:",
    ];
    for text in cases {
        assert_same(text);
        assert_eq!(skipped(text).filter(|value| *value == text), None, "{text}");
    }
}

/// The levels of a value are those around it, not those of its neighbours.
#[test]
fn any_number_of_arrays_and_objects_may_follow_each_other() {
    for item in ["[]", "{}", "[[]]", "{\"a\":{}}"] {
        assert_same(&format!("[{}]", vec![item; 1_000].join(",")));
    }
}
