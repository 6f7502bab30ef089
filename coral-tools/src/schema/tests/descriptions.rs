//! Descriptions of the values that constraints allow.

use schemars::JsonSchema;
use serde_json::{Value, json};

use super::{Constraint, constrained, value_of};
use crate::schema::Bound::{Float, Int};

fn expected<T: JsonSchema + serde::de::DeserializeOwned + std::fmt::Debug>(
    constraints: &[Constraint],
    bad: &Value,
) -> String {
    let problems = value_of::<T>(&constrained::<T>(constraints), bad).expect_err("the value should be rejected");
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems[0].expected().to_owned()
}

#[test]
fn the_expected_numbers_are_described() {
    use Constraint::{ExclusiveMaximum, ExclusiveMinimum, Maximum, Minimum, MultipleOf};
    let float = |constraints: &[Constraint]| expected::<f64>(constraints, &json!("x"));
    assert_eq!(float(&[]), "a number");
    assert_eq!(float(&[Minimum(Int(1))]), "a number of at least 1");
    assert_eq!(float(&[Maximum(Float(2.5))]), "a number of at most 2.5");
    assert_eq!(float(&[Minimum(Int(1)), Maximum(Int(2))]), "a number between 1 and 2");
    assert_eq!(float(&[Minimum(Int(2)), Maximum(Int(2))]), "a number of exactly 2");
    assert_eq!(float(&[ExclusiveMinimum(Int(1))]), "a number greater than 1");
    assert_eq!(float(&[ExclusiveMaximum(Int(2))]), "a number less than 2");
    assert_eq!(float(&[ExclusiveMinimum(Int(1)), ExclusiveMaximum(Int(2))]), "a number greater than 1 less than 2");
    assert_eq!(float(&[Minimum(Int(1)), ExclusiveMaximum(Int(2))]), "a number of at least 1 less than 2");
    assert_eq!(float(&[ExclusiveMinimum(Int(1)), Maximum(Int(2))]), "a number greater than 1 of at most 2");
    assert_eq!(float(&[Minimum(Int(1)), ExclusiveMinimum(Int(0))]), "a number of at least 1");
    assert_eq!(float(&[MultipleOf(Float(0.5))]), "a number, a multiple of 0.5");

    let integer = |constraints: &[Constraint]| expected::<i64>(constraints, &json!("x"));
    assert_eq!(integer(&[]), "an integer");
    assert_eq!(integer(&[ExclusiveMinimum(Int(1))]), "an integer of at least 2");
    assert_eq!(integer(&[ExclusiveMinimum(Int(1)), ExclusiveMaximum(Int(5))]), "an integer between 2 and 4");
    assert_eq!(expected::<u64>(&[], &json!("x")), "an integer of at least 0");
    assert_eq!(expected::<u64>(&[], &json!(-1)), "an integer between 0 and 18446744073709551615");
    assert_eq!(expected::<u64>(&[Maximum(Int(5))], &json!(6)), "an integer between 0 and 5");
    assert_eq!(expected::<i32>(&[], &json!("x")), "an integer between -2147483648 and 2147483647");
}

#[test]
fn the_expected_lengths_are_described() {
    use Constraint::{MaxItems, MaxLength, MinItems, MinLength, UniqueItems};
    let string = |constraints: &[Constraint]| expected::<String>(constraints, &json!(1));
    assert_eq!(string(&[]), "a string");
    assert_eq!(string(&[MinLength(0)]), "a string");
    assert_eq!(string(&[MinLength(1)]), "a string of at least 1 character");
    assert_eq!(string(&[MaxLength(2)]), "a string of at most 2 characters");
    assert_eq!(string(&[MinLength(0), MaxLength(2)]), "a string of at most 2 characters");
    assert_eq!(string(&[MinLength(1), MaxLength(2)]), "a string of 1 to 2 characters");
    assert_eq!(string(&[MinLength(2), MaxLength(2)]), "a string of exactly 2 characters");
    assert_eq!(string(&[Constraint::Pattern("^a$"), MaxLength(9)]), "a string of at most 9 characters matching `^a$`");
    let date = "a string in the format `date`, such as `2026-01-31`";
    assert_eq!(string(&[Constraint::Format("date")]), date);
    assert_eq!(string(&[Constraint::Format("email")]), "a string in the format `email`");
    let array = |constraints: &[Constraint]| expected::<Vec<u8>>(constraints, &json!(1));
    assert_eq!(array(&[]), "an array");
    assert_eq!(array(&[MinItems(1), MaxItems(1)]), "an array of exactly 1 item");
    assert_eq!(array(&[MaxItems(3), UniqueItems]), "an array of at most 3 items without duplicate items");
    assert_eq!(expected::<(u8, u8)>(&[], &json!(1)), "an array of exactly 2 items");
}
