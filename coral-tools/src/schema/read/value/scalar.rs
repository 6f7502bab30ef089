//! [`Scalar`]: a value that is neither an array nor an object.

use std::borrow::Cow;

use serde::de::{Error, Expected, Unexpected, Visitor};

use super::type_error::TypeError;
use crate::schema::read::parsed::ParsedNumber;
use crate::schema::tree::constraint::Bound;

/// A value that the schema allows, as its type receives it.
#[derive(Debug)]
pub(super) enum Scalar<'a, 'de> {
    Null,
    Bool(bool),
    Number(ParsedNumber),
    /// An integer of more than 64 bits.
    I128(i128),
    U128(u128),
    String(Cow<'de, str>),
    /// A string that the type must copy.
    Str(&'a str),
}

impl From<ParsedNumber> for Scalar<'_, '_> {
    fn from(number: ParsedNumber) -> Self {
        Self::Number(number)
    }
}

impl From<Bound> for Scalar<'_, '_> {
    /// Returns the number as the narrowest type that has it.
    fn from(number: Bound) -> Self {
        match (ParsedNumber::from_bound(number), number) {
            (Some(number), _) => Self::Number(number),
            (None, Bound::Int(whole)) if whole < 0 => Self::I128(whole),
            (None, Bound::Int(whole)) => Self::U128(whole.unsigned_abs()),
            (None, Bound::Float(float)) => Self::Number(ParsedNumber::Float(float)),
        }
    }
}

impl<'a, 'de> Scalar<'a, 'de> {
    /// Returns a string that was parsed.
    pub(super) fn from_parsed(text: &'a Cow<'de, str>) -> Self {
        match text {
            Cow::Borrowed(text) => Self::String(Cow::Borrowed(text)),
            Cow::Owned(text) => Self::Str(text),
        }
    }

    /// Returns the string that the value is.
    pub(super) fn into_string(self, expected: &dyn Expected) -> Result<Cow<'de, str>, TypeError> {
        match self {
            Self::String(text) => Ok(text),
            Self::Str(text) => Ok(Cow::Owned(text.to_owned())),
            _ => Err(TypeError::invalid_type(Unexpected::Other("a value that is not a string"), expected)),
        }
    }

    /// Passes the value on.
    #[inline]
    pub(super) fn visit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Bool(value) => visitor.visit_bool(value),
            Self::Number(number) => number.visit(visitor),
            Self::I128(number) => visitor.visit_i128(number),
            Self::U128(number) => visitor.visit_u128(number),
            Self::String(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Self::String(Cow::Owned(text)) => visitor.visit_string(text),
            Self::Str(text) => visitor.visit_str(text),
        }
    }
}
