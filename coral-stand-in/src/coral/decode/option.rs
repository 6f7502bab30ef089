//! `AgentOptionValue`: `{"type": …, "value": …}`.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

use super::fields::Fields;
use super::scalar::{boolean, float, integer, list, text};
use super::tree::Tree;
use super::{Decoded, Undecodable};

/// A value and the type that it is said to be of.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::coral) struct OptionValue {
    pub(in crate::coral) tag: String,
    pub(in crate::coral) value: Value,
}

impl OptionValue {
    pub(super) fn decode(tree: Tree) -> Decoded<Self> {
        Fields::of(tree, |fields| {
            let tag = fields.required("type", text)?;
            let value = fields.required("value", |tree| Self::read(&tag, tree))?;
            Ok(Self { tag, value })
        })
    }

    /// A value of type `tag`, in the one form that such values have.
    pub(in crate::coral) fn read(tag: &str, tree: Tree) -> Decoded<Value> {
        let element = tag.strip_prefix("list[").and_then(|tag| tag.strip_suffix(']'));
        match element {
            Some("bool") | None => scalar(tag, tree),
            Some(element) => list(tree, |tree| scalar(element, tree)).map(Value::from),
        }
    }
}

fn scalar(tag: &str, tree: Tree) -> Decoded<Value> {
    match tag {
        // Written as text, because clients in JavaScript have no such numbers.
        "string" | "u64" => text(tree).map(Value::from),
        "blob" => {
            let written = text(tree)?;
            blob(&written).map(|_| written.into()).ok_or_else(|| Undecodable::new("not base64"))
        }
        "bool" => boolean(tree).map(Value::from),
        "i8" => integer::<i8>(tree).map(Value::from),
        "i16" => integer::<i16>(tree).map(Value::from),
        "i32" => integer::<i32>(tree).map(Value::from),
        "i64" => integer::<i64>(tree).map(Value::from),
        "u8" => integer::<u8>(tree).map(Value::from),
        "u16" => integer::<u16>(tree).map(Value::from),
        "u32" => integer::<u32>(tree).map(Value::from),
        "f32" => float::<f32>(tree).map(Value::from),
        "f64" => float::<f64>(tree).map(Value::from),
        unknown => Err(Undecodable::new(format!("no type {unknown:?}"))),
    }
}

/// The bytes of a blob: base64 in either alphabet, padded or not.
pub(in crate::coral) fn blob(written: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let standard = written.replace('-', "+").replace('_', "/");
    GeneralPurpose::new(&STANDARD, config).decode(standard).ok()
}
