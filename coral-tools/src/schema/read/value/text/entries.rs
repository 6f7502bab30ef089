//! The entries of an object.

use std::borrow::Cow;

use super::{ArgumentValue, ExpectedNode, TextReader, ensure, not_allowed};
use crate::schema::read::seen_keys::SeenKeys;
use crate::schema::read::value::type_error::TypeError;
use crate::schema::tree::node::{NodeKind, NullRule, ObjectSchema, SchemaNode, UnlistedKeyRule};

/// The entries of an object; unknown and duplicate keys are errors.
pub(in crate::schema::read::value) struct TextEntries<'a, 's, 'de> {
    reader: &'a mut TextReader<'s, 'de>,
    /// `None` if any value is allowed.
    object: Option<&'s ObjectSchema>,
    seen: SeenKeys<'de>,
    /// The node of the next value.
    next: ExpectedNode<'s>,
    /// The index of the field after the last one, which is probably the next.
    likely: usize,
    is_first: bool,
    is_closed: bool,
}

impl<'a, 's, 'de> TextEntries<'a, 's, 'de> {
    pub(super) fn new(reader: &'a mut TextReader<'s, 'de>, node: &'s SchemaNode) -> Result<Self, TypeError> {
        let object = match &node.kind {
            NodeKind::Object(object) => Some(object),
            NodeKind::Any => None,
            _ => return Err(not_allowed()),
        };
        reader.text.open()?;
        let next = ExpectedNode { node, optional: false };
        Ok(Self { reader, object, seen: SeenKeys::default(), next, likely: 0, is_first: true, is_closed: false })
    }

    /// Returns the next key.
    #[inline(never)]
    pub(in crate::schema::read::value) fn next_key(&mut self) -> Result<Option<Cow<'de, str>>, TypeError> {
        if !self.has_next()? {
            return Ok(None);
        }
        let key = self.reader.text.key()?;
        ensure(self.enter(&key))?;
        Ok(Some(key))
    }

    fn has_next(&mut self) -> Result<bool, TypeError> {
        let has_next = self.reader.text.has_next(self.is_first, b'}')?;
        (self.is_first, self.is_closed) = (false, !has_next);
        Ok(has_next)
    }

    /// Returns the value of the last key.
    #[inline]
    pub(in crate::schema::read::value) fn value(&mut self) -> Result<ArgumentValue<'_, 's, 'de>, TypeError> {
        self.reader.value(self.next)
    }

    /// Returns an error if the type has not read every entry, or a required field is missing.
    pub(in crate::schema::read::value) fn end(&mut self) -> Result<(), TypeError> {
        let is_closed = self.is_closed || !self.has_next()?;
        ensure(is_closed && self.object.is_none_or(|object| self.seen.has_required(object)))
    }

    /// Records a key, and the node of its value. Returns `false` if the schema forbids the key or it is a duplicate.
    #[expect(clippy::ptr_arg, reason = "a borrowed key is kept without a copy")]
    fn enter(&mut self, key: &Cow<'de, str>) -> bool {
        let Some(object) = self.object else { return true };
        match object.field_near(self.likely, key) {
            Some((index, field)) => {
                self.likely = index + 1;
                let optional = field.null == NullRule::AbsentByType;
                self.next = ExpectedNode { optional, ..self.reader.expected(&field.node) };
                self.seen.add_field(index, key)
            }
            None => self.enter_additional(object, key),
        }
    }

    #[expect(clippy::ptr_arg, reason = "a borrowed key is kept without a copy")]
    fn enter_additional(&mut self, object: &'s ObjectSchema, key: &Cow<'de, str>) -> bool {
        match object.additional(key) {
            UnlistedKeyRule::Schema(node) => {
                self.next = self.reader.expected(node);
                self.seen.add_other(key.clone())
            }
            UnlistedKeyRule::Forbidden | UnlistedKeyRule::Unspecified => false,
        }
    }
}
