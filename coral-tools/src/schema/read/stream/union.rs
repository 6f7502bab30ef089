//! Values of unions: the variant is selected as early as possible.

use std::borrow::Cow;

use serde::de::{Error, MapAccess};

use super::selected_object::{ReadEntries, SelectedObject};
use super::{ExpectedNode, not_allowed};
use crate::schema::read::parse::{FirstKey, FirstKeySeed, KeySeed, ParsedValueSeed, read_digits};
use crate::schema::tree::node::{NodeKind, ObjectSelector, SchemaNode, UnionSchema};

impl<'s> ExpectedNode<'s> {
    /// Returns the only variant that can be an array.
    pub(super) fn only_array(&self, union: &'s UnionSchema) -> Option<&'s SchemaNode> {
        let kinds = union.iter().map(|node| (node, &self.context.tree.resolve(node).kind));
        let mut arrays = kinds.filter(|(_, kind)| matches!(kind, NodeKind::Array(_) | NodeKind::Union(_)));
        let (only, _) = arrays.next()?;
        arrays.next().is_none().then_some(only)
    }

    /// Reads the beginning of an object of a union, to select its variant, or a number that is passed on as an object.
    pub(super) fn select<'de, A: MapAccess<'de>>(self, inner: &mut A) -> Result<SelectedObject<'s, 'de>, A::Error> {
        let first = match inner.next_key_seed(FirstKeySeed)? {
            Some(FirstKey::Number) => return Ok(SelectedObject::Number(read_digits(inner)?.bound())),
            Some(FirstKey::Member(key)) => Some(key),
            None => None,
        };
        let node = self.as_only_object();
        match &node.node.kind {
            NodeKind::Object(object) => {
                Ok(SelectedObject::Object(node, object, ReadEntries { key: first, ..ReadEntries::default() }))
            }
            NodeKind::Union(union) => match &union.selector {
                ObjectSelector::Tag(tag) => node.select_tagged(union, tag, first, inner),
                ObjectSelector::Key => node.select_keyed(union, first),
                ObjectSelector::Only(_) | ObjectSelector::Attempts => node.buffer_map(first, inner),
            },
            NodeKind::Any => node.buffer_map(first, inner),
            _ => Err(not_allowed()),
        }
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

    /// Reads the entries before the tag, which are usually none; the others are read by the type.
    fn select_tagged<'de, A: MapAccess<'de>>(
        self,
        union: &'s UnionSchema,
        tag: &str,
        first: Option<Cow<'de, str>>,
        inner: &mut A,
    ) -> Result<SelectedObject<'s, 'de>, A::Error> {
        let mut earlier = Vec::new();
        let mut next = first;
        let name = loop {
            let key = next.ok_or_else(not_allowed)?;
            if key == tag {
                break key;
            }
            earlier.push((key, inner.next_value_seed(ParsedValueSeed(self.context.budget))?));
            next = inner.next_key_seed(KeySeed)?;
        };
        let value = inner.next_value_seed(KeySeed)?;
        let (node, object) = self
            .context
            .tree
            .objects(union)
            .find(|(_, object)| object.tag(tag) == Some(&value))
            .ok_or_else(not_allowed)?;
        let read = ReadEntries { earlier, tag: Some((name, value)), key: None };
        Ok(SelectedObject::Object(self.inside(node), object, read))
    }

    fn select_keyed<'de, E: Error>(
        self,
        union: &'s UnionSchema,
        first: Option<Cow<'de, str>>,
    ) -> Result<SelectedObject<'s, 'de>, E> {
        let (node, object) = self
            .context
            .tree
            .objects(union)
            .find(|(_, object)| object.only_key() == first.as_deref())
            .ok_or_else(not_allowed)?;
        let read = ReadEntries { key: first, ..ReadEntries::default() };
        Ok(SelectedObject::Object(self.inside(node), object, read))
    }
}
