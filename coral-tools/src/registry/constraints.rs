//! What the value of an option must hold to.

use std::fmt;

use serde_json::{Number, Value};

use crate::json::{DecodeError, ObjectReader};

/// What the value of an option must hold to; of a list, each of its items. What a type has no limit for is absent.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct OptionConstraints {
    /// The only values there are; empty where any will do.
    pub variants: Vec<Value>,
    /// The least number.
    pub min: Option<Number>,
    /// The greatest number.
    pub max: Option<Number>,
    /// The least length of a text, in bytes of UTF-8.
    pub min_length: Option<u64>,
    /// The greatest length of a text, in bytes of UTF-8.
    pub max_length: Option<u64>,
    /// A regular expression of Java's, which the whole text matches.
    pub regex: Option<String>,
    /// The least size of a blob.
    pub min_size: Option<ByteSize>,
    /// The greatest size of a blob.
    pub max_size: Option<ByteSize>,
}

impl OptionConstraints {
    pub(super) fn of(fields: &mut ObjectReader) -> Result<Self, DecodeError> {
        Ok(Self {
            variants: read(fields, "variants", "an array", |value| value.as_array().cloned())?.unwrap_or_default(),
            min: read(fields, "min", "a number", number)?,
            max: read(fields, "max", "a number", number)?,
            min_length: read(fields, "min_length", "a non-negative integer", Value::as_u64)?,
            max_length: read(fields, "max_length", "a non-negative integer", Value::as_u64)?,
            regex: fields.optional("regex")?,
            min_size: read(fields, "min_size", "a size, such as `1.5 MiB`", ByteSize::of)?,
            max_size: read(fields, "max_size", "a size, such as `1.5 MiB`", ByteSize::of)?,
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

/// A number, which servers also read from text.
fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// A number of bytes, as text (`1.5 MiB`) or, up to coral-server 1.2, as `{size, unit, byteCount}`.
///
/// `KiB`, `MiB`, `GiB` and `TiB` are powers of 1024, `kB`, `MB`, `GB` and `TB` of 1000, in upper or lower case. A fraction
/// of a byte is dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ByteSize {
    /// How many bytes it is.
    pub bytes: u64,
    /// As the registry writes it.
    pub written: String,
}

impl ByteSize {
    fn of(value: &Value) -> Option<Self> {
        if let Some(text) = value.as_str() {
            return Some(Self { bytes: parse(text)?, written: text.to_owned() });
        }
        let size = value.get("size")?;
        let written = format!("{} {}", size.as_str().map_or_else(|| size.to_string(), str::to_owned), unit(value)?);
        let bytes = value.get("byteCount").and_then(Value::as_u64);
        Some(Self { bytes: bytes.or_else(|| parse(&written))?, written })
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.written.escape_debug(), self.bytes)
    }
}

fn unit(value: &Value) -> Option<&str> {
    value.get("unit")?.as_str()
}

fn parse(text: &str) -> Option<u64> {
    /// The bare byte last: all others end with its letter.
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
    // `as` drops the fraction and saturates, as the servers do.
    Some((count * factor) as u64)
}
