//! `AgentOptionValue`: `{"type": …, "value": …}`.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

use super::json_tree::JsonTree;
use super::object_reader::ObjectReader;
use super::scalar::{boolean, float, integer, list, text, unsigned};
use super::{DecodeError, DecodeResult};

/// A value with its type tag.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::coral) struct OptionValue {
    pub(in crate::coral) tag: String,
    pub(in crate::coral) value: Value,
}

impl OptionValue {
    pub(super) fn decode(tree: JsonTree) -> DecodeResult<Self> {
        ObjectReader::read(tree, |fields| {
            let tag = fields.required("type", text)?;
            let value = fields.required("value", |tree| Self::decode_value(&tag, tree))?;
            Ok(Self { tag, value })
        })
    }

    /// Decodes a value of the type `tag`.
    pub(in crate::coral) fn decode_value(tag: &str, tree: JsonTree) -> DecodeResult<Value> {
        let element = tag.strip_prefix("list[").and_then(|tag| tag.strip_suffix(']'));
        match element {
            Some("bool") | None => scalar(tag, tree),
            Some(element) => list(tree, |tree| scalar(element, tree)).map(Value::from),
        }
    }
}

fn scalar(tag: &str, tree: JsonTree) -> DecodeResult<Value> {
    match tag {
        // `u64` is a string, because JavaScript cannot represent all its values as numbers.
        "string" | "u64" => text(tree).map(Value::from),
        "blob" => {
            let encoded = text(tree)?;
            blob(&encoded).map(|_| encoded.into()).ok_or_else(|| DecodeError::new("not base64"))
        }
        "bool" => boolean(tree).map(Value::from),
        "i8" => integer::<i8>(tree).map(Value::from),
        "i16" => integer::<i16>(tree).map(Value::from),
        "i32" => integer::<i32>(tree).map(Value::from),
        "i64" => integer::<i64>(tree).map(Value::from),
        "u8" => unsigned::<u8>(tree).map(Value::from),
        "u16" => unsigned::<u16>(tree).map(Value::from),
        "u32" => unsigned::<u32>(tree).map(Value::from),
        "f32" => float::<f32>(tree).map(Value::from),
        "f64" => float::<f64>(tree).map(Value::from),
        unknown => Err(DecodeError::new(format!("unknown type {unknown:?}"))),
    }
}

/// Decodes base64 in the standard or URL-safe alphabet, with or without padding.
pub(in crate::coral) fn blob(encoded: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let standard = encoded.replace('-', "+").replace('_', "/");
    GeneralPurpose::new(&STANDARD, config).decode(standard).ok()
}
