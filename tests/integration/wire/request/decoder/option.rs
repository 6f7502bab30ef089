//! The value of an agent's option.

#![expect(dead_code, reason = "only decoding is checked")]

use serde::Deserialize;

/// A value by its tag, in the range of its type.
#[derive(Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum OptionValue {
    String(String),
    Blob(Blob),
    Bool(bool),
    I8(i8),
    I16(i16),
    I32(i32),
    I64(i64),
    U8(u8),
    U16(u16),
    U32(u32),
    U64(Decimal),
    F32(f32),
    F64(f64),
    #[serde(rename = "list[string]")]
    Strings(Vec<String>),
    #[serde(rename = "list[blob]")]
    Blobs(Vec<Blob>),
    #[serde(rename = "list[i8]")]
    I8s(Vec<i8>),
    #[serde(rename = "list[i16]")]
    I16s(Vec<i16>),
    #[serde(rename = "list[i32]")]
    I32s(Vec<i32>),
    #[serde(rename = "list[i64]")]
    I64s(Vec<i64>),
    #[serde(rename = "list[u8]")]
    U8s(Vec<u8>),
    #[serde(rename = "list[u16]")]
    U16s(Vec<u16>),
    #[serde(rename = "list[u32]")]
    U32s(Vec<u32>),
    #[serde(rename = "list[u64]")]
    U64s(Vec<Decimal>),
    #[serde(rename = "list[f32]")]
    F32s(Vec<f32>),
    #[serde(rename = "list[f64]")]
    F64s(Vec<f64>),
}

/// A `u64`, as a string.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Decimal;

impl TryFrom<String> for Decimal {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse::<u64>().map(|_| Self)
    }
}

/// Bytes, as base64.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Blob;

impl TryFrom<String> for Blob {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let digits = text.trim_end_matches('=');
        let is_base64 = digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte));
        if is_base64 && text.len().is_multiple_of(4) && text.len() - digits.len() < 3 { Ok(Self) } else { Err(text) }
    }
}
