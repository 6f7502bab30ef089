//! A default of an entry, as an expression of the option's type.

use std::str::FromStr;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use serde_json::Value;

use super::kind::{Kind, Scalar};

/// `None` where the value is of another type. `choice` names the enum, if it is one.
pub(super) fn tokens(kind: &Kind, value: &Value, choice: &Ident) -> Option<TokenStream> {
    if !kind.is_list {
        return one(&kind.scalar, value, choice);
    }
    let items = value.as_array()?.iter().map(|item| one(&kind.scalar, item, choice));
    let items: Vec<_> = items.collect::<Option<_>>()?;
    Some(quote_spanned!(Span::mixed_site()=> __rt::list([#(#items),*])))
}

fn one(scalar: &Scalar, value: &Value, name: &Ident) -> Option<TokenStream> {
    match scalar {
        Scalar::Text => {
            let text = value.as_str()?;
            Some(quote_spanned!(Span::mixed_site()=> __rt::text(#text)))
        }
        Scalar::Choice(choice) => {
            let variant = choice.variant(value.as_str()?)?;
            Some(quote_spanned!(Span::mixed_site()=> #name::#variant))
        }
        Scalar::Bool => value.as_bool().map(ToTokens::into_token_stream),
        Scalar::Blob => {
            let bytes = Literal::byte_string(&bytes(value)?);
            Some(quote_spanned!(Span::mixed_site()=> __rt::list(*#bytes)))
        }
        Scalar::Number(name) => number(name, value).map(ToTokens::into_token_stream),
    }
}

/// A number; as text, too, as those of 64 bits without a sign are.
fn number(name: &str, value: &Value) -> Option<Literal> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match name {
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

/// Base64, or signed bytes as the first servers wrote them.
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
