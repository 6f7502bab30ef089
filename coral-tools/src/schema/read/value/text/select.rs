//! The variant of a union is selected as soon as it is known.

use super::{ArgumentValue, ExpectedNode, TextReader, TextValue, not_allowed};
use crate::schema::read::value::type_error::TypeError;
use crate::schema::tree::node::{NodeKind, ObjectSchema, ObjectSelector, SchemaNode, UnionSchema};

impl<'s, 'de> TextReader<'s, 'de> {
    /// Returns the next value. That of a union is parsed before, if its variant depends on all of it.
    // Inlined, so that the value is not copied for each item of an array.
    #[inline(always)]
    pub(super) fn value(&mut self, expected: ExpectedNode<'s>) -> Result<ArgumentValue<'_, 's, 'de>, TypeError> {
        match &expected.node.kind {
            NodeKind::Union(_) => self.union_value(expected),
            NodeKind::Array(array) if array.unique_items => self.array_value(expected),
            _ => Ok(ArgumentValue::Text(TextValue { reader: self, expected })),
        }
    }

    #[inline(never)]
    fn union_value(&mut self, mut expected: ExpectedNode<'s>) -> Result<ArgumentValue<'_, 's, 'de>, TypeError> {
        let byte = self.text.peek();
        while let NodeKind::Union(union) = &expected.node.kind {
            let variant = match byte {
                Some(b'n') => break,
                Some(b'{') => self.object_variant(union)?,
                Some(b'[') => self.array_variant(union),
                _ => match not_null(union) {
                    Some(node) => Some(node),
                    None => break,
                },
            };
            match variant {
                Some(node) => expected = self.expected(node),
                None => return self.parsed_value(expected.node),
            }
        }
        match &expected.node.kind {
            NodeKind::Array(array) if array.unique_items => self.array_value(expected),
            _ => Ok(ArgumentValue::Text(TextValue { reader: self, expected })),
        }
    }

    /// Returns a value that must be an array with unique items.
    fn array_value(&mut self, expected: ExpectedNode<'s>) -> Result<ArgumentValue<'_, 's, 'de>, TypeError> {
        match self.text.peek() {
            Some(b'[') => self.parsed_value(expected.node),
            _ => Ok(ArgumentValue::Text(TextValue { reader: self, expected })),
        }
    }

    /// Returns the variant that the next value, an object, can be. `None` if there are several.
    fn object_variant(&self, union: &'s UnionSchema) -> Result<Option<&'s SchemaNode>, TypeError> {
        match &union.selector {
            ObjectSelector::Only(index) => Ok(union.get(*index)),
            ObjectSelector::Tag(tag) => self.tagged_variant(union, tag).map(Some),
            ObjectSelector::Key => self.keyed_variant(union).map(Some),
            ObjectSelector::Attempts => Ok(None),
        }
    }

    /// Returns the variant that the next value, an array, can be. `None` if there are several.
    fn array_variant(&self, union: &'s UnionSchema) -> Option<&'s SchemaNode> {
        let kinds = union.iter().map(|node| (node, &self.tree.resolve(node).kind));
        let mut arrays = kinds.filter(|(_, kind)| matches!(kind, NodeKind::Array(_) | NodeKind::Union(_)));
        let (only, _) = arrays.next()?;
        arrays.next().is_none().then_some(only)
    }

    /// Looks ahead for the tag of an object. It is usually the first member; the others are skipped at most once for each level.
    fn tagged_variant(&self, union: &'s UnionSchema, tag: &str) -> Result<&'s SchemaNode, TypeError> {
        let mut ahead = self.text;
        let mut is_first = true;
        ahead.open()?;
        while ahead.has_next(is_first, b'}')? {
            is_first = false;
            if ahead.key()? != tag {
                ahead.skip_value()?;
            } else if ahead.peek() == Some(b'"') {
                let value = ahead.string()?;
                return self.variant_with(union, |object| object.tag(tag) == Some(&value));
            } else {
                break;
            }
        }
        Err(not_allowed())
    }

    /// Looks ahead for the only key of an object.
    fn keyed_variant(&self, union: &'s UnionSchema) -> Result<&'s SchemaNode, TypeError> {
        let mut ahead = self.text;
        ahead.open()?;
        let key = ahead.key()?;
        self.variant_with(union, |object| object.only_key() == Some(&key))
    }

    fn variant_with(
        &self,
        union: &'s UnionSchema,
        is_selected: impl Fn(&ObjectSchema) -> bool,
    ) -> Result<&'s SchemaNode, TypeError> {
        let mut objects = self.tree.objects(union);
        objects.find(|(_, object)| is_selected(object)).map(|(node, _)| node).ok_or_else(not_allowed)
    }
}

/// Returns the other variant of a union with `null`.
fn not_null(union: &UnionSchema) -> Option<&SchemaNode> {
    match &union[..] {
        [node, null] | [null, node] if matches!(null.kind, NodeKind::Null) => Some(node),
        _ => None,
    }
}
