//! Constraints that exclude every value.

use std::cmp::Ordering;

use crate::errors::Errors;
use crate::model::{Constraint, ConstraintValue, NumberLiteral, Tool};
use crate::settings::ArgKey;

/// A lower and an upper bound, and whether a value may equal both.
const BOUNDS: [(ArgKey, ArgKey, bool); 6] = [
    (ArgKey::Minimum, ArgKey::Maximum, true),
    (ArgKey::Minimum, ArgKey::ExclusiveMaximum, false),
    (ArgKey::ExclusiveMinimum, ArgKey::Maximum, false),
    (ArgKey::ExclusiveMinimum, ArgKey::ExclusiveMaximum, false),
    (ArgKey::MinLength, ArgKey::MaxLength, true),
    (ArgKey::MinItems, ArgKey::MaxItems, true),
];

pub(super) fn allow_some_value(tool: &Tool, errors: &Errors) {
    for argument in tool.arguments() {
        check(&argument.constraints, errors);
    }
}

fn check(constraints: &[Constraint], errors: &Errors) {
    for (lower, upper, may_be_equal) in BOUNDS {
        check_bounds(constraints, lower, upper, may_be_equal, errors);
    }
    if let Some((constraint, number)) = find(constraints, ArgKey::MultipleOf)
        && number.as_f64() <= 0.0
    {
        errors.report(&constraint.tokens, "`multiple_of` must be greater than zero: `multiple_of = 5`");
    }
    for constraint in constraints {
        if let ConstraintValue::Items(constraints) = &constraint.value {
            check(constraints, errors);
        }
    }
}

fn check_bounds(constraints: &[Constraint], lower: ArgKey, upper: ArgKey, may_be_equal: bool, errors: &Errors) {
    let (Some((lower, min)), Some((upper, max))) = (find(constraints, lower), find(constraints, upper)) else { return };
    let order = min.compare(max);
    if order == Some(Ordering::Less) || (may_be_equal && order == Some(Ordering::Equal)) {
        return;
    }
    let message = format!("`{}` and `{}` exclude every value: change one", lower.tokens, upper.tokens);
    errors.report(&upper.tokens, message);
}

fn find(constraints: &[Constraint], key: ArgKey) -> Option<(&Constraint, NumberLiteral)> {
    let constraint = constraints.iter().find(|constraint| constraint.key == key)?;
    match constraint.value {
        ConstraintValue::Number(number) => Some((constraint, number)),
        ConstraintValue::Count(count) => Some((constraint, NumberLiteral::Int(count.into()))),
        _ => None,
    }
}
