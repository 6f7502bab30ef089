//! Arrays, tuples and sets.

use serde_json::Value;

use super::scalar::{count, is_crossed};
use super::{Keywords, Normalizer, SchemaOrigin};
use crate::schema::show::render::render;
use crate::schema::tree::location::Location;
use crate::schema::tree::node::{ArrayItems, ArraySchema, NodeKind, SchemaNode};

impl Normalizer {
    pub(super) fn array(&mut self, keywords: &Keywords, location: &Location) -> SchemaNode {
        let location = location.any_item();
        let items = match keywords.get("prefixItems").and_then(Value::as_array) {
            Some(positions) => self.tuple(keywords, positions, &location),
            None => ArrayItems::Each(Box::new(self.each(keywords.get("items"), &location))),
        };
        let (min_items, max_items) = (count(keywords, "minItems"), count(keywords, "maxItems"));
        if is_crossed(min_items, max_items) {
            self.problem(&location, "has a `minItems` greater than its `maxItems`");
        }
        // That of a type is left out: sets accept duplicate items, and some consumers reject the keyword.
        let unique_items =
            self.origin == SchemaOrigin::Document && keywords.get("uniqueItems") == Some(&Value::Bool(true));
        let array = ArraySchema { items, min_items, max_items, unique_items };
        NodeKind::Array(array).into()
    }

    fn each(&mut self, items: Option<&Value>, location: &Location) -> SchemaNode {
        match items {
            Some(items) => self.node(items, location),
            None => NodeKind::Any.into(),
        }
    }

    /// Builds the items of a tuple; a tuple of equal types becomes an array of fixed length.
    fn tuple(&mut self, keywords: &Keywords, positions: &[Value], location: &Location) -> ArrayItems {
        let length = Some(positions.len() as u64);
        if count(keywords, "minItems") != length || count(keywords, "maxItems") != length {
            self.problem(location, "tuples of varying length are not supported; use an array or a struct");
        }
        let mut nodes: Vec<_> = positions.iter().map(|position| self.node(position, location)).collect();
        let first = nodes.first().map(render);
        let alike = nodes.iter().all(|node| Some(render(node)) == first);
        match nodes.pop() {
            Some(node) if alike => ArrayItems::Each(Box::new(node)),
            Some(last) => {
                nodes.push(last);
                ArrayItems::Tuple(nodes)
            }
            None => ArrayItems::Each(Box::new(NodeKind::Any.into())),
        }
    }
}
