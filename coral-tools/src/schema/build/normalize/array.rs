//! Arrays, tuples and sets.

use serde_json::Value;

use super::scalar::{count, crossed};
use super::{Keywords, Normalizer};
use crate::schema::show::render::render;
use crate::schema::tree::location::Location;
use crate::schema::tree::node::{ArrayItems, ArraySchema, NodeKind, SchemaNode};

impl Normalizer {
    pub(super) fn array(&mut self, flat: &Keywords, path: &Location) -> SchemaNode {
        let path = path.any_item();
        let items = match flat.get("prefixItems").and_then(Value::as_array) {
            Some(positions) => self.tuple(flat, positions, &path),
            None => ArrayItems::Each(Box::new(self.each(flat.get("items"), &path))),
        };
        let (min, max) = (count(flat, "minItems"), count(flat, "maxItems"));
        if crossed(min, max) {
            self.problem(&path, "is an array that is at least longer than it is at most");
        }
        // `uniqueItems` of a set is left out: a set takes a repeated item, and some readers refuse the keyword.
        let list = ArraySchema { items, min, max, unique: false };
        NodeKind::Array(list).into()
    }

    fn each(&mut self, items: Option<&Value>, path: &Location) -> SchemaNode {
        match items {
            Some(items) => self.node(items, path),
            None => NodeKind::Any.into(),
        }
    }

    /// A tuple whose positions are all alike is an array of that length.
    fn tuple(&mut self, flat: &Keywords, positions: &[Value], path: &Location) -> ArrayItems {
        let length = Some(positions.len() as u64);
        if count(flat, "minItems") != length || count(flat, "maxItems") != length {
            self.problem(path, "is a tuple of varying length; use an array or a struct");
        }
        let mut nodes: Vec<_> = positions.iter().map(|position| self.node(position, path)).collect();
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
