//! Arrays, item by item.

use std::fmt;

use serde::de::{DeserializeSeed, SeqAccess, Visitor};

use super::{CheckingSeed, ExpectedNode, ensure, from_inner, not_allowed, to_inner};
use crate::schema::read::checked::TypeError;
use crate::schema::tree::node::{ArrayItems, ArraySchema, NodeKind};

/// The visitor of a type that is an array.
pub(super) struct CheckedSeqVisitor<'s, V> {
    pub(super) expected: ExpectedNode<'s>,
    pub(super) visitor: V,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for CheckedSeqVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        self.expected.visit_seq(inner, self.visitor).map_err(to_inner)
    }
}

impl<'s> ExpectedNode<'s> {
    pub(super) fn visit_seq<'de, V, A>(self, inner: A, visitor: V) -> Result<V::Value, TypeError>
    where
        V: Visitor<'de>,
        A: SeqAccess<'de>,
    {
        let node = self.as_only_array();
        match &node.node.kind {
            NodeKind::Array(array) if !array.unique_items => {
                let mut items = CheckedSeqAccess::new(node, array, inner);
                let value = visitor.visit_seq(&mut items)?;
                ensure(array.allows_count(items.count))?;
                Ok(value)
            }
            NodeKind::Array(_) | NodeKind::Union(_) | NodeKind::Any => node.visit_buffered_seq(inner, visitor),
            _ => Err(not_allowed()),
        }
    }

    /// Returns the only variant of a union that can be an array.
    fn as_only_array(self) -> Self {
        let mut node = self;
        while let NodeKind::Union(union) = &node.node.kind {
            match node.only_array(union) {
                Some(only) => node = node.inside(only),
                None => break,
            }
        }
        node
    }
}

/// The items of an array, which are checked and counted.
struct CheckedSeqAccess<'s, A> {
    array: &'s ArraySchema,
    /// The node of the next item.
    item: ExpectedNode<'s>,
    /// The highest number of items.
    max: usize,
    count: usize,
    inner: A,
}

impl<'s, A> CheckedSeqAccess<'s, A> {
    fn new(expected: ExpectedNode<'s>, array: &'s ArraySchema, inner: A) -> Self {
        let max = array.max_items.map_or(usize::MAX, |max| usize::try_from(max).unwrap_or(usize::MAX));
        let item = array.item(0).map_or(expected, |node| expected.inside(node));
        Self { array, item, max, count: 0, inner }
    }

    /// Chooses the node of the next item of a tuple.
    #[inline]
    fn advance(&mut self) {
        self.count += 1;
        if let ArrayItems::Tuple(nodes) = &self.array.items
            && let Some(node) = nodes.get(self.count)
        {
            self.item = self.item.inside(node);
        }
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for &mut CheckedSeqAccess<'_, A> {
    type Error = TypeError;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, TypeError> {
        let item = self.inner.next_element_seed(CheckingSeed { expected: self.item, seed }).map_err(from_inner)?;
        if item.is_some() {
            // Stops before more items are allocated.
            ensure(self.count < self.max)?;
            self.advance();
        }
        Ok(item)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}
