//! Which keys of an object have been read.

use std::collections::HashSet;

use super::ExpectedNode;
use crate::schema::read::coerce::holds_null;
use crate::schema::tree::node::{AdditionalProperty, ObjectSchema};

/// What has come so far.
pub(super) struct ObjectState<'s> {
    pub(super) place: ExpectedNode<'s>,
    pub(super) object: &'s ObjectSchema,
    /// One bit for each field that came.
    pub(super) seen: u128,
    /// Keys that came and are not fields.
    pub(super) others: HashSet<Box<str>>,
    /// The place of the value whose key was read last.
    pub(super) current: Option<ExpectedNode<'s>>,
}

impl ObjectState<'_> {
    /// Takes note of a key; the schema has it, and it is new.
    pub(super) fn enter(&mut self, key: &str) -> bool {
        match self.object.field(key) {
            Some((index, _)) => self.enter_field(index),
            None => self.enter_other(key),
        }
    }

    fn enter_field(&mut self, index: usize) -> bool {
        let field = &self.object.fields[index];
        let tree = self.place.tree;
        // `null` means the default, which the type gives only if there is nothing at all.
        let by_null = tree.null_is_absence && !field.required && field.node.notes.default.is_none();
        let mut place = self.place.inside(&field.node);
        place.optional = by_null && !holds_null(tree, &field.node);
        self.current = Some(place);
        let bit = 1 << index;
        let is_new = self.seen & bit == 0;
        self.seen |= bit;
        is_new
    }

    fn enter_other(&mut self, key: &str) -> bool {
        self.current = match self.object.additional(key) {
            AdditionalProperty::Forbidden => return false,
            AdditionalProperty::Unspecified => None,
            AdditionalProperty::Schema(node) => Some(self.place.inside(node)),
        };
        self.others.insert(key.into())
    }
}
