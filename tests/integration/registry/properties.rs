//! Values within all constraints pass; the first value beyond one of them is reported once.

use coral_tools::session::OptionValue;
use fastrand::Rng;
use serde_json::{Value, json};

use super::option_problems;

const CASES: u64 = 2_000;

/// An option, a value within its constraints, and one that violates exactly one of them.
struct Case {
    option: Value,
    within: OptionValue,
    beyond: OptionValue,
}

#[test]
fn the_first_value_beyond_a_constraint_is_reported_once() {
    for seed in 0..CASES {
        let Case { option, within, beyond } = case(&mut Rng::with_seed(seed));
        assert_eq!(option_problems(&option, within), [""; 0], "{seed}: {option}");
        assert_eq!(option_problems(&option, beyond).len(), 1, "{seed}: {option}");
    }
}

macro_rules! number {
    ($rng:ident, $rust:ident) => {{
        let min = $rng.$rust($rust::MIN + 1..$rust::MAX / 2);
        let max = $rng.$rust(min..$rust::MAX);
        let value = $rng.$rust(min..=max);
        let beyond = if $rng.bool() { min - 1 } else { max + 1 };
        let constraints = json!({"min": min, "max": max});
        scalar_or_list($rng, stringify!($rust), &constraints, (value, beyond), |one| one.into(), |many| many.into())
    }};
}

fn case(rng: &mut Rng) -> Case {
    match rng.u8(..12) {
        0 => number!(rng, i8),
        1 => number!(rng, i16),
        2 => number!(rng, i32),
        3 => number!(rng, i64),
        4 => number!(rng, u8),
        5 => number!(rng, u16),
        6 => number!(rng, u32),
        7 => number!(rng, u64),
        8 => float_case(rng),
        9 => string_case(rng),
        10 => variant_case(rng),
        _ => blob_case(rng),
    }
}

/// The value alone, or at a random index in a list of valid ones.
fn scalar_or_list<T: Clone>(
    rng: &mut Rng,
    kind: &str,
    constraints: &Value,
    (within, beyond): (T, T),
    one: fn(T) -> OptionValue,
    many: fn(Vec<T>) -> OptionValue,
) -> Case {
    if rng.bool() {
        let option = json!({"type": kind, "validation": constraints});
        return Case { option, within: one(within), beyond: one(beyond) };
    }
    let valid = vec![within; rng.usize(..4)];
    let mut invalid = valid.clone();
    invalid.insert(rng.usize(..=valid.len()), beyond);
    let option = json!({"type": format!("list[{kind}]"), "validation": constraints});
    Case { option, within: many(valid), beyond: many(invalid) }
}

fn float_case(rng: &mut Rng) -> Case {
    // Few digits, as people write them: a constraint with 17 digits may differ from the server's in the last bit.
    let mut decimal = || f64::from(rng.i32(-9999..9999)) / 1000.0;
    let (a, b) = (decimal(), decimal());
    let (min, max) = (a.min(b), a.max(b));
    let beyond = if rng.bool() { min.next_down() } else { max.next_up() };
    let value = if rng.bool() { min } else { max };
    scalar_or_list(rng, "f64", &json!({"min": min, "max": max}), (value, beyond), Into::into, Into::into)
}

fn string_case(rng: &mut Rng) -> Case {
    let (min, max) = (rng.usize(1..5), rng.usize(5..10));
    let string = |rng: &mut Rng, length: usize| -> String { (0..length).map(|_| rng.lowercase()).collect() };
    let length = rng.usize(min..=max);
    let within = string(rng, length);
    let (constraints, beyond) = match rng.u8(..3) {
        0 => (json!({"min_length": min, "regex": "[a-z]*"}), string(rng, min - 1)),
        1 => (json!({"max_length": max, "regex": "[a-z]*"}), string(rng, max + 1)),
        _ => (json!({"min_length": min, "max_length": max, "regex": "[a-z]+"}), within.to_uppercase()),
    };
    scalar_or_list(rng, "string", &constraints, (within, beyond), Into::into, Into::into)
}

fn variant_case(rng: &mut Rng) -> Case {
    let variants: Vec<i16> = (0..rng.usize(1..5)).map(|_| rng.i16(0..100)).collect();
    let within = variants[rng.usize(..variants.len())];
    scalar_or_list(rng, "i16", &json!({"variants": variants}), (within, beyond_all(&variants)), Into::into, Into::into)
}

fn beyond_all(variants: &[i16]) -> i16 {
    variants.iter().max().expect("a variant") + 1
}

fn blob_case(rng: &mut Rng) -> Case {
    let (min, max) = (rng.usize(1..2000), rng.usize(2000..4000));
    let within = vec![0; rng.usize(min..=max)];
    let beyond = vec![0; if rng.bool() { min - 1 } else { max + 1 }];
    let constraints = json!({"min_size": format!("{min} B"), "max_size": {"size": max, "unit": "b", "byteCount": max}});
    scalar_or_list(
        rng,
        "blob",
        &constraints,
        (within, beyond),
        |one: Vec<u8>| OptionValue::blob(one),
        OptionValue::blobs,
    )
}
