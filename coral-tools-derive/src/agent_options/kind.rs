//! The type of an option.

use super::choice::Choice;

/// The types of numbers, which Rust has by the same names.
const NUMBERS: [&str; 10] = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64"];

/// The type of an option's value.
pub(super) struct Kind {
    pub(super) scalar: Scalar,
    pub(super) is_list: bool,
}

pub(super) enum Scalar {
    Text,
    /// One of some texts, which become an enum.
    Choice(Choice),
    Blob,
    Bool,
    Number(&'static str),
}

impl Kind {
    /// That of this name; `None` where there is no value of it.
    pub(super) fn of(name: &str) -> Option<Self> {
        let item = name.strip_prefix("list[").and_then(|rest| rest.strip_suffix(']'));
        let scalar = match item.unwrap_or(name) {
            "string" => Scalar::Text,
            "blob" => Scalar::Blob,
            // There is no list of `bool`.
            "bool" if item.is_none() => Scalar::Bool,
            name => Scalar::Number(NUMBERS.into_iter().find(|number| *number == name)?),
        };
        Some(Self { scalar, is_list: item.is_some() })
    }
}
