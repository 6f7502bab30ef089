//! Literals as default or example that the constraints exclude. The library checks all other values at start-up.

use std::cmp::Ordering;

use quote::ToTokens;
use syn::{Expr, ExprLit, Lit};

use crate::errors::Errors;
use crate::lower::{parse_number, ungrouped};
use crate::model::{Argument, Constraint, ConstraintValue, DefaultValue, NumberLiteral, Tool};
use crate::settings::ArgKey;

pub(super) fn satisfy_constraints(tool: &Tool, errors: &Errors) {
    for argument in tool.arguments() {
        for (key, value) in values(argument) {
            if let Some(constraint) = argument.constraints.iter().find(|constraint| excludes(constraint, value)) {
                let value_tokens = value.to_token_stream();
                let message = format!("`{key} = {value_tokens}` is not allowed by `{}`: change one", constraint.tokens);
                errors.report(value, message);
            }
        }
    }
}

fn values(argument: &Argument) -> impl Iterator<Item = (&'static str, &Expr)> {
    let default = match &argument.default {
        Some(DefaultValue::Expr(value)) => Some(("default", value)),
        Some(DefaultValue::OfType) | None => None,
    };
    default.into_iter().chain(argument.example.iter().map(|value| ("example", value)))
}

/// Whether the value is a literal that violates the constraint.
fn excludes(constraint: &Constraint, value: &Expr) -> bool {
    let value = ungrouped(value);
    match (&constraint.value, value) {
        (ConstraintValue::Number(bound), _) => {
            parse_number(value).is_some_and(|number| excludes_number(constraint.key, *bound, number))
        }
        (ConstraintValue::Count(count), Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) => match constraint.key {
            ArgKey::MinLength => (text.value().chars().count() as u64) < *count,
            ArgKey::MaxLength => (text.value().chars().count() as u64) > *count,
            _ => false,
        },
        (ConstraintValue::Count(count), Expr::Array(array)) => match constraint.key {
            ArgKey::MinItems => (array.elems.len() as u64) < *count,
            ArgKey::MaxItems => (array.elems.len() as u64) > *count,
            _ => false,
        },
        (ConstraintValue::String(pattern), Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) => {
            let is_pattern = constraint.key == ArgKey::Pattern;
            let regex = is_pattern.then(|| regex_lite::Regex::new(&pattern.value()).ok()).flatten();
            regex.is_some_and(|regex| !regex.is_match(&text.value()))
        }
        _ => false,
    }
}

fn excludes_number(key: ArgKey, bound: NumberLiteral, number: NumberLiteral) -> bool {
    let order = number.compare(bound);
    match key {
        ArgKey::Minimum => order == Some(Ordering::Less),
        ArgKey::Maximum => order == Some(Ordering::Greater),
        ArgKey::ExclusiveMinimum => order.is_some_and(Ordering::is_le),
        ArgKey::ExclusiveMaximum => order.is_some_and(Ordering::is_ge),
        ArgKey::MultipleOf => match (number, bound) {
            (NumberLiteral::Int(number), NumberLiteral::Int(unit)) => unit > 0 && number % unit != 0,
            _ => false,
        },
        _ => false,
    }
}
