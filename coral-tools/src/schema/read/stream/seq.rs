//! Arrays, item by item.

use serde::de::{DeserializeSeed, Error, SeqAccess};

use super::{CheckingSeed, NOT_ALLOWED, ResolvedNode};
use crate::schema::tree::node::ArraySchema;

/// The items of an array, which are checked and counted.
pub(super) struct CheckedSeqAccess<'s, 'c, A> {
    expected: ResolvedNode<'s>,
    array: &'s ArraySchema,
    inner: A,
    count: &'c mut usize,
}

impl<'s, 'c, A> CheckedSeqAccess<'s, 'c, A> {
    pub(super) fn new(expected: ResolvedNode<'s>, array: &'s ArraySchema, inner: A, count: &'c mut usize) -> Self {
        Self { expected, array, inner, count }
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for CheckedSeqAccess<'_, '_, A> {
    type Error = A::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, A::Error> {
        // A tuple has no node beyond its end: the type sees no further items.
        let Some(node) = self.array.item(*self.count) else {
            return Ok(None);
        };
        let expected = self.expected.inside(node);
        let item = self.inner.next_element_seed(CheckingSeed { expected, seed })?;
        if item.is_some() {
            *self.count += 1;
        }
        // Stops before more items are allocated.
        match self.array.max_items {
            Some(max) if *self.count as u64 > max => Err(A::Error::custom(NOT_ALLOWED)),
            _ => Ok(item),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}
