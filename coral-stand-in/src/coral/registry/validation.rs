//! What an option's value has to be, beyond its type, in the words of the server.

use std::cmp::Ordering;
use std::fmt::Display;

use serde_json::{Number, Value};

use crate::coral::decode::blob;
use crate::coral::plays::Plays;
use coral_tools::registry::{ByteSize, OptionConstraints, OptionType, RegistryAgent, ScalarType};

/// What one value, or each item of a list, must hold to.
pub(super) struct Rules<'a> {
    entry: &'a RegistryAgent,
    name: &'a str,
    scalar: ScalarType,
    limits: &'a OptionConstraints,
    plays: Plays,
}

impl<'a> Rules<'a> {
    /// None for an option that is not known, or whose type is not.
    pub(super) fn new(entry: &'a RegistryAgent, name: &'a str, plays: Plays) -> Option<Self> {
        let option = entry.options.get(name)?;
        let (OptionType::One(scalar) | OptionType::List(scalar)) = option.kind else { return None };
        Some(Self { entry, name, scalar, limits: &option.constraints, plays })
    }

    /// # Errors
    ///
    /// The server's sentence.
    pub(super) fn require(&self, value: &Value) -> Result<(), String> {
        let of = |item: &Value| self.one(item, value);
        value.as_array().map_or_else(|| of(value), |items| items.iter().try_for_each(of))
    }

    fn one(&self, item: &Value, whole: &Value) -> Result<(), String> {
        match (self.scalar, item) {
            (ScalarType::Text, Value::String(text)) => self.text(text),
            (ScalarType::Blob, Value::String(written)) => self.bytes(blob(written).unwrap_or_default().len() as u64),
            (ScalarType::Bool, _) => Ok(()),
            (ScalarType::U64, Value::String(digits)) if digits.parse::<u64>().is_err() => {
                Err(format!("{} is not a valid u64", shown(whole)))
            }
            _ => self.number(item),
        }
    }

    fn text(&self, text: &str) -> Result<(), String> {
        let OptionConstraints { min_length, max_length, regex, variants, .. } = self.limits;
        let (length, shown) = match self.plays {
            Plays::Server1_1 => (text.encode_utf16().count() as u64, text.to_owned()),
            Plays::Server1_2 | Plays::Cloud => (text.len() as u64, format!("\"{text}\"")),
        };
        if let Some(min) = min_length.filter(|min| length < *min) {
            return Err(format!("Value {shown} is shorter than the minimum length {min}"));
        }
        if let Some(max) = max_length.filter(|max| length > *max) {
            return Err(format!("Value {shown} is longer than the maximum length {max}"));
        }
        // One that only Java knows matches anything.
        if let Some(regex) = regex
            && !self.matches_regex(regex, text)
        {
            return Err(format!("Value {shown} does not match the regex pattern '{regex}'"));
        }
        if !variants.is_empty() && !variants.iter().any(|variant| variant == text) {
            return Err(no_variant(&shown, variants));
        }
        Ok(())
    }

    /// Whether the text matches: regular expressions of Java's are known to the entry.
    fn matches_regex(&self, regex: &str, text: &str) -> bool {
        let mut entry = self.entry.clone();
        if let Some(option) = entry.options.get_mut(self.name) {
            option.kind = OptionType::One(ScalarType::Text);
            option.constraints = OptionConstraints::default();
            option.constraints.regex = Some(regex.to_owned());
        }
        entry.check_option(self.name, &text.into()).is_ok()
    }

    fn bytes(&self, length: u64) -> Result<(), String> {
        let OptionConstraints { min_size, max_size, .. } = self.limits;
        // How Java shows an array.
        let fault = |what, ByteSize { bytes, notation, .. }: &ByteSize| {
            format!("Value [B@0 is {what} size {bytes} ({notation})")
        };
        if let Some(min) = min_size.as_ref().filter(|min| length < min.bytes) {
            return Err(fault("smaller than the minimum", min));
        }
        if let Some(max) = max_size.as_ref().filter(|max| length > max.bytes) {
            return Err(fault("greater than the maximum", max));
        }
        Ok(())
    }

    fn number(&self, value: &Value) -> Result<(), String> {
        let OptionConstraints { min, max, variants, .. } = self.limits;
        let compared = |bound: &Number| self.compare(value, &Value::Number(bound.clone()));
        if let Some(min) = min.as_ref().filter(|min| compared(min) == Some(Ordering::Less)) {
            return Err(format!("Value {} is less than the minimum value {min}", shown(value)));
        }
        if let Some(max) = max.as_ref().filter(|max| compared(max) == Some(Ordering::Greater)) {
            return Err(format!("Value {} is greater than the maximum value {max}", shown(value)));
        }
        let is = |variant: &Value| self.compare(value, variant) == Some(Ordering::Equal);
        if !variants.is_empty() && !variants.iter().any(is) {
            return Err(no_variant(&shown(value), variants));
        }
        Ok(())
    }

    /// Numbers as the server has them, read from text, too, and of 32 bits where the type has no more.
    fn compare(&self, a: &Value, b: &Value) -> Option<Ordering> {
        let (a, b) = (shown(a), shown(b));
        match self.scalar {
            ScalarType::F32 => Some(a.parse::<f32>().ok()?.total_cmp(&b.parse().ok()?)),
            ScalarType::F64 => Some(a.parse::<f64>().ok()?.total_cmp(&b.parse().ok()?)),
            _ => Some(a.parse::<i128>().ok()?.cmp(&b.parse().ok()?)),
        }
    }
}

/// The bracket that nothing opens is the server's.
fn no_variant(value: &impl Display, variants: &[Value]) -> String {
    let variants: Vec<String> = variants.iter().map(shown).collect();
    format!("Value {value} is not a valid variant.  Valid variants are: {})", variants.join(","))
}

/// As the server prints it.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}
