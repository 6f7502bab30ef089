//! Constraints on option values, at their boundaries.

use coral_tools::session::OptionValue;
use serde_json::{Value, json};

use super::option_problems;

#[track_caller]
fn passes(option: &Value, value: impl Into<OptionValue>) {
    assert_eq!(option_problems(option, value), [""; 0], "{option}");
}

#[track_caller]
fn fails(option: &Value, value: impl Into<OptionValue>, reported: &str) {
    assert_eq!(option_problems(option, value), [format!("option `X` {reported}")], "{option}");
}

macro_rules! extremes {
    ($($rust:ident),*) => {$(
        #[test]
        fn $rust() {
            let kind = stringify!($rust);
            let inside = json!({"type": kind, "validation": {"min": $rust::MIN, "max": $rust::MAX}});
            passes(&inside, $rust::MIN);
            passes(&inside, $rust::MAX);
            let within = json!({"type": kind, "validation": {"min": $rust::MIN + 1, "max": $rust::MAX - 1}});
            passes(&within, $rust::MIN + 1);
            passes(&within, $rust::MAX - 1);
            fails(&within, $rust::MIN, &format!("is less than {}", $rust::MIN + 1));
            fails(&within, $rust::MAX, &format!("is greater than {}", $rust::MAX - 1));
            // Also in a list; and some registries write numbers as strings.
            let text = json!({"min": ($rust::MIN + 1).to_string(), "max": ($rust::MAX - 1).to_string()});
            let list = json!({"type": format!("list[{kind}]"), "validation": text});
            passes(&list, vec![$rust::MIN + 1, $rust::MAX - 1]);
            passes(&list, Vec::<$rust>::new());
            let reported = option_problems(&list, vec![$rust::MIN, 1, $rust::MAX]);
            let [less, more] = [$rust::MIN + 1, $rust::MAX - 1];
            assert_eq!(reported, [format!("option `X[0]` is less than {less}"), format!("option `X[2]` is greater than {more}")]);
        }
    )*};
}
extremes!(i8, i16, i32, i64, u8, u16, u32, u64);

#[test]
fn float_constraints_have_the_precision_of_the_type() {
    let f64 = json!({"type": "f64", "validation": {"min": 0, "max": 0.1}});
    passes(&f64, 0.0);
    passes(&f64, 0.1);
    fails(&f64, 0.1_f64.next_up(), "is greater than 0.1");
    fails(&f64, -f64::MIN_POSITIVE, "is less than 0");
    fails(&f64, -0.0, "is less than 0");
    let extremes = json!({"type": "f64", "validation": {"min": f64::MIN, "max": f64::MAX}});
    passes(&extremes, f64::MIN);
    passes(&extremes, f64::MAX);
    // The server rounds the constraint to 32 bits as well.
    let f32 = json!({"type": "f32", "validation": {"min": 0.1, "max": 0.3, "variants": [0.1, 0.3]}});
    passes(&f32, 0.1_f32);
    passes(&f32, 0.3_f32);
    fails(&f32, 0.2_f32, "is not one of `0.1`, `0.3`");
    assert_eq!(
        option_problems(&f32, 0.3_f32.next_up()),
        ["option `X` is greater than 0.3", "option `X` is not one of `0.1`, `0.3`"]
    );
}

#[test]
fn numbers_must_be_one_of_the_variants() {
    let option = json!({"type": "i32", "validation": {"min": 10, "max": 100, "variants": [50, 9, 101, 5e1]}});
    passes(&option, 50);
    assert_eq!(option_problems(&option, 9), ["option `X` is less than 10"]);
    assert_eq!(option_problems(&option, 101), ["option `X` is greater than 100"]);
    fails(&option, 70, "is not one of `50`, `9`, `101`, `50.0`");
    passes(&json!({"type": "i32", "validation": {"variants": []}}), 1);
    passes(&json!({"type": "u64", "validation": {"variants": ["18446744073709551615"]}}), u64::MAX);
}

#[test]
fn lengths_are_counted_in_utf_8_bytes() {
    let option = json!({"type": "string", "validation": {"min_length": 2, "max_length": 4}});
    passes(&option, "é");
    passes(&option, "🦀");
    fails(&option, "e", "is shorter than 2 bytes of UTF-8");
    fails(&option, "ééé", "is longer than 4 bytes of UTF-8");
}

#[test]
fn strings_must_be_one_of_the_variants() {
    let option = json!({"type": "string", "validation": {"variants": ["a", "B`\n"]}});
    passes(&option, "a");
    fails(&option, "b", "is not one of `a`, `B`\\n`");
}

#[test]
fn blob_sizes_are_exact_to_the_byte() {
    let option = json!({"type": "blob", "validation": {"min_size": "1.00 MiB", "max_size": "1.00 MiB"}});
    passes(&option, OptionValue::blob(vec![0; 1 << 20]));
    fails(&option, OptionValue::blob(vec![0; (1 << 20) + 1]), "is larger than 1.00 MiB (1048576 bytes)");
    fails(&option, OptionValue::blob(vec![0; (1 << 20) - 1]), "is smaller than 1.00 MiB (1048576 bytes)");
    let list = json!({"type": "list[blob]", "validation": {"max_size": {"size": 1.0, "unit": "b"}}});
    let reported = option_problems(&list, OptionValue::blobs([vec![0; 2], vec![0], vec![]]));
    assert_eq!(reported, ["option `X[0]` is larger than 1.0 b (1 bytes)"]);
}

#[test]
fn a_long_list_of_problems_is_truncated_with_a_count() {
    let list = json!({"type": "list[i32]", "validation": {"max": 0}});
    let reported = option_problems(&list, vec![1; 1000]);
    assert_eq!(reported.len(), 11);
    assert_eq!(reported[10], "option `X` has 990 more invalid items");
}

/// Whether a string matches a regular expression; `None` if only the server can check it.
fn matches(regex: &str, text: &str) -> Option<bool> {
    let option = json!({"type": "string", "validation": {"regex": regex}});
    let registry_agent = super::registry_agent_with(&json!({"X": option}));
    let agent = super::writer().option("X", text).inspected(registry_agent);
    let request = coral_tools::SessionRequest::in_namespace("default").agent(agent);
    request.warnings().is_empty().then(|| request.check().is_ok())
}

#[test]
fn regular_expressions_have_java_semantics_and_match_the_whole_string() {
    let email = r"^[\w-\.]+@([\w-]+\.)+[\w-]{2,4}$";
    for (regex, matching, other) in [
        (
            email,
            &["test@test.com", "a@a.se", "a-b.c@d-e.info"][..],
            &["bad-email.com", "a@a.se\n", "é@a.se", " a@a.se"][..],
        ),
        ("a|b", &["a", "b"], &["ab", "", "xa"]),
        ("a.c", &["abc", "a🦀c"], &["a\nc", "a\rc", "a\u{2028}c"]),
        (r"\d{2,3}?", &["12", "123"], &["1", "1234", "١٢"]),
        ("(?i)straße", &["STRAßE", "straße"], &["STRASSE", "STRAẞE"]),
        (r"[a\-z]", &["a", "-", "z"], &["b"]),
        (r"[+--]", &["+", ",", "-"], &["."]),
        (r"[\d-x]", &["1", "-", "x"], &["y"]),
        (r"[^\s&]+", &["ab"], &["a b", "a&b"]),
        (r"\<\>\/\@\_", &["<>/@_"], &["x"]),
        (r"\x41\u00e9", &["Aé"], &["A"]),
        ("(?<year>[0-9]{4})(?:-[0-9]{2})*", &["2026", "2026-01-02"], &["202"]),
        ("(^a$)|b$", &["a", "b"], &["c"]),
        ("", &[""], &["a"]),
        // Whether `\b` treats `é` as a letter depends on the server's Java version.
        (r"a\b.*", &["a", "a b", "aé"], &["ab"]),
    ] {
        for text in matching {
            assert_eq!(matches(regex, text), Some(true), "{regex} {text:?}");
        }
        for text in other {
            assert_eq!(matches(regex, text), Some(false), "{regex} {text:?}");
        }
    }
}

#[test]
fn untranslatable_regular_expressions_are_left_to_the_server() {
    for regex in [
        "(?=a)a",
        "(?!a)b",
        "(?<=a)b",
        "(?<!a)b",
        "(?>a)b",
        r"(a)\1",
        r"(?<x>a)\k<x>",
        "a*+",
        "a++b",
        "a?+",
        "a+{2}",
        "a{2}{3}",
        "(?i)*a",
        "a{1,2}+",
        r"\p{L}+",
        "[a[bc]]",
        "[a-z&&[^b]]",
        r"\Qa.b\E",
        "(?m)^a$",
        "(?s).",
        r"\R",
        r"\h",
        r"\Z",
        r"\G",
        r"a$\n",
        "a{",
        "[",
        "[]a]",
        "(",
        r"\",
        r"\b{g}",
        r"\u12",
        r"\07",
    ] {
        assert_eq!(matches(regex, "text"), None, "{regex}");
    }
}
