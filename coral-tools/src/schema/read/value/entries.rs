//! The entries of an object.

use std::borrow::Cow;

use serde::de::{DeserializeSeed, Error, MapAccess};

use super::ArgumentValue;
use super::key::KeyDeserializer;
use super::matched::MatchedEntries;
use super::text::TextEntries;
use super::type_error::TypeError;

/// The entries of an object.
pub(super) enum Entries<'a, 's, 'de> {
    Text(TextEntries<'a, 's, 'de>),
    Matched(MatchedEntries<'a, 's, 'de>),
}

impl<'s, 'de> Entries<'_, 's, 'de> {
    /// Returns the next key.
    #[inline(never)]
    pub(super) fn next_entry_key(&mut self) -> Result<Option<Cow<'de, str>>, TypeError> {
        match self {
            Self::Text(entries) => entries.next_key(),
            Self::Matched(entries) => Ok(entries.next_key()),
        }
    }

    /// Returns the value of the last key.
    #[inline(never)]
    fn value(&mut self) -> Result<ArgumentValue<'_, 's, 'de>, TypeError> {
        match self {
            Self::Text(entries) => entries.value(),
            Self::Matched(entries) => entries.value().map(ArgumentValue::Matched),
        }
    }

    /// Returns an error if the object does not match its node, or the type has not read every entry.
    #[inline(never)]
    pub(super) fn end(&mut self) -> Result<(), TypeError> {
        match self {
            Self::Text(entries) => entries.end(),
            Self::Matched(entries) => match entries.next_key() {
                None => Ok(()),
                Some(_) => Err(TypeError::custom("more entries than the type reads")),
            },
        }
    }

    /// Records that the type rejected the last key.
    #[cold]
    #[inline(never)]
    fn add_key_failure(&self) {
        if let Self::Matched(entries) = self {
            entries.add_key_failure();
        }
    }

    /// Records that the type rejected the last value.
    #[cold]
    #[inline(never)]
    fn add_failure(&self) {
        if let Self::Matched(entries) = self {
            entries.add_failure();
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'_, '_, 'de> {
    type Error = TypeError;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, TypeError> {
        match self.next_entry_key()? {
            Some(key) => seed.deserialize(KeyDeserializer::new(key)).map(Some).inspect_err(|_| self.add_key_failure()),
            None => Ok(None),
        }
    }

    #[inline(never)]
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, TypeError> {
        let value = self.value()?;
        seed.deserialize(value).inspect_err(|_| self.add_failure())
    }

    fn size_hint(&self) -> Option<usize> {
        match self {
            Self::Text(_) => None,
            Self::Matched(entries) => Some(entries.len()),
        }
    }
}
