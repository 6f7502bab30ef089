//! Limits that leave no value.

use std::cmp::Ordering;

use syn::ext::IdentExt;

use crate::errors::Errors;
use crate::model::{Argument, Bound, Limit, Number, Tool};

/// A lower and an upper limit, and whether a value may equal both.
const PAIRS: [(&str, &str, bool); 6] = [
    ("minimum", "maximum", true),
    ("minimum", "exclusive_maximum", false),
    ("exclusive_minimum", "maximum", false),
    ("exclusive_minimum", "exclusive_maximum", false),
    ("min_length", "max_length", true),
    ("min_items", "max_items", true),
];

pub(super) fn some_value_fits(tool: &Tool, errors: &Errors) {
    for argument in tool.visible() {
        for (lower, upper, may_equal) in PAIRS {
            pair(argument, lower, upper, may_equal, errors);
        }
        if let Some((limit, number)) = find(argument, "multiple_of")
            && number.as_f64() <= 0.0
        {
            errors.at(&limit.tokens, "`multiple_of` takes a number above 0");
        }
    }
}

fn pair(argument: &Argument, lower: &str, upper: &str, may_equal: bool, errors: &Errors) {
    let (Some((low, least)), Some((high, most))) = (find(argument, lower), find(argument, upper)) else { return };
    let order = compare(least, most);
    if order == Some(Ordering::Less) || (may_equal && order == Some(Ordering::Equal)) {
        return;
    }
    errors.at(&high.tokens, format!("no value is within `{}` and `{}`", low.tokens, high.tokens));
}

fn find<'a>(argument: &'a Argument, key: &str) -> Option<(&'a Limit, Number)> {
    let limit = argument.limits.iter().find(|limit| limit.key.unraw() == key)?;
    match limit.bound {
        Bound::Number(number) => Some((limit, number)),
        Bound::Count(count) => Some((limit, Number::Int(count.into()))),
        Bound::Text(_) | Bound::Flag => None,
    }
}

fn compare(a: Number, b: Number) -> Option<Ordering> {
    match (a, b) {
        (Number::Int(a), Number::Int(b)) => Some(a.cmp(&b)),
        (a, b) => a.as_f64().partial_cmp(&b.as_f64()),
    }
}
