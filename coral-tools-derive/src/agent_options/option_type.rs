//! The types of options.

use super::option_enum::OptionEnum;

/// The numeric types, which have the same names in Rust.
const NUMBERS: [&str; 10] = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64"];

/// The type of an option's value, as the JSON file of the registry agent names it: `u8`, `list[u8]`.
pub(super) struct RegistryOptionType {
    pub(super) scalar: ScalarType,
    pub(super) is_list: bool,
}

/// The type of a value, or of each item of a list.
pub(super) enum ScalarType {
    String,
    /// A string with a fixed set of values.
    Enum(OptionEnum),
    Blob,
    Bool,
    /// A number of the Rust type with this name.
    Number(&'static str),
}

impl RegistryOptionType {
    /// Returns `None` for an unknown type.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let item = name.strip_prefix("list[").and_then(|rest| rest.strip_suffix(']'));
        let scalar = match item.unwrap_or(name) {
            "string" => ScalarType::String,
            "blob" => ScalarType::Blob,
            // `list[bool]` does not exist.
            "bool" if item.is_none() => ScalarType::Bool,
            // Types of old servers, which accept values of these types for them.
            "secret" if item.is_none() => ScalarType::String,
            "number" if item.is_none() => ScalarType::Number("f64"),
            name => ScalarType::Number(NUMBERS.into_iter().find(|number| *number == name)?),
        };
        Some(Self { scalar, is_list: item.is_some() })
    }
}
