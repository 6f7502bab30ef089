//! The items of an array.

use serde::de::{DeserializeSeed, Error, SeqAccess};

use super::ArgumentValue;
use super::matched::MatchedItems;
use super::text::TextItems;
use super::type_error::TypeError;

/// The items of an array.
pub(super) enum Items<'a, 's, 'de> {
    Text(TextItems<'a, 's, 'de>),
    Matched(MatchedItems<'a, 's, 'de>),
}

impl<'s, 'de> Items<'_, 's, 'de> {
    #[inline(never)]
    fn next(&mut self) -> Result<Option<ArgumentValue<'_, 's, 'de>>, TypeError> {
        match self {
            Self::Text(items) => items.next(),
            Self::Matched(items) => Ok(items.next().map(ArgumentValue::Matched)),
        }
    }

    /// Returns an error if the array does not match its node, or the type has not read every item.
    #[inline(never)]
    pub(super) fn end(&mut self) -> Result<(), TypeError> {
        match self {
            Self::Text(items) => items.end(),
            Self::Matched(items) if items.len() == 0 => Ok(()),
            Self::Matched(_) => Err(TypeError::custom("more items than the type reads")),
        }
    }

    /// Records that the type rejected the last item.
    #[cold]
    #[inline(never)]
    fn add_failure(&self) {
        if let Self::Matched(items) = self {
            items.add_failure();
        }
    }
}

impl<'de> SeqAccess<'de> for &mut Items<'_, '_, 'de> {
    type Error = TypeError;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, TypeError> {
        match self.next()? {
            Some(item) => seed.deserialize(item).map(Some).inspect_err(|_| self.add_failure()),
            None => Ok(None),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        match self {
            Items::Text(_) => None,
            Items::Matched(items) => Some(items.len()),
        }
    }
}
