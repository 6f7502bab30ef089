//! Numbers as agents write them: they arrive as they were sent, or are rejected with a message.

use std::sync::LazyLock;

use proptest::prelude::*;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{One, constrained, input, messages, of_struct, three};
use crate::schema::tree::node::NodeKind;
use crate::schema::tree::number::NumberSchema;
use crate::schema::{Bound, Constraint, InputSchema};

/// The greatest integer whose neighbours are exact as `f64`, too.
const EXACT: i64 = (1 << 53) - 1;

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
struct Numbers<T> {
    number: T,
    /// `null` for it needs the second pass.
    #[serde(default = "three")]
    retries: u8,
    /// A union is buffered in the first pass.
    list: Vec<Option<T>>,
}

static I64: LazyLock<InputSchema> = LazyLock::new(of_struct::<Numbers<i64>>);
static U64: LazyLock<InputSchema> = LazyLock::new(of_struct::<Numbers<u64>>);
static F64: LazyLock<InputSchema> = LazyLock::new(of_struct::<Numbers<f64>>);

fn body(number: &str, retries: &str) -> String {
    format!("{{{retries}\"number\": {number}, \"list\": [{number}, null]}}")
}

/// Reads a number in one pass and in two.
fn read<T: DeserializeOwned + PartialEq + Copy + std::fmt::Debug>(schema: &InputSchema, number: &str) -> Option<T> {
    let read = |retries| schema.read::<Numbers<T>>(body(number, retries).as_bytes()).ok();
    let (first, second) = (read(""), read("\"retries\": null, "));
    assert_eq!(first, second, "the passes disagree about {number}");
    let first = first?;
    assert_eq!(first.list, [Some(first.number), None], "{number}");
    Some(first.number)
}

/// Writes an integer with a point or an exponent, in digits that are equal to it.
fn written(whole: i128, form: usize, zeros: usize) -> String {
    let digits = whole.unsigned_abs().to_string();
    let sign = if whole < 0 { "-" } else { "" };
    let (first, rest) = digits.split_at(1);
    // JSON has no `00`.
    let zeros = "0".repeat(if whole == 0 { 0 } else { zeros });
    match form {
        0 => format!("{sign}{digits}.0{zeros}"),
        1 => format!("{sign}{digits}{zeros}e-{}", zeros.len()),
        2 => format!("{sign}{digits}E0"),
        _ => format!("{sign}{first}.{rest}0{zeros}e+{}", rest.len()),
    }
}

fn form() -> impl Strategy<Value = (usize, usize)> {
    (0..4_usize, 0..4_usize)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn integers_to_2_to_the_53_arrive_exactly_in_any_form(whole in prop_oneof![-EXACT..=EXACT, -9_999..=9_999_i64], (form, zeros) in form()) {
        let number = written(whole.into(), form, zeros);
        prop_assert_eq!(read::<i64>(&I64, &number), Some(whole), "{}", &number);
        prop_assert_eq!(read::<u64>(&U64, &number), u64::try_from(whole).ok(), "{}", &number);
        prop_assert_eq!(read::<f64>(&F64, &number), Some(whole as f64), "{}", &number);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn integers_in_plain_digits_arrive_exactly(signed in any::<i64>(), unsigned in any::<u64>()) {
        prop_assert_eq!(read::<i64>(&I64, &signed.to_string()), Some(signed));
        prop_assert_eq!(read::<u64>(&U64, &unsigned.to_string()), Some(unsigned));
        prop_assert_eq!(read::<f64>(&F64, &signed.to_string()), Some(signed as f64));
    }

    #[test]
    fn larger_integers_with_a_point_are_rejected(whole in any::<i64>(), near in 0..100_i64, (form, zeros) in form()) {
        for whole in [whole, EXACT + near, -EXACT - near] {
            let number = written(whole.into(), form, zeros);
            let expected = (whole.abs() <= EXACT).then_some(whole);
            prop_assert_eq!(read::<i64>(&I64, &number), expected, "{}", number);
        }
    }

    #[test]
    fn floats_are_the_nearest_ones(digits in "-?[1-9][0-9]{0,20}(\\.[0-9]{1,20})?(e-?[1-9][0-9]?)?") {
        let nearest: f64 = digits.parse().expect("a number");
        prop_assert_eq!(read::<f64>(&F64, &digits), Some(nearest), "{}", digits);
    }
}

#[test]
fn a_large_integer_with_a_point_is_explained() {
    let explained =
        ["`number` must be written without a decimal point and an exponent, because it exceeds 9007199254740991"];
    for number in ["9007199254740992.0", "9007199254740993.0", "-9.007199254740993e15", "1e18"] {
        let body = format!("{{\"number\": {number}, \"list\": []}}");
        assert_eq!(messages::<Numbers<i64>>(&I64, &body), explained, "{number}");
    }
    let out_of_range = messages::<Numbers<u64>>(&U64, "{\"number\": 1e20, \"list\": []}");
    assert_eq!(out_of_range, ["`number` must be an integer between 0 and 18446744073709551615"]);
}

#[test]
fn a_large_float_is_not_a_problem_beside_another() {
    for number in ["1e17", "-9007199254740993.0", "1e300"] {
        let body = format!("{{\"number\": {number}, \"list\": 1}}");
        let reported = messages::<Numbers<f64>>(&F64, &body);
        assert_eq!(reported, ["`list` must be an array, not a number"], "{number}");
    }
}

#[test]
fn a_large_number_out_of_range_is_explained_by_the_range() {
    let schema = constrained::<i64>(&[Constraint::Maximum(Bound::Int(10))]);
    for number in ["11", "11.0", "1e17"] {
        let reported = messages::<One<i64>>(&schema, &format!("{{\"value\": {number}}}"));
        assert_eq!(reported, ["`value` must be an integer of at most 10"], "{number}");
    }
}

/// Returns the numbers of a type.
fn numbers<T: JsonSchema>() -> NumberSchema {
    let root = input::<T>().tree.root;
    let NodeKind::Object(object) = root.kind else { panic!("the arguments are an object") };
    match &object.fields[0].node.kind {
        NodeKind::Number(numeric) => numeric.clone(),
        other => panic!("{other:?}"),
    }
}

/// The first pass compares most integers only with the ends of a range, in the form in which the parser has them.
#[test]
fn the_range_of_a_type_is_the_same_in_every_form_of_a_number() {
    let ends = [0, i8::MAX.into(), u8::MAX.into(), i16::MAX.into(), u16::MAX.into(), i32::MAX.into(), u32::MAX.into()];
    let near = ends.into_iter().chain([i64::MAX.into(), u64::MAX.into()]);
    let near: Vec<i128> = near.flat_map(|end: i128| [end - 1, end, end + 1, -end, -end - 1, -end - 2]).collect();
    for (numeric, low, high) in [
        (numbers::<i8>(), i128::from(i8::MIN), i128::from(i8::MAX)),
        (numbers::<u8>(), 0, u8::MAX.into()),
        (numbers::<i16>(), i16::MIN.into(), i16::MAX.into()),
        (numbers::<u16>(), 0, u16::MAX.into()),
        (numbers::<i32>(), i32::MIN.into(), i32::MAX.into()),
        (numbers::<u32>(), 0, u32::MAX.into()),
        (numbers::<i64>(), i64::MIN.into(), i64::MAX.into()),
        (numbers::<u64>(), 0, u64::MAX.into()),
        (numbers::<f64>(), i64::MIN.into(), u64::MAX.into()),
    ] {
        for &number in &near {
            let is_inside = (low..=high).contains(&number);
            assert_eq!(numeric.direct.contains(Bound::Int(number)), is_inside, "{number} in {numeric:?}");
            if let Ok(number) = i64::try_from(number) {
                assert_eq!(numeric.direct.contains_i64(number), is_inside, "{number} in {numeric:?}");
            }
            if let Ok(number) = u64::try_from(number) {
                assert_eq!(numeric.direct.contains_u64(number), is_inside, "{number} in {numeric:?}");
            }
        }
    }
}

#[test]
fn a_negative_zero_keeps_its_sign() {
    let limited = constrained::<f64>(&[Constraint::Minimum(Bound::Int(-1))]);
    for schema in [input::<f64>(), limited] {
        for zero in ["-0.0", "-0", "-0e3"] {
            let read = schema.read::<One<f64>>(format!("{{\"value\": {zero}}}").as_bytes()).expect("a number");
            assert!(read.value == 0.0 && read.value.is_sign_negative(), "{zero}");
        }
    }
}

#[test]
fn a_number_for_an_f32_is_rounded_once() {
    let digits = "1.00000017881393432617187499";
    let read = input::<f32>().read::<One<f32>>(format!("{{\"value\": {digits}}}").as_bytes()).expect("a number");
    assert_eq!(Ok(read.value), digits.parse::<f32>());
}
