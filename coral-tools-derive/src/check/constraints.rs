//! Constraints that exclude every value.

use std::cmp::Ordering;

use crate::errors::Errors;
use crate::model::{Argument, Constraint, ConstraintValue, NumberLiteral, Tool};
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
        for (lower, upper, may_be_equal) in BOUNDS {
            check_bounds(argument, lower, upper, may_be_equal, errors);
        }
        if let Some((constraint, number)) = find(argument, ArgKey::MultipleOf)
            && number.as_f64() <= 0.0
        {
            errors.report(&constraint.tokens, "`multiple_of` must be greater than zero: `multiple_of = 5`");
        }
    }
}

fn check_bounds(argument: &Argument, lower: ArgKey, upper: ArgKey, may_be_equal: bool, errors: &Errors) {
    let (Some((lower, min)), Some((upper, max))) = (find(argument, lower), find(argument, upper)) else { return };
    let order = min.compare(max);
    if order == Some(Ordering::Less) || (may_be_equal && order == Some(Ordering::Equal)) {
        return;
    }
    let message = format!("`{}` and `{}` exclude every value: change one", lower.tokens, upper.tokens);
    errors.report(&upper.tokens, message);
}

fn find(argument: &Argument, key: ArgKey) -> Option<(&Constraint, NumberLiteral)> {
    let constraint = argument.constraints.iter().find(|constraint| constraint.key == key)?;
    match constraint.value {
        ConstraintValue::Number(number) => Some((constraint, number)),
        ConstraintValue::Count(count) => Some((constraint, NumberLiteral::Int(count.into()))),
        ConstraintValue::String(_) | ConstraintValue::Constant(_) | ConstraintValue::Flag => None,
    }
}
