//! Constraints on the values of options.

use std::fmt;

use serde_json::{Number, Value};

use crate::json::{DecodeError, ObjectReader};

/// The constraints on an option's value, or on each item of a list.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct OptionConstraints {
    /// The allowed values; empty if every value is allowed.
    pub variants: Vec<Value>,
    /// The minimum of a number.
    pub min: Option<Number>,
    /// The maximum of a number.
    pub max: Option<Number>,
    /// The minimum length of a string, in bytes of UTF-8.
    pub min_length: Option<u64>,
    /// The maximum length of a string, in bytes of UTF-8.
    pub max_length: Option<u64>,
    /// A regular expression with Java's syntax, which must match the whole string.
    pub regex: Option<String>,
    /// The minimum size of a blob.
    pub min_size: Option<ByteSize>,
    /// The maximum size of a blob.
    pub max_size: Option<ByteSize>,
}

impl OptionConstraints {
    pub(super) fn from_fields(fields: &mut ObjectReader) -> Result<Self, DecodeError> {
        Ok(Self {
            variants: read(fields, "variants", "an array", |value| value.as_array().cloned())?.unwrap_or_default(),
            min: read(fields, "min", "a number", number)?,
            max: read(fields, "max", "a number", number)?,
            min_length: read(fields, "min_length", "a non-negative integer", Value::as_u64)?,
            max_length: read(fields, "max_length", "a non-negative integer", Value::as_u64)?,
            regex: fields.optional("regex")?,
            min_size: read(fields, "min_size", "a size, such as `1.5 MiB`", ByteSize::from_value)?,
            max_size: read(fields, "max_size", "a size, such as `1.5 MiB`", ByteSize::from_value)?,
        })
    }
}

fn read<T>(
    fields: &mut ObjectReader,
    key: &str,
    what: &str,
    of: impl FnOnce(&Value) -> Option<T>,
) -> Result<Option<T>, DecodeError> {
    let Some(value) = fields.take(key) else { return Ok(None) };
    of(&value).map(Some).ok_or_else(|| DecodeError::expected(what, &value).in_field(key))
}

/// A number, which servers also parse from a string.
fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// A number of bytes, from a string (`1.5 MiB`) or, up to coral-server 1.2, from `{size, unit, byteCount}`.
///
/// `KiB`, `MiB`, `GiB` and `TiB` are powers of 1024, `kB`, `MB`, `GB` and `TB` of 1000, in upper or lower case. A fraction
/// of a byte is dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ByteSize {
    /// The number of bytes.
    pub bytes: u64,
    /// The registry's notation.
    pub notation: String,
}

impl ByteSize {
    fn from_value(value: &Value) -> Option<Self> {
        if let Some(text) = value.as_str() {
            return Some(Self { bytes: parse(text)?, notation: text.to_owned() });
        }
        let size = value.get("size")?;
        let notation = format!("{} {}", size.as_str().map_or_else(|| size.to_string(), str::to_owned), unit(value)?);
        let bytes = value.get("byteCount").and_then(Value::as_u64);
        Some(Self { bytes: bytes.or_else(|| parse(&notation))?, notation })
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.notation.escape_debug(), self.bytes)
    }
}

fn unit(value: &Value) -> Option<&str> {
    value.get("unit")?.as_str()
}

fn parse(text: &str) -> Option<u64> {
    /// `b` comes last, because it is a suffix of all others.
    const UNITS: [(&str, f64); 9] = [
        ("kib", 1024.0),
        ("mib", 1_048_576.0),
        ("gib", 1_073_741_824.0),
        ("tib", 1_099_511_627_776.0),
        ("kb", 1e3),
        ("mb", 1e6),
        ("gb", 1e9),
        ("tb", 1e12),
        ("b", 1.0),
    ];
    let text = text.to_ascii_lowercase();
    let (count, factor) = UNITS.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))?;
    let count: f64 = count.trim().parse().ok().filter(|count: &f64| count.is_finite() && *count >= 0.0)?;
    // `as` drops the fraction and saturates, as servers do.
    Some((count * factor) as u64)
}
