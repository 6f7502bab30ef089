//! What an option's value has to be, beyond its type.

use regex_lite::Regex;
use serde_json::Value;

use crate::dev::stand_in::decode::blob;

/// The rules of every type in one; a rule that is not of a value's type is not there.
#[derive(Debug, Default)]
pub(super) struct Validation {
    variants: Vec<Value>,
    min: Option<Value>,
    max: Option<Value>,
    min_length: Option<u64>,
    max_length: Option<u64>,
    regex: Option<Pattern>,
    min_size: Option<Size>,
    max_size: Option<Size>,
}

/// A pattern has to match all of a value. One that only Java knows matches anything.
#[derive(Debug)]
struct Pattern {
    written: String,
    compiled: Option<Regex>,
}

/// Bytes, and how they were written.
#[derive(Debug)]
struct Size {
    written: String,
    bytes: u64,
}

impl Validation {
    pub(super) fn of(rules: &Value) -> Result<Self, String> {
        let given = |key: &str| rules.get(key).filter(|rule| !rule.is_null()).cloned();
        let size = |key| given(key).map(|size| Size::of(&size).ok_or(format!("{key}: {size} is no size"))).transpose();
        Ok(Self {
            variants: rules["variants"].as_array().cloned().unwrap_or_default(),
            min: given("min"),
            max: given("max"),
            min_length: rules["min_length"].as_u64(),
            max_length: rules["max_length"].as_u64(),
            regex: rules["regex"].as_str().map(Pattern::of),
            min_size: size("min_size")?,
            max_size: size("max_size")?,
        })
    }

    /// # Errors
    ///
    /// The server's sentence.
    pub(super) fn require(&self, element: &str, value: &Value) -> Result<(), String> {
        match (element, value) {
            ("string", Value::String(text)) => self.require_text(text),
            ("blob", Value::String(written)) => self.require_bytes(blob(written).unwrap_or_default().len()),
            ("u64", Value::String(digits)) => {
                let parsed = digits.parse::<u64>().map_err(|_| format!("Invalid number format: '{digits}'"))?;
                self.require_number(&parsed.into())
            }
            ("bool", _) => Ok(()),
            _ => self.require_number(value),
        }
    }

    fn require_text(&self, text: &str) -> Result<(), String> {
        let length = text.len() as u64;
        if let Some(min) = self.min_length.filter(|min| length < *min) {
            return Err(format!("Value \"{text}\" is shorter than the minimum length {min}"));
        }
        if let Some(max) = self.max_length.filter(|max| length > *max) {
            return Err(format!("Value \"{text}\" is longer than the maximum length {max}"));
        }
        if let Some(Pattern { written, .. }) = self.regex.as_ref().filter(|pattern| !pattern.matches(text)) {
            return Err(format!("Value \"{text}\" does not match the regex pattern '{written}'"));
        }
        self.require_variant(&text.into(), &format!("\"{text}\""))
    }

    fn require_bytes(&self, length: usize) -> Result<(), String> {
        let length = length as u64;
        if let Some(Size { written, .. }) = self.min_size.as_ref().filter(|min| length < min.bytes) {
            return Err(format!("Blob value is {length} B large, which is less than the minimum size {written}"));
        }
        if let Some(Size { written, .. }) = self.max_size.as_ref().filter(|max| length > max.bytes) {
            return Err(format!("Blob value is {length} B large, which is greater than the maximum size {written}"));
        }
        Ok(())
    }

    fn require_number(&self, value: &Value) -> Result<(), String> {
        if let Some(min) = self.min.as_ref().filter(|min| less(value, min)) {
            return Err(format!("Value {value} is less than the minimum value {}", bare(min)));
        }
        if let Some(max) = self.max.as_ref().filter(|max| less(max, value)) {
            return Err(format!("Value {value} is greater than the maximum value {}", bare(max)));
        }
        self.require_variant(value, &bare(value))
    }

    fn require_variant(&self, value: &Value, shown: &str) -> Result<(), String> {
        if self.variants.is_empty() || self.variants.iter().any(|variant| bare(variant) == bare(value)) {
            return Ok(());
        }
        let variants: Vec<String> = self.variants.iter().map(bare).collect();
        // The bracket that nothing opens is the server's.
        Err(format!("Value {shown} is not a valid variant.  Valid variants are: {})", variants.join(",")))
    }
}

/// Whether `a < b`, where either may be a number in quotes, as those of 64 bits are.
fn less(a: &Value, b: &Value) -> bool {
    match (bare(a).parse::<i128>(), bare(b).parse::<i128>()) {
        (Ok(a), Ok(b)) => a < b,
        _ => matches!((bare(a).parse::<f64>(), bare(b).parse::<f64>()), (Ok(a), Ok(b)) if a < b),
    }
}

fn bare(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Pattern {
    fn of(written: &str) -> Self {
        Self { written: written.to_owned(), compiled: Regex::new(&format!("^(?:{written})$")).ok() }
    }

    fn matches(&self, text: &str) -> bool {
        self.compiled.as_ref().is_none_or(|pattern| pattern.is_match(text))
    }
}

impl Size {
    /// Bytes, or text such as `1MiB`, `64 KB`, `512`.
    fn of(size: &Value) -> Option<Self> {
        let written = bare(size);
        let text = written.trim();
        let unit_at = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (digits, unit) = text.split_at(unit_at);
        let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
            "" | "b" => 1,
            "kb" => 1_000,
            "kib" => 1 << 10,
            "mb" => 1_000_000,
            "mib" => 1 << 20,
            "gb" => 1_000_000_000,
            "gib" => 1 << 30,
            _ => return None,
        };
        let bytes = digits.parse::<u64>().ok()?.checked_mul(factor)?;
        Some(Self { written, bytes })
    }
}
