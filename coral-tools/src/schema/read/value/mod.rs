//! [`ArgumentValue`]: deserializes the arguments of a call.
//!
//! A type never receives a value that the schema does not allow. In the first pass, values are read from the text ([`TextValue`]),
//! and compared with their nodes on the way. Values that had to be parsed before, which are all in the second pass, were compared
//! then ([`MatchedValue`]). Both are one deserializer, so that the compiler generates the code of a type once.

mod deserializer;
mod entries;
mod enumeration;
mod error_log;
mod items;
mod key;
pub(super) mod matched;
mod scalar;
pub(super) mod text;
mod type_error;

use std::borrow::Cow;

use serde::de::{DeserializeOwned, Error, Expected};

use entries::Entries;
pub(crate) use error_log::ErrorLog;
use items::Items;
use matched::MatchedValue;
use scalar::Scalar;
use text::TextValue;
pub(crate) use type_error::TypeError;

/// A value that a type receives only if the schema allows it.
#[derive(Debug)]
pub(crate) enum ArgumentValue<'a, 's, 'de> {
    /// Read from the text when its type asks for it.
    Text(TextValue<'a, 's, 'de>),
    /// Parsed and compared with its node before.
    Matched(MatchedValue<'a, 's, 'de>),
}

/// Deserializes a value and keeps it or discards it.
pub(crate) trait ValueReader<'de> {
    fn read(&mut self, value: ArgumentValue<'_, '_, 'de>) -> Result<(), TypeError>;
}

/// Keeps the last value.
pub(crate) struct TypeReader<T>(pub(crate) Option<T>);

impl<'de, T: DeserializeOwned> ValueReader<'de> for TypeReader<T> {
    #[inline(never)]
    fn read(&mut self, value: ArgumentValue<'_, '_, 'de>) -> Result<(), TypeError> {
        self.0 = Some(T::deserialize(value)?);
        Ok(())
    }
}

/// Deserializes a value and discards it. The functions that call it are the same code for every type.
pub(crate) type TryDeserializeFn = fn(ArgumentValue<'_, '_, '_>) -> Result<(), TypeError>;

pub(crate) fn try_deserialize<T: DeserializeOwned>(value: ArgumentValue<'_, '_, '_>) -> Result<(), TypeError> {
    TypeReader::<T>(None).read(value)
}

impl<'de> ValueReader<'de> for TryDeserializeFn {
    fn read(&mut self, value: ArgumentValue<'_, '_, 'de>) -> Result<(), TypeError> {
        self(value)
    }
}

/// The JSON types of values that types deserialize in different ways.
enum Shape {
    Items,
    Entries,
    Null,
    Scalar,
}

// Functions without a visitor are not generic: the code of a type contains only calls of them.
impl<'a, 's, 'de> ArgumentValue<'a, 's, 'de> {
    #[inline(never)]
    fn shape(&mut self) -> Shape {
        match self {
            Self::Text(value) => match value.peek() {
                Some(b'[') => Shape::Items,
                Some(b'{') => Shape::Entries,
                Some(b'n') => Shape::Null,
                _ => Shape::Scalar,
            },
            Self::Matched(value) => value.shape(),
        }
    }

    /// Returns a value that is neither an array nor an object.
    #[inline(never)]
    fn scalar(self, expected: &dyn Expected) -> Result<Scalar<'a, 'de>, TypeError> {
        match self {
            Self::Text(value) => value.scalar(),
            Self::Matched(value) => value.scalar(expected),
        }
    }

    #[inline(never)]
    fn f32(self, expected: &dyn Expected) -> Result<Scalar<'a, 'de>, TypeError> {
        match self {
            Self::Text(value) => value.f32(),
            Self::Matched(value) => value.scalar(expected),
        }
    }

    #[inline(never)]
    fn wide_integer(self, expected: &dyn Expected) -> Result<Scalar<'a, 'de>, TypeError> {
        match self {
            Self::Text(value) => value.wide_integer(),
            Self::Matched(value) => value.scalar(expected),
        }
    }

    #[inline(never)]
    fn items(self, expected: &dyn Expected) -> Result<Items<'a, 's, 'de>, TypeError> {
        match self {
            Self::Text(value) => value.items().map(Items::Text),
            Self::Matched(value) => value.items(expected).map(Items::Matched),
        }
    }

    #[inline(never)]
    fn entries(self, expected: &dyn Expected) -> Result<Entries<'a, 's, 'de>, TypeError> {
        match self {
            Self::Text(value) => value.entries().map(Entries::Text),
            Self::Matched(value) => value.entries(expected).map(Entries::Matched),
        }
    }

    /// Records the keys of an object that are not the name of a field.
    #[inline(never)]
    fn log_unread(&self, fields: &[&str]) {
        if let Self::Matched(value) = self {
            value.log_unread(fields);
        }
    }

    /// Returns the name of an enum's variant, and its data if it has any.
    #[inline(never)]
    fn variant(mut self, expected: &dyn Expected) -> Result<(Cow<'de, str>, Option<Entries<'a, 's, 'de>>), TypeError> {
        if !matches!(self.shape(), Shape::Entries) {
            let name = self.scalar(expected)?.into_string(expected)?;
            return Ok((name, None));
        }
        let mut entries = self.entries(expected)?;
        let name = entries.next_entry_key()?.ok_or_else(|| TypeError::custom("an object without a key"))?;
        Ok((name, Some(entries)))
    }

    /// Returns the JSON text of a value.
    #[inline(never)]
    fn into_text(self) -> Result<Cow<'de, str>, TypeError> {
        match self {
            Self::Text(value) => value.into_text().map(Cow::Borrowed),
            Self::Matched(value) => Ok(Cow::Owned(value.to_text())),
        }
    }

    /// Returns the same value, or an object for a number whose digits `serde_json` keeps.
    #[inline(never)]
    fn with_exact_number(self) -> Result<Self, TypeError> {
        match self {
            Self::Text(value) if value.is_any() => value.with_exact_number(),
            value => Ok(value),
        }
    }
}
