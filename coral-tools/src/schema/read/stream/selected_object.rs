//! [`SelectedObject`]: the variant of an object of a union.

use std::borrow::Cow;

use super::ExpectedNode;
use crate::schema::read::parsed::ParsedValue;
use crate::schema::tree::constraint::Bound;
use crate::schema::tree::node::ObjectSchema;

/// The variant of an object, after as much of it has been read as its selection needs.
pub(super) enum SelectedObject<'s, 'de> {
    Object(ExpectedNode<'s>, &'s ObjectSchema, ReadEntries<'de>),
    /// The whole value: its variant depends on all of it.
    Buffered(ExpectedNode<'s>, ParsedValue<'de>),
    Number(Bound),
}

/// The part of an object that has been read to select its variant.
#[derive(Debug, Default)]
pub(super) struct ReadEntries<'de> {
    /// The entries before the tag, the last one first.
    pub(super) earlier: Vec<(Cow<'de, str>, ParsedValue<'de>)>,
    /// The name and the value of the tag.
    pub(super) tag: Option<(Cow<'de, str>, Cow<'de, str>)>,
    /// A key whose value has not been read.
    pub(super) key: Option<Cow<'de, str>>,
}

impl ReadEntries<'_> {
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.tag.is_none() && self.key.is_none() && self.earlier.is_empty()
    }
}
