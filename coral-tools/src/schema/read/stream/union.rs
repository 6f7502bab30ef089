//! Values of unions: the variant is selected as early as possible.

use std::borrow::Cow;

use serde::de::MapAccess;

use super::read_state::{ReadEntries, ReadState};
use super::selected_object::SelectedObject;
use super::{ExpectedNode, from_inner, not_allowed};
use crate::schema::read::checked::TypeError;
use crate::schema::read::parse::{FirstKey, FirstKeySeed, KeySeed, ParsedValueSeed, read_digits};
use crate::schema::read::parsed::ParsedValue;
use crate::schema::tree::node::{NodeKind, ObjectSchema, ObjectSelector, SchemaNode, UnionSchema};

impl<'s> ExpectedNode<'s> {
    /// Returns the only variant that can be an array.
    pub(super) fn only_array(&self, union: &'s UnionSchema) -> Option<&'s SchemaNode> {
        let kinds = union.iter().map(|node| (node, &self.context.tree.resolve(node).kind));
        let mut arrays = kinds.filter(|(_, kind)| matches!(kind, NodeKind::Array(_) | NodeKind::Union(_)));
        let (only, _) = arrays.next()?;
        arrays.next().is_none().then_some(only)
    }

    /// Returns the only variant of a union that can be an object.
    pub(super) fn as_only_object(self) -> Self {
        let mut node = self;
        while let NodeKind::Union(union) = &node.node.kind {
            match union.selector {
                ObjectSelector::Only(index) => node = node.inside(&union[index]),
                _ => break,
            }
        }
        node
    }

    /// Returns the variant with this value of the tag.
    fn tagged(&self, union: &'s UnionSchema, tag: &str, value: &str) -> Option<(Self, &'s ObjectSchema)> {
        let (node, object) = self.context.tree.objects(union).find(|(_, object)| object.tag(tag) == Some(value))?;
        Some((self.inside(node), object))
    }

    /// Returns the variant with this key, which is its only one.
    fn keyed(&self, union: &'s UnionSchema, key: &str) -> Option<(Self, &'s ObjectSchema)> {
        let (node, object) = self.context.tree.objects(union).find(|(_, object)| object.only_key() == Some(key))?;
        Some((self.inside(node), object))
    }
}

impl<'s, 'de> ReadState<'s, 'de> {
    /// Selects the variant of an object of a union, or reads a number that is passed on as an object.
    #[inline(never)]
    pub(super) fn select<A: MapAccess<'de>>(&mut self, inner: &mut A) -> Result<SelectedObject<'de>, TypeError> {
        let first = match inner.next_key_seed(FirstKeySeed).map_err(from_inner)? {
            Some(FirstKey::Number) => {
                return Ok(SelectedObject::Number(read_digits(inner).map_err(from_inner)?.bound()));
            }
            Some(FirstKey::Member(key)) => Some(key),
            None => None,
        };
        let expected = self.expected.as_only_object();
        self.expected = expected;
        match (&expected.node.kind, first) {
            (NodeKind::Object(object), first) => {
                self.set_object(expected, object, first.map_or(ReadEntries::None, ReadEntries::Key));
                Ok(SelectedObject::Entries)
            }
            (NodeKind::Union(union), first) => match (&union.selector, first) {
                (ObjectSelector::Tag(tag), first) => self.select_tagged(union, tag, first, inner),
                (ObjectSelector::Key, first) => self.select_keyed(union, first),
                (ObjectSelector::Only(_) | ObjectSelector::Attempts, first) => self.buffer(first, inner),
            },
            (NodeKind::Any, first) => self.buffer(first, inner),
            _ => Err(not_allowed()),
        }
    }

    /// Reads the entries before the tag, which are usually none; the others are read by the type.
    fn select_tagged<A: MapAccess<'de>>(
        &mut self,
        union: &'s UnionSchema,
        tag: &str,
        first: Option<Cow<'de, str>>,
        inner: &mut A,
    ) -> Result<SelectedObject<'de>, TypeError> {
        let mut earlier = Vec::new();
        let mut next = first;
        let name = loop {
            let key = next.ok_or_else(not_allowed)?;
            if key == tag {
                break key;
            }
            let value = inner.next_value_seed(ParsedValueSeed(self.expected.context.budget)).map_err(from_inner)?;
            earlier.push((key, value));
            next = inner.next_key_seed(KeySeed).map_err(from_inner)?;
        };
        let value = inner.next_value_seed(KeySeed).map_err(from_inner)?;
        let (expected, object) = self.expected.tagged(union, tag, &value).ok_or_else(not_allowed)?;
        self.set_object(expected, object, ReadEntries::Tagged { tag: Some((name, value)), earlier });
        Ok(SelectedObject::Entries)
    }

    fn select_keyed(
        &mut self,
        union: &'s UnionSchema,
        first: Option<Cow<'de, str>>,
    ) -> Result<SelectedObject<'de>, TypeError> {
        let key = first.ok_or_else(not_allowed)?;
        let (expected, object) = self.expected.keyed(union, &key).ok_or_else(not_allowed)?;
        self.set_object(expected, object, ReadEntries::Key(key));
        Ok(SelectedObject::Entries)
    }

    /// Reads an object whose variant depends on all of it.
    fn buffer<A: MapAccess<'de>>(
        &mut self,
        first: Option<Cow<'de, str>>,
        inner: &mut A,
    ) -> Result<SelectedObject<'de>, TypeError> {
        let members = ParsedValueSeed(self.expected.context.budget).read_members(first, inner).map_err(from_inner)?;
        Ok(SelectedObject::Buffered(ParsedValue::Object(members)))
    }
}
