//! [`Matcher`]: decides whether values match nodes, and which variants of unions they are.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};

use crate::schema::read::budget::Budget;
use crate::schema::read::parsed::ParsedValue;
use crate::schema::read::scalar;
use crate::schema::read::seen_keys::SeenKeys;
use crate::schema::tree::constraint::Bound;
use crate::schema::tree::node::{
    ArraySchema, NodeKind, ObjectSchema, ObjectSelector, PropertySchema, SchemaNode, SchemaTree, UnionSchema,
    UnlistedKeyRule,
};

/// The addresses of a value and of a union.
type UnionValue = (usize, usize);

/// Compares values with nodes. The variant of each array and object in a union is selected once and kept.
#[derive(Debug)]
pub(crate) struct Matcher<'s> {
    pub(crate) tree: &'s SchemaTree,
    pub(crate) budget: &'s Budget,
    /// A tree, because a look-up in it costs less than the hash of two addresses.
    selected: RefCell<BTreeMap<UnionValue, Option<&'s SchemaNode>>>,
}

impl<'s> Matcher<'s> {
    pub(crate) fn new(tree: &'s SchemaTree, budget: &'s Budget) -> Self {
        Self { tree, budget, selected: RefCell::default() }
    }

    /// Whether a value matches a node. It does not, if the budget is exhausted.
    pub(crate) fn matches(&self, node: &'s SchemaNode, value: &ParsedValue<'_>) -> bool {
        let node = self.tree.resolve(node);
        if !self.budget.take(1) {
            return false;
        }
        match (&node.kind, value) {
            (NodeKind::Any, _) => true,
            (NodeKind::Array(array), ParsedValue::Array(items)) => self.matches_array(array, items),
            (NodeKind::Object(object), ParsedValue::Object(entries)) => self.matches_object(object, entries),
            (NodeKind::Union(union), _) => self.select(node, union, value).is_some(),
            _ => scalar::matches(self.tree, self.budget, node, value),
        }
    }

    /// Returns the node of a value: the variant that it matches, if the node is a union.
    pub(crate) fn variant(&self, node: &'s SchemaNode, value: &ParsedValue<'_>) -> Option<&'s SchemaNode> {
        let node = self.tree.resolve(node);
        match &node.kind {
            NodeKind::Union(union) => self.select(node, union, value),
            _ => Some(node),
        }
    }

    /// Returns the variants that a value could be: all that its type and its tag do not exclude.
    pub(crate) fn candidates<'a>(
        &self,
        union: &'s UnionSchema,
        value: &'a ParsedValue<'_>,
    ) -> impl Iterator<Item = &'s SchemaNode> + use<'s, 'a, '_> {
        let tree = self.tree;
        union.iter().map(|node| tree.resolve(node)).filter(move |node| match (&node.kind, value) {
            (NodeKind::Any | NodeKind::Union(_), _) | (NodeKind::Array(_), ParsedValue::Array(_)) => true,
            (NodeKind::Object(object), ParsedValue::Object(entries)) => is_selected(union, object, entries),
            (NodeKind::Array(_) | NodeKind::Object(_), _) => false,
            _ => scalar::has_type(node, value),
        })
    }

    fn select(&self, node: &'s SchemaNode, union: &'s UnionSchema, value: &ParsedValue<'_>) -> Option<&'s SchemaNode> {
        if !matches!(value, ParsedValue::Array(_) | ParsedValue::Object(_)) {
            return self.first_match(union, value);
        }
        let key = (value.address(), std::ptr::from_ref(node).addr());
        if let Some(selected) = self.selected.borrow().get(&key) {
            return *selected;
        }
        let selected = self.first_match(union, value);
        self.selected.borrow_mut().insert(key, selected);
        selected
    }

    fn first_match(&self, union: &'s UnionSchema, value: &ParsedValue<'_>) -> Option<&'s SchemaNode> {
        self.candidates(union, value).find(|node| self.matches(node, value)).and_then(|node| self.variant(node, value))
    }

    fn matches_array(&self, array: &'s ArraySchema, items: &[ParsedValue<'_>]) -> bool {
        let mut indexed = items.iter().enumerate();
        array.allows_count(items.len())
            && !(array.unique_items && has_duplicates(items))
            && indexed.all(|(index, item)| array.item(index).is_some_and(|node| self.matches(node, item)))
    }

    fn matches_object(&self, object: &'s ObjectSchema, entries: &[(Cow<'_, str>, ParsedValue<'_>)]) -> bool {
        let mut seen = SeenKeys::default();
        let mut entries = entries.iter().enumerate();
        let are_valid = entries.all(|(likely, (key, value))| match object.field_near(likely, key) {
            Some((index, field)) => seen.add_field(index, key) && self.matches_property(field, value),
            None => seen.add_other(key.clone()) && self.matches_additional(object, key, value),
        });
        are_valid && seen.has_required(object)
    }

    fn matches_property(&self, property: &'s PropertySchema, value: &ParsedValue<'_>) -> bool {
        let is_absent = property.is_absent_by_null() && *value == ParsedValue::Null;
        is_absent || self.matches(&property.node, value)
    }

    fn matches_additional(&self, object: &'s ObjectSchema, key: &str, value: &ParsedValue<'_>) -> bool {
        match object.additional(key) {
            UnlistedKeyRule::Schema(node) => self.matches(node, value),
            UnlistedKeyRule::Unspecified => true,
            UnlistedKeyRule::Forbidden => false,
        }
    }
}

/// Whether the selector of the union selects this variant for an object.
fn is_selected(union: &UnionSchema, object: &ObjectSchema, entries: &[(Cow<'_, str>, ParsedValue<'_>)]) -> bool {
    match &union.selector {
        ObjectSelector::Tag(tag) => {
            let mut tags = entries.iter().filter(|(key, _)| key == tag);
            tags.next().is_some_and(|(_, value)| value.as_str() == object.tag(tag))
        }
        ObjectSelector::Key => entries.first().is_some_and(|(key, _)| object.only_key() == Some(key)),
        ObjectSelector::Only(_) | ObjectSelector::Attempts => true,
    }
}

/// Whether two items are equal. `1` and `1.0` are, and objects with the same members in another order.
pub(crate) fn has_duplicates(items: &[ParsedValue<'_>]) -> bool {
    let mut seen = HashSet::new();
    items.iter().any(|item| !seen.insert(canonical(item)))
}

/// Returns a string that is the same for equal values.
fn canonical(value: &ParsedValue<'_>) -> String {
    match value {
        ParsedValue::Number(number) => {
            let number = number.bound();
            number.as_integer().map_or(number, Bound::Int).to_string()
        }
        ParsedValue::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        ParsedValue::Object(entries) => {
            let mut members: Vec<_> =
                entries.iter().map(|(key, value)| format!("{key:?}:{}", canonical(value))).collect();
            members.sort_unstable();
            format!("{{{}}}", members.join(","))
        }
        scalar => scalar.to_json().to_string(),
    }
}
