//! The values of an option, and their limits. No value is ever repeated.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::java_regex;
use crate::registry::{OptionConstraints, OptionItem, OptionSpec, OptionType, ScalarType};
use crate::session::check::names::shown;

/// So many problems are told of one list, and so many names of one choice.
const MANY: usize = 10;

/// What is wrong with the one value of an option, or with the items of its list.
pub(super) fn of_items(name: &str, items: &[OptionItem<'_>], option: &OptionSpec) -> Vec<String> {
    let (OptionType::One(scalar) | OptionType::List(scalar)) = option.kind else { return Vec::new() };
    let is_list = matches!(option.kind, OptionType::List(_));
    let rules = ConstraintCheck::new(scalar, option);
    let mut problems = Vec::new();
    let mut untold = 0;
    for (index, item) in items.iter().enumerate() {
        let subject = if is_list { format!("`{}[{index}]`", shown(name)) } else { format!("`{}`", shown(name)) };
        let found = rules.problems(item);
        if problems.len() >= MANY {
            untold += usize::from(!found.is_empty());
        } else {
            problems.extend(found.into_iter().map(|fault| format!("option {subject} {fault}")));
        }
    }
    if untold > 0 {
        problems.push(format!("option `{}` has {untold} more such items", shown(name)));
    }
    problems
}

/// Some of many, for people.
pub(super) fn either(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<_> = names.collect();
    let more = names.len().saturating_sub(MANY);
    names.truncate(MANY);
    let names = names.join(", ");
    if more > 0 { format!("{names} and {more} more") } else { names }
}

/// What one value must hold to.
struct ConstraintCheck<'a> {
    scalar: ScalarType,
    is_validated: bool,
    limits: &'a OptionConstraints,
    /// `None` also where only a server can apply it.
    regex: Option<java_regex::Regex>,
}

impl<'a> ConstraintCheck<'a> {
    fn new(scalar: ScalarType, option: &'a OptionSpec) -> Self {
        let limits = &option.validation;
        let regex = limits.regex.as_deref().and_then(|regex| java_regex::compile(regex).ok());
        Self { scalar, is_validated: option.is_validated, limits, regex }
    }

    fn problems(&self, item: &OptionItem<'_>) -> Vec<String> {
        match (self.scalar, item) {
            (ScalarType::Text, OptionItem::Json(Value::String(text))) => self.text(text),
            (ScalarType::Blob, OptionItem::Bytes(bytes)) => self.bytes(bytes),
            (ScalarType::Text | ScalarType::Blob | ScalarType::Bool, _) | (_, OptionItem::Bytes(_)) => Vec::new(),
            (_, OptionItem::Json(value)) => self.number(value),
        }
    }

    fn text(&self, text: &str) -> Vec<String> {
        let OptionConstraints { min_length, max_length, regex, variants, .. } = self.limits;
        let length = text.len() as u64;
        let mut problems = Vec::new();
        if let Some(min) = min_length.filter(|min| length < *min) {
            problems.push(format!("is shorter than {min} bytes of UTF-8"));
        }
        if let Some(max) = max_length.filter(|max| length > *max) {
            problems.push(format!("is longer than {max} bytes of UTF-8"));
        }
        if let (Some(source), Some(compiled)) = (regex, &self.regex)
            && compiled.refuses(text)
        {
            problems.push(format!("is not in the form of `{}`, from its first to its last character", shown(source)));
        }
        if !variants.is_empty() && !variants.iter().any(|variant| variant == text) {
            problems.push(self.no_variant());
        }
        problems
    }

    fn bytes(&self, bytes: &[u8]) -> Vec<String> {
        let size = bytes.len() as u64;
        let mut problems = Vec::new();
        if let Some(min) = self.limits.min_size.as_ref().filter(|min| size < min.bytes) {
            problems.push(format!("is smaller than {min}"));
        }
        if let Some(max) = self.limits.max_size.as_ref().filter(|max| size > max.bytes) {
            problems.push(format!("is larger than {max}"));
        }
        problems
    }

    fn number(&self, value: &Value) -> Vec<String> {
        let Some(number) = self.read(value) else {
            // A default: what is given is a number by its type. Servers look only where there is something to check.
            return self.is_validated.then(|| format!("is no `{}`", self.scalar.name())).into_iter().collect();
        };
        let compared = |bound: &Number| Some(number.compare(self.read(&Value::Number(bound.clone()))?));
        let OptionConstraints { min, max, variants, .. } = self.limits;
        let mut problems = Vec::new();
        if let Some(min) = min.as_ref().filter(|min| compared(min) == Some(Ordering::Less)) {
            problems.push(format!("is less than {min}"));
        }
        if let Some(max) = max.as_ref().filter(|max| compared(max) == Some(Ordering::Greater)) {
            problems.push(format!("is more than {max}"));
        }
        let is = |variant: &Value| self.read(variant).is_some_and(|variant| number.compare(variant).is_eq());
        if !variants.is_empty() && !variants.iter().any(is) {
            problems.push(self.no_variant());
        }
        problems
    }

    fn no_variant(&self) -> String {
        let variants = self.limits.variants.iter().map(|variant| match variant.as_str() {
            Some(text) => format!("`{}`", shown(text)),
            None => format!("`{variant}`"),
        });
        format!("is none of {}", either(variants))
    }

    /// A number as the servers read it: from text, too, and to 32 bits where the type has no more.
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
            ScalarType::F64 => number.as_f64().map(ComparableNumber::Fraction),
            _ => number.as_i128().or_else(|| whole(number.as_f64()?)).map(ComparableNumber::Whole),
        }
    }
}

/// `5e1` is `50` to servers.
fn whole(number: f64) -> Option<i128> {
    (number.fract() == 0.0).then_some(number as i128)
}

/// A number of an option's type.
#[derive(Clone, Copy)]
enum ComparableNumber {
    Whole(i128),
    Fraction(f64),
}

impl ComparableNumber {
    /// In the order that servers have: to them, `-0.0` is less than `0.0`.
    fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a.cmp(&b),
            (Self::Fraction(a), Self::Fraction(b)) => a.total_cmp(&b),
            // Numbers of one option are of one kind.
            (Self::Whole(_), Self::Fraction(_)) => Ordering::Less,
            (Self::Fraction(_), Self::Whole(_)) => Ordering::Greater,
        }
    }
}
