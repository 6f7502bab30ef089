//! [`ReadState`]: which part of an object has been read.

use std::borrow::Cow;

use serde::de::DeserializeSeed;
use serde::de::value::CowStrDeserializer;

use super::{ExpectedNode, ensure, not_allowed};
use crate::schema::read::checked::TypeError;
use crate::schema::read::parse::NUMBER_KEY;
use crate::schema::read::parsed::ParsedValue;
use crate::schema::read::seen_keys::SeenKeys;
use crate::schema::tree::node::{NullRule, ObjectSchema, UnlistedKeyRule};

/// The entries that have been read to select the variant of an object.
#[derive(Debug)]
pub(super) enum ReadEntries<'de> {
    None,
    /// A key whose value has not been read.
    Key(Cow<'de, str>),
    Tagged {
        /// The name and the value of the tag.
        tag: Option<(Cow<'de, str>, Cow<'de, str>)>,
        /// The entries before the tag, the last one first.
        earlier: Vec<(Cow<'de, str>, ParsedValue<'de>)>,
    },
}

/// A value that was read before its key is passed on.
#[derive(Debug)]
enum ReadValue<'de> {
    Tag(Cow<'de, str>),
    Other(ParsedValue<'de>),
}

/// The state of reading an object.
pub(super) struct ReadState<'s, 'de> {
    /// The node of the object.
    pub(super) expected: ExpectedNode<'s>,
    /// `None` until the variant is known.
    pub(super) object: Option<&'s ObjectSchema>,
    seen: SeenKeys<'de>,
    read: ReadEntries<'de>,
    /// The next value, if it has been read.
    value: Option<ReadValue<'de>>,
    /// The node of the next value.
    pub(super) next: ExpectedNode<'s>,
    /// The index of the field after the last one, which is probably the next.
    likely: usize,
}

impl<'s, 'de> ReadState<'s, 'de> {
    #[inline]
    pub(super) fn new(expected: ExpectedNode<'s>) -> Self {
        let (seen, read) = (SeenKeys::default(), ReadEntries::None);
        Self { expected, object: None, seen, read, value: None, next: expected, likely: 0 }
    }

    pub(super) fn set_object(&mut self, expected: ExpectedNode<'s>, object: &'s ObjectSchema, read: ReadEntries<'de>) {
        self.expected = expected;
        self.object = Some(object);
        self.read = read;
    }

    /// Returns whether every required field has been read.
    #[inline]
    pub(super) fn is_complete(&self) -> bool {
        self.object.is_some_and(|object| self.seen.has_required(object))
    }

    /// Whether the next entry is passed on as the JSON deserializer reads it.
    #[inline]
    pub(super) fn is_unread(&self) -> bool {
        matches!(self.read, ReadEntries::None)
    }

    /// Whether the next value has been read.
    #[inline]
    pub(super) fn has_value(&self) -> bool {
        self.value.is_some()
    }

    /// Returns the next key that has been read.
    #[inline(never)]
    pub(super) fn next_read_key(&mut self) -> Result<Option<Cow<'de, str>>, TypeError> {
        let (key, value) = match &mut self.read {
            ReadEntries::None => return Ok(None),
            ReadEntries::Key(key) => {
                let key = std::mem::take(key);
                self.read = ReadEntries::None;
                (key, None)
            }
            ReadEntries::Tagged { tag, earlier } => match tag.take() {
                Some((key, tag)) => (key, Some(ReadValue::Tag(tag))),
                None => match earlier.pop() {
                    Some((key, value)) => (key, Some(ReadValue::Other(value))),
                    None => {
                        self.read = ReadEntries::None;
                        return Ok(None);
                    }
                },
            },
        };
        ensure(self.enter(&key))?;
        self.value = value;
        Ok(Some(key))
    }

    /// Passes the next value on, which has been read.
    pub(super) fn read_value<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, TypeError> {
        match self.value.take() {
            Some(ReadValue::Tag(tag)) => seed.deserialize(CowStrDeserializer::new(tag)),
            Some(ReadValue::Other(value)) => self.next.match_value(&value)?.read(seed),
            None => Err(not_allowed()),
        }
    }

    /// Records a key, and the node of its value. Returns `false` if the schema forbids the key or it is a duplicate.
    #[inline(never)]
    #[expect(clippy::ptr_arg, reason = "a borrowed key is kept without a copy")]
    pub(super) fn enter(&mut self, key: &Cow<'de, str>) -> bool {
        let Some(object) = self.object else { return false };
        match object.field_near(self.likely, key) {
            Some((index, field)) => {
                self.likely = index + 1;
                let optional = field.null == NullRule::AbsentByType;
                self.next = ExpectedNode { optional, ..self.expected.inside(&field.node) };
                self.seen.add_field(index, key)
            }
            None => self.enter_additional(object, key),
        }
    }

    #[expect(clippy::ptr_arg, reason = "a borrowed key is kept without a copy")]
    fn enter_additional(&mut self, object: &'s ObjectSchema, key: &Cow<'de, str>) -> bool {
        match object.additional(key) {
            // A number, or a key of this name, which only the second pass can tell apart.
            UnlistedKeyRule::Schema(_) if key == NUMBER_KEY => false,
            UnlistedKeyRule::Schema(node) => {
                self.next = self.expected.inside(node);
                self.seen.add_other(key.clone())
            }
            UnlistedKeyRule::Forbidden | UnlistedKeyRule::Unspecified => false,
        }
    }
}
