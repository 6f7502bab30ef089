//! [`TypeError`]: why a type rejected a value.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, Expected, Unexpected, value};

use super::error_log::ErrorLog;

/// The error of all deserializers that are passed to types.
///
/// It is a pointer, so that results are small. Its functions are not inlined, because the code of a type calls them for each
/// field.
#[derive(Debug)]
pub(crate) struct TypeError(Box<Message>);

#[derive(Debug)]
struct Message(Cow<'static, str>);

impl TypeError {
    #[cold]
    #[inline(never)]
    fn new(message: &dyn fmt::Display) -> Self {
        Self(Box::new(Message(Cow::Owned(message.to_string()))))
    }

    /// Creates an error with a constant message.
    pub(crate) fn from_static(message: &'static str) -> Self {
        Self(Box::new(Message(Cow::Borrowed(message))))
    }
}

impl fmt::Display for TypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.0)
    }
}

impl std::error::Error for TypeError {}

impl Error for TypeError {
    #[cold]
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(&message)
    }

    #[cold]
    #[inline(never)]
    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        ErrorLog::add_wrong_type(found);
        Self::new(&value::Error::invalid_type(found, expected))
    }

    #[cold]
    #[inline(never)]
    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(&value::Error::invalid_value(found, expected))
    }

    #[cold]
    #[inline(never)]
    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self::new(&value::Error::invalid_length(length, expected))
    }

    #[cold]
    #[inline(never)]
    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::new(&value::Error::unknown_variant(variant, expected))
    }

    #[cold]
    #[inline(never)]
    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::new(&value::Error::unknown_field(field, expected))
    }

    #[cold]
    #[inline(never)]
    fn missing_field(field: &'static str) -> Self {
        ErrorLog::add_missing(field);
        Self::new(&value::Error::missing_field(field))
    }

    #[cold]
    #[inline(never)]
    fn duplicate_field(field: &'static str) -> Self {
        Self::new(&value::Error::duplicate_field(field))
    }
}
