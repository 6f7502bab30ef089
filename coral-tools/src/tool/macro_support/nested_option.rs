//! `Option<Option<T>>`, for which an absent argument and `null` have different meanings.

use std::fmt;

use serde::de::{Deserializer, Error, Visitor};

/// Whether the type that `read` deserializes is an option of an option, under any name.
pub(super) fn is_nested_option<T>(read: impl FnOnce(OptionProbe) -> Result<T, ProbeError>) -> bool {
    matches!(read(OptionProbe { depth: 0 }), Err(ProbeError { depth: 2 }))
}

/// Counts how often a type asks for an option before it asks for anything else.
pub(super) struct OptionProbe {
    depth: u8,
}

/// The number of options around the type that ended the probe.
#[derive(Debug)]
pub(super) struct ProbeError {
    depth: u8,
}

impl fmt::Display for ProbeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} options", self.depth)
    }
}

impl std::error::Error for ProbeError {}

impl Error for ProbeError {
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Self { depth: 0 }
    }
}

impl<'de> Deserializer<'de> for OptionProbe {
    type Error = ProbeError;

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, ProbeError> {
        Err(ProbeError { depth: self.depth })
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ProbeError> {
        match self.depth {
            0 => visitor.visit_some(Self { depth: 1 }),
            _ => Err(ProbeError { depth: 2 }),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// A value that is present: the outer option is `Some`, also for `null`.
pub(super) struct Present<D>(pub(super) D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Present<D> {
    type Error = D::Error;

    /// Never called: the type asks for an option first. `self.0.deserialize_any` would be more code for each type.
    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, D::Error> {
        Err(D::Error::custom("not an option"))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        visitor.visit_some(self.0)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
