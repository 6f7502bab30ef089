//! Checks the values of options against their `validation`, with the messages of the server.

use std::cmp::Ordering;
use std::fmt::Display;

use serde_json::{Number, Value};

use crate::coral::decode::blob;
use crate::coral::emulated_version::EmulatedVersion;
use crate::coral::kotlin_text::{print_float, print_size};
use coral_tools::registry::{ByteSize, OptionConstraints, OptionType, RegistryAgent, ScalarType};

/// The constraints of a value, or of each item of a list.
pub(super) struct OptionValidator<'a> {
    agent: &'a RegistryAgent,
    name: &'a str,
    scalar: ScalarType,
    constraints: &'a OptionConstraints,
    emulated: EmulatedVersion,
}

impl<'a> OptionValidator<'a> {
    /// `None` for an unknown option, or one of an unknown type.
    pub(super) fn new(agent: &'a RegistryAgent, name: &'a str, emulated: EmulatedVersion) -> Option<Self> {
        let option = agent.options.get(name)?;
        let (OptionType::One(scalar) | OptionType::List(scalar)) = option.kind else { return None };
        Some(Self { agent, name, scalar, constraints: &option.constraints, emulated })
    }

    /// # Errors
    ///
    /// Returns the message of the server.
    pub(super) fn check(&self, value: &Value) -> Result<(), String> {
        let check = |item: &Value| self.check_item(item, value);
        value.as_array().map_or_else(|| check(value), |items| items.iter().try_for_each(check))
    }

    fn check_item(&self, item: &Value, whole: &Value) -> Result<(), String> {
        match (self.scalar, item) {
            (ScalarType::Text | ScalarType::Secret, Value::String(text)) => self.check_string(text),
            (ScalarType::Blob, Value::String(encoded)) => {
                self.check_size(blob(encoded).unwrap_or_default().len() as u64)
            }
            (ScalarType::Bool, _) => Ok(()),
            (ScalarType::U64, Value::String(digits)) if digits.parse::<u64>().is_err() => {
                Err(format!("{} is not a valid u64", print(whole)))
            }
            _ => self.check_number(item),
        }
    }

    fn check_string(&self, text: &str) -> Result<(), String> {
        let OptionConstraints { min_length, max_length, regex, variants, .. } = self.constraints;
        let (length, printed) = match self.emulated {
            EmulatedVersion::Server1_1 => (text.encode_utf16().count() as u64, text.to_owned()),
            EmulatedVersion::Server1_2 | EmulatedVersion::Cloud => (text.len() as u64, format!("\"{text}\"")),
        };
        if let Some(min) = min_length.filter(|min| length < *min) {
            return Err(format!("Value {printed} is shorter than the minimum length {min}"));
        }
        if let Some(max) = max_length.filter(|max| length > *max) {
            return Err(format!("Value {printed} is longer than the maximum length {max}"));
        }
        // A regular expression that only Java supports matches everything.
        if let Some(regex) = regex
            && !self.matches_regex(regex, text)
        {
            return Err(format!("Value {printed} does not match the regex pattern '{regex}'"));
        }
        if !variants.is_empty() && !variants.iter().any(|variant| variant == text) {
            return Err(variant_error(&printed, variants));
        }
        Ok(())
    }

    /// Whether the text matches a regular expression of Java, as far as the client's types support it.
    fn matches_regex(&self, regex: &str, text: &str) -> bool {
        let mut agent = self.agent.clone();
        if let Some(option) = agent.options.get_mut(self.name) {
            option.kind = OptionType::One(ScalarType::Text);
            option.constraints = OptionConstraints::default();
            option.constraints.regex = Some(regex.to_owned());
        }
        agent.check_option(self.name, &text.into()).is_ok()
    }

    fn check_size(&self, length: u64) -> Result<(), String> {
        let OptionConstraints { min_size, max_size, .. } = self.constraints;
        if let Some(min) = min_size.as_ref().filter(|min| length < min.bytes) {
            return Err(self.size_error(length, ["smaller", "less", "minimum"], min));
        }
        if let Some(max) = max_size.as_ref().filter(|max| length > max.bytes) {
            return Err(self.size_error(length, ["greater", "greater", "maximum"], max));
        }
        Ok(())
    }

    fn size_error(&self, length: u64, [old, new, bound]: [&str; 3], size: &ByteSize) -> String {
        let ByteSize { bytes, notation, .. } = size;
        match self.emulated {
            // `[B@0` is how Java prints an array of bytes.
            EmulatedVersion::Server1_1 => format!("Value [B@0 is {old} than the {bound} size {bytes} ({notation})"),
            EmulatedVersion::Server1_2 | EmulatedVersion::Cloud => {
                let (length, size) = (print_size(length), print_size(*bytes));
                format!("Blob value is {length} large, which is {new} than the {bound} size {size}")
            }
        }
    }

    fn check_number(&self, value: &Value) -> Result<(), String> {
        let OptionConstraints { min, max, variants, .. } = self.constraints;
        let compared = |bound: &Number| self.compare(value, &Value::Number(bound.clone()));
        if let Some(min) = min.as_ref().filter(|min| compared(min) == Some(Ordering::Less)) {
            return Err(format!(
                "Value {} is less than the minimum value {}",
                self.print(value),
                self.print(&min.clone().into())
            ));
        }
        if let Some(max) = max.as_ref().filter(|max| compared(max) == Some(Ordering::Greater)) {
            return Err(format!(
                "Value {} is greater than the maximum value {}",
                self.print(value),
                self.print(&max.clone().into())
            ));
        }
        let is = |variant: &Value| self.compare(value, variant) == Some(Ordering::Equal);
        if !variants.is_empty() && !variants.iter().any(is) {
            let variants: Vec<Value> = variants.iter().map(|variant| self.print(variant).into()).collect();
            return Err(variant_error(&self.print(value), &variants));
        }
        Ok(())
    }

    /// Prints a number as the server does.
    fn print(&self, number: &Value) -> String {
        match (self.scalar, number.as_f64()) {
            #[expect(clippy::cast_possible_truncation, reason = "a value that was an `f32`")]
            (ScalarType::F32, Some(number)) => print_float(number as f32),
            (ScalarType::F64, Some(number)) => print_float(number),
            _ => print(number),
        }
    }

    /// Compares numbers as the server does: they may be quoted, and `f32` has 32 bits.
    fn compare(&self, a: &Value, b: &Value) -> Option<Ordering> {
        let (a, b) = (print(a), print(b));
        match self.scalar {
            ScalarType::F32 => Some(a.parse::<f32>().ok()?.total_cmp(&b.parse().ok()?)),
            ScalarType::F64 | ScalarType::Number => Some(a.parse::<f64>().ok()?.total_cmp(&b.parse().ok()?)),
            _ => Some(a.parse::<i128>().ok()?.cmp(&b.parse().ok()?)),
        }
    }
}

/// The unmatched bracket is in the server's message, too.
fn variant_error(value: &impl Display, variants: &[Value]) -> String {
    let variants: Vec<String> = variants.iter().map(print).collect();
    format!("Value {value} is not a valid variant.  Valid variants are: {})", variants.join(","))
}

/// Prints a value as the server does.
fn print(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(print).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}
