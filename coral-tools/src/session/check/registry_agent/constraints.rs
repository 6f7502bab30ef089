//! Checks the values of an option against its constraints. Messages never contain a value.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::java_regex;
use crate::registry::{OptionConstraints, OptionSpec, OptionType, ScalarType, SingleOptionValue};
use crate::session::check::names::quoted;

/// The most problems reported for one list, and the most names listed in one message.
const MAX_LISTED: usize = 10;

/// The problems of an option's single value, or of the items of its list.
pub(super) fn problems_of(name: &str, items: &[SingleOptionValue<'_>], option: &OptionSpec) -> Vec<String> {
    let (OptionType::One(scalar) | OptionType::List(scalar)) = option.kind else { return Vec::new() };
    let is_list = matches!(option.kind, OptionType::List(_));
    let check = ConstraintCheck::new(scalar, option);
    let mut problems = Vec::new();
    let mut unlisted = 0;
    for (index, item) in items.iter().enumerate() {
        let subject = if is_list { format!("`{}[{index}]`", quoted(name)) } else { format!("`{}`", quoted(name)) };
        let found = check.problems(item);
        if problems.len() >= MAX_LISTED {
            unlisted += usize::from(!found.is_empty());
        } else {
            problems.extend(found.into_iter().map(|problem| format!("option {subject} {problem}")));
        }
    }
    if unlisted > 0 {
        problems.push(format!("option `{}` has {unlisted} more invalid items", quoted(name)));
    }
    problems
}

/// A list of names that is shortened if there are many.
pub(super) fn shortened(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<_> = names.collect();
    let more = names.len().saturating_sub(MAX_LISTED);
    names.truncate(MAX_LISTED);
    let names = names.join(", ");
    if more > 0 { format!("{names} and {more} more") } else { names }
}

/// The constraints on one value.
struct ConstraintCheck<'a> {
    scalar: ScalarType,
    is_validated: bool,
    constraints: &'a OptionConstraints,
    /// Also `None` if only the server can check it.
    regex: Option<java_regex::JavaRegex>,
}

impl<'a> ConstraintCheck<'a> {
    fn new(scalar: ScalarType, option: &'a OptionSpec) -> Self {
        let constraints = &option.constraints;
        let regex = constraints.regex.as_deref().and_then(|regex| java_regex::compile(regex).ok());
        Self { scalar, is_validated: option.is_validated, constraints, regex }
    }

    fn problems(&self, item: &SingleOptionValue<'_>) -> Vec<String> {
        match (self.scalar, item) {
            (ScalarType::Text | ScalarType::Secret, SingleOptionValue::Json(Value::String(text))) => self.text(text),
            (ScalarType::Blob, SingleOptionValue::Bytes(bytes)) => self.bytes(bytes),
            (ScalarType::Text | ScalarType::Secret | ScalarType::Blob | ScalarType::Bool, _)
            | (_, SingleOptionValue::Bytes(_)) => Vec::new(),
            (_, SingleOptionValue::Json(value)) => self.number(value),
        }
    }

    fn text(&self, text: &str) -> Vec<String> {
        let OptionConstraints { min_length, max_length, regex, variants, .. } = self.constraints;
        let length = text.len() as u64;
        let mut problems = Vec::new();
        if let Some(min) = min_length.filter(|min| length < *min) {
            problems.push(format!("is shorter than {min} bytes of UTF-8"));
        }
        if let Some(max) = max_length.filter(|max| length > *max) {
            problems.push(format!("is longer than {max} bytes of UTF-8"));
        }
        if let (Some(source), Some(compiled)) = (regex, &self.regex)
            && compiled.rejects(text)
        {
            problems.push(format!("does not match the regular expression `{}`", quoted(source)));
        }
        if !variants.is_empty() && !variants.iter().any(|variant| variant == text) {
            problems.push(self.not_a_variant());
        }
        problems
    }

    fn bytes(&self, bytes: &[u8]) -> Vec<String> {
        let size = bytes.len() as u64;
        let mut problems = Vec::new();
        if let Some(min) = self.constraints.min_size.as_ref().filter(|min| size < min.bytes) {
            problems.push(format!("is smaller than {min}"));
        }
        if let Some(max) = self.constraints.max_size.as_ref().filter(|max| size > max.bytes) {
            problems.push(format!("is larger than {max}"));
        }
        problems
    }

    fn number(&self, value: &Value) -> Vec<String> {
        let Some(number) = self.read(value) else {
            // This is a default, since a given value has the right type. Servers parse defaults only of options with
            // constraints.
            return self.is_validated.then(|| format!("is not a valid `{}`", self.scalar.name())).into_iter().collect();
        };
        let compared = |bound: &Number| Some(number.compare(self.read(&Value::Number(bound.clone()))?));
        let OptionConstraints { min, max, variants, .. } = self.constraints;
        let mut problems = Vec::new();
        if let Some(min) = min.as_ref().filter(|min| compared(min) == Some(Ordering::Less)) {
            problems.push(format!("is less than {min}"));
        }
        if let Some(max) = max.as_ref().filter(|max| compared(max) == Some(Ordering::Greater)) {
            problems.push(format!("is greater than {max}"));
        }
        let is = |variant: &Value| self.read(variant).is_some_and(|variant| number.compare(variant).is_eq());
        if !variants.is_empty() && !variants.iter().any(is) {
            problems.push(self.not_a_variant());
        }
        problems
    }

    fn not_a_variant(&self) -> String {
        let variants = self.constraints.variants.iter().map(|variant| match variant.as_str() {
            Some(text) => format!("`{}`", quoted(text)),
            None => format!("`{variant}`"),
        });
        format!("is not one of {}", shortened(variants))
    }

    /// A number as servers parse it: also from a string, and rounded to 32 bits for an `f32`.
    fn read(&self, value: &Value) -> Option<ComparableNumber> {
        let parsed: Number;
        let number = match value {
            Value::Number(number) => number,
            Value::String(text) => {
                parsed = text.parse().ok()?;
                &parsed
            }
            _ => return None,
        };
        match self.scalar {
            ScalarType::F32 => Some(ComparableNumber::Fraction(f64::from(number.as_f64()? as f32))),
            ScalarType::F64 | ScalarType::Number => number.as_f64().map(ComparableNumber::Fraction),
            _ => number.as_i128().or_else(|| whole(number.as_f64()?)).map(ComparableNumber::Whole),
        }
    }
}

/// Servers read `5e1` as `50`.
fn whole(number: f64) -> Option<i128> {
    (number.fract() == 0.0).then_some(number as i128)
}

/// A number of the option's type, which compares as servers do.
#[derive(Clone, Copy)]
enum ComparableNumber {
    Whole(i128),
    Fraction(f64),
}

impl ComparableNumber {
    /// Servers order `-0.0` before `0.0`.
    fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a.cmp(&b),
            (Self::Fraction(a), Self::Fraction(b)) => a.total_cmp(&b),
            // Unreachable: all numbers of one option are of one kind.
            (Self::Whole(_), Self::Fraction(_)) => Ordering::Less,
            (Self::Fraction(_), Self::Whole(_)) => Ordering::Greater,
        }
    }
}
