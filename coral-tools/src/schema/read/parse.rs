//! Parses JSON to a [`ParsedValue`].

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::schema::read::budget::Budget;
use crate::schema::read::parsed::{ParsedNumber, ParsedValue};

/// The key of numbers in `serde_json` if another crate enables its feature `arbitrary_precision`.
pub(crate) const NUMBER_KEY: &str = "$serde_json::private::Number";

const EXHAUSTED: &str = "too much to check";

/// The members of an object, in the order of the text.
type ParsedMembers<'de> = Vec<(Cow<'de, str>, ParsedValue<'de>)>;

/// Parses a value within a budget.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ParsedValueSeed<'b>(pub(crate) &'b Budget);

impl<'de> DeserializeSeed<'de> for ParsedValueSeed<'_> {
    type Value = ParsedValue<'de>;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<ParsedValue<'de>, D::Error> {
        match self.0.take(1) {
            true => inner.deserialize_any(self),
            false => Err(D::Error::custom(EXHAUSTED)),
        }
    }
}

impl<'de> Visitor<'de> for ParsedValueSeed<'_> {
    type Value = ParsedValue<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<ParsedValue<'de>, E> {
        Ok(ParsedValue::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<ParsedValue<'de>, E> {
        Ok(ParsedValue::Number(ParsedNumber::Signed(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<ParsedValue<'de>, E> {
        Ok(ParsedValue::Number(ParsedNumber::Unsigned(value)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<ParsedValue<'de>, E> {
        Ok(ParsedValue::Number(ParsedNumber::Float(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<ParsedValue<'de>, E> {
        Ok(ParsedValue::String(Cow::Owned(value.to_owned())))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<ParsedValue<'de>, E> {
        Ok(ParsedValue::String(Cow::Borrowed(value)))
    }

    fn visit_string<E>(self, value: String) -> Result<ParsedValue<'de>, E> {
        Ok(ParsedValue::String(Cow::Owned(value)))
    }

    fn visit_unit<E>(self) -> Result<ParsedValue<'de>, E> {
        Ok(ParsedValue::Null)
    }

    fn visit_none<E>(self) -> Result<ParsedValue<'de>, E> {
        Ok(ParsedValue::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<ParsedValue<'de>, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<ParsedValue<'de>, A::Error> {
        self.read_items(items).map(ParsedValue::Array)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<ParsedValue<'de>, A::Error> {
        let first = match entries.next_key_seed(FirstKeySeed)? {
            Some(FirstKey::Number) => return read_digits(&mut entries).map(ParsedValue::Number),
            Some(FirstKey::Member(key)) => Some(key),
            None => None,
        };
        self.read_members(first, &mut entries).map(ParsedValue::Object)
    }
}

impl ParsedValueSeed<'_> {
    pub(crate) fn read_items<'de, A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<ParsedValue<'de>>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(list)
    }

    /// Reads the members of an object whose first key has been read.
    pub(crate) fn read_members<'de, A: MapAccess<'de>>(
        self,
        first: Option<Cow<'de, str>>,
        members: &mut A,
    ) -> Result<ParsedMembers<'de>, A::Error> {
        let mut list = Vec::new();
        let mut next = first;
        while let Some(key) = next {
            list.push((key, members.next_value_seed(self)?));
            next = members.next_key_seed(KeySeed)?;
        }
        Ok(list)
    }
}

/// The first key of an object. `serde_json` passes on a number as an object with a private key, if another crate enables its
/// feature `arbitrary_precision`.
#[derive(Debug)]
pub(crate) enum FirstKey<'de> {
    Number,
    Member(Cow<'de, str>),
}

/// Reads the value of [`FirstKey::Number`].
pub(crate) fn read_digits<'de, A: MapAccess<'de>>(entries: &mut A) -> Result<ParsedNumber, A::Error> {
    let digits: String = entries.next_value()?;
    ParsedNumber::from_digits(&digits).ok_or_else(|| A::Error::custom("number out of range"))
}

/// Reads the first key as an optional one. Only the private key ignores this hint, so that a key with the same text is not
/// taken for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FirstKeySeed;

impl<'de> DeserializeSeed<'de> for FirstKeySeed {
    type Value = FirstKey<'de>;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<FirstKey<'de>, D::Error> {
        inner.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for FirstKeySeed {
    type Value = FirstKey<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<FirstKey<'de>, D::Error> {
        KeySeed.deserialize(inner).map(FirstKey::Member)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<FirstKey<'de>, E> {
        match text {
            NUMBER_KEY => Ok(FirstKey::Number),
            _ => Err(E::custom("a key")),
        }
    }
}

/// Reads a key, borrowed if it contains no escapes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<Cow<'de, str>, D::Error> {
        inner.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(key.to_owned()))
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_string<E>(self, key: String) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(key))
    }
}
