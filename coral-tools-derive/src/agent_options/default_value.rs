//! Defaults of options, as Rust expressions.

use std::str::FromStr;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::ToTokens;
use serde_json::Value;

use super::option_type::{RegistryOptionType, ScalarType};
use crate::emit::emit;

/// Returns `None` if the value is of another type. `enum_name` is the name of the enum, if the type is one.
pub(super) fn tokens(option_type: &RegistryOptionType, value: &Value, enum_name: &Ident) -> Option<TokenStream> {
    if !option_type.is_list {
        return scalar(&option_type.scalar, value, enum_name);
    }
    let items = value.as_array()?.iter().map(|item| scalar(&option_type.scalar, item, enum_name));
    let items: Vec<_> = items.collect::<Option<_>>()?;
    Some(emit!(__rt::list([#(#items),*])))
}

fn scalar(scalar_type: &ScalarType, value: &Value, enum_name: &Ident) -> Option<TokenStream> {
    match scalar_type {
        ScalarType::String => {
            let string = value.as_str()?;
            Some(emit!(__rt::text(#string)))
        }
        ScalarType::Enum(option_enum) => {
            let variant = option_enum.variant(value.as_str()?)?;
            Some(emit!(#enum_name::#variant))
        }
        ScalarType::Bool => value.as_bool().map(ToTokens::into_token_stream),
        ScalarType::Blob => {
            let bytes = Literal::byte_string(&bytes(value)?);
            Some(emit!(__rt::list(*#bytes)))
        }
        ScalarType::Number(name) => number(name, value).map(ToTokens::into_token_stream),
    }
}

/// Parses a number, or a string with one: servers send `u64` as strings.
fn number(type_name: &str, value: &Value) -> Option<Literal> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match type_name {
        "i8" => text.parse().ok().map(Literal::i8_suffixed),
        "i16" => text.parse().ok().map(Literal::i16_suffixed),
        "i32" => text.parse().ok().map(Literal::i32_suffixed),
        "i64" => text.parse().ok().map(Literal::i64_suffixed),
        "u8" => text.parse().ok().map(Literal::u8_suffixed),
        "u16" => text.parse().ok().map(Literal::u16_suffixed),
        "u32" => text.parse().ok().map(Literal::u32_suffixed),
        "u64" => text.parse().ok().map(Literal::u64_suffixed),
        "f32" => f32::from_str(&text).ok().filter(|number| number.is_finite()).map(Literal::f32_suffixed),
        _ => f64::from_str(&text).ok().filter(|number| number.is_finite()).map(Literal::f64_suffixed),
    }
}

/// Decodes Base64, or an array of signed bytes, which the first servers sent.
fn bytes(value: &Value) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    match value {
        Value::String(text) => {
            [STANDARD, URL_SAFE].iter().find_map(|alphabet| GeneralPurpose::new(alphabet, config).decode(text).ok())
        }
        Value::Array(bytes) => {
            let byte = |byte: &Value| Some(i8::try_from(byte.as_i64()?).ok()?.cast_unsigned());
            bytes.iter().map(byte).collect()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{bytes, number};

    #[test]
    fn a_number_has_the_type_of_its_option() {
        for name in ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"] {
            assert_eq!(number(name, &json!(7)).expect("a number").to_string(), format!("7{name}"));
            assert_eq!(number(name, &json!("7")).expect("a number").to_string(), format!("7{name}"));
            assert!(number(name, &json!(0.5)).is_none(), "{name}");
        }
        for name in ["f32", "f64"] {
            assert_eq!(number(name, &json!(0.5)).expect("a number").to_string(), format!("0.5{name}"));
        }
    }

    #[test]
    fn a_blob_is_base64_or_an_array_of_signed_bytes() {
        for value in [json!("+/8="), json!("+/8"), json!("-_8="), json!([-5, -1])] {
            assert_eq!(bytes(&value).as_deref(), Some(&[251, 255][..]), "{value}");
        }
        for value in [json!("+/8=="), json!([128]), json!(["a"]), json!(5)] {
            assert_eq!(bytes(&value), None, "{value}");
        }
    }
}
