//! Unions: the problems of the variant that is closest to the value.

use serde_json::Value;

use super::{DeclaredFormats, ValueChecker};
use crate::schema::read::parsed::ParsedValue;
use crate::schema::read::problem::Problem;
use crate::schema::show::describe::expected;
use crate::schema::tree::node::{EnumSchema, NodeKind, ObjectSelector, SchemaNode, SchemaTree, UnionSchema};

impl<'s> ValueChecker<'_, 's> {
    /// Checks a union. If one variant is closer to the value than all others, its problems are reported.
    pub(super) fn union(&mut self, node: &'s SchemaNode, union: &'s UnionSchema, value: &ParsedValue<'_>) {
        if let Some(variant) = self.matcher.variant(node, value) {
            if !matches!(self.formats, DeclaredFormats::Ignored) && !self.is_valid_as_another(union, variant, value) {
                self.node(variant, value);
            }
            return;
        }
        if self.is_counting {
            self.count += self.union_count(node, union, value);
            return;
        }
        match self.closest_variant(union, value) {
            Some(variant) => self.node(variant, value),
            None if self.tag(union, value) => {}
            None if has_object_variant(self.matcher.tree, union, value) => self.constraint(node, value),
            None if self.matcher.candidates(union, value).next().is_some() => self.constraint(node, value),
            None => self.wrong_type(node, value),
        }
    }

    /// Whether the value is in the declared formats of a variant other than the selected one.
    fn is_valid_as_another(&mut self, union: &'s UnionSchema, selected: &SchemaNode, value: &ParsedValue<'_>) -> bool {
        let others: Vec<_> =
            self.matcher.candidates(union, value).filter(|node| !std::ptr::eq(*node, selected)).collect();
        others.into_iter().any(|node| self.matcher.matches(node, value) && self.count_problems(node, value) == 0)
    }

    /// Returns the variant with the fewest problems, unless several have that number.
    fn closest_variant(&mut self, union: &'s UnionSchema, value: &ParsedValue<'_>) -> Option<&'s SchemaNode> {
        let candidates: Vec<_> = self.matcher.candidates(union, value).collect();
        if let [only] = candidates[..] {
            return Some(only);
        }
        let candidates = candidates.into_iter().filter(|node| shares_key(node, value));
        let counted: Vec<_> = candidates.map(|node| (self.count_problems(node, value), node)).collect();
        let fewest = counted.iter().map(|(count, _)| *count).min()?;
        let mut closest = counted.into_iter().filter(|(count, _)| *count == fewest);
        let (_, node) = closest.next()?;
        closest.next().is_none().then_some(node)
    }

    /// Returns the number of problems of the value as this variant.
    fn count_problems(&mut self, node: &'s SchemaNode, value: &ParsedValue<'_>) -> usize {
        let (count, is_counting) = (self.count, self.is_counting);
        (self.count, self.is_counting) = (0, true);
        self.node(node, value);
        self.is_counting = is_counting;
        std::mem::replace(&mut self.count, count)
    }

    /// Returns the number of problems of the closest variant.
    fn union_count(&mut self, node: &'s SchemaNode, union: &'s UnionSchema, value: &ParsedValue<'_>) -> usize {
        let key = (value.address(), std::ptr::from_ref(node).addr());
        if let Some(count) = self.counts.get(&key) {
            return *count;
        }
        let candidates: Vec<_> = self.matcher.candidates(union, value).collect();
        let counts = candidates.into_iter().map(|node| self.count_problems(node, value));
        let fewest = counts.min().unwrap_or(1);
        self.counts.insert(key, fewest);
        fewest
    }

    /// Reports the tag of an object, if the tag is what is invalid.
    fn tag(&mut self, union: &'s UnionSchema, value: &ParsedValue<'_>) -> bool {
        let (ObjectSelector::Tag(name), ParsedValue::Object(entries)) = (&union.selector, value) else {
            return false;
        };
        let node = SchemaNode::from(NodeKind::Enum(tags(self.matcher.tree, union, name)));
        self.location.push_key(name);
        match (entries.iter().find(|(key, _)| key == name), &node.kind) {
            (Some((_, value)), NodeKind::Enum(enum_schema)) => self.enumeration(&node, enum_schema, value),
            _ => self.report(|location| Problem::missing(location, expected(&node))),
        }
        self.location.pop();
        true
    }
}

/// Whether the node, if it is an object, has a field with a key of the value.
fn shares_key(node: &SchemaNode, value: &ParsedValue<'_>) -> bool {
    match (&node.kind, value) {
        (NodeKind::Object(object), ParsedValue::Object(entries)) => {
            entries.iter().any(|(key, _)| object.field(key).is_some())
        }
        _ => true,
    }
}

/// Returns the tags of all object variants.
fn tags(tree: &SchemaTree, union: &UnionSchema, name: &str) -> EnumSchema {
    let values = tree.objects(union).filter_map(|(_, object)| object.tag(name).map(Value::from));
    EnumSchema::new(values.collect(), Vec::new())
}

/// Whether the value is an object and one of the variants is an object.
fn has_object_variant(tree: &SchemaTree, nodes: &[SchemaNode], value: &ParsedValue<'_>) -> bool {
    nodes.iter().any(|node| match &tree.resolve(node).kind {
        NodeKind::Object(_) => value.as_object().is_some(),
        NodeKind::Union(nodes) => has_object_variant(tree, nodes, value),
        _ => false,
    })
}
