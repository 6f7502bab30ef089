//! Arrays, tuples and sets.

use serde_json::Value;

use super::scalar::{count, crossed};
use super::{Flat, Normalizer};
use crate::schema::show::render::render;
use crate::schema::tree::node::{Items, Kind, List, Node};

impl Normalizer {
    pub(super) fn array(&mut self, flat: &Flat, path: &str) -> Node {
        let path = format!("{path}[]");
        let items = match flat.get("prefixItems").and_then(Value::as_array) {
            Some(positions) => self.tuple(flat, positions, &path),
            None => Items::Each(Box::new(self.each(flat.get("items"), &path))),
        };
        let (min, max) = (count(flat, "minItems"), count(flat, "maxItems"));
        if crossed(min, max) {
            self.problem(&path, "is an array that is at least longer than it is at most");
        }
        // `uniqueItems` of a set is left out: a set takes a repeated item, and some readers refuse the keyword.
        let list = List { items, min, max, unique: false };
        Kind::List(list).into()
    }

    fn each(&mut self, items: Option<&Value>, path: &str) -> Node {
        match items {
            Some(items) => self.node(items, path),
            None => Kind::Any.into(),
        }
    }

    /// A tuple whose positions are all alike is an array of that length.
    fn tuple(&mut self, flat: &Flat, positions: &[Value], path: &str) -> Items {
        let length = Some(positions.len() as u64);
        if count(flat, "minItems") != length || count(flat, "maxItems") != length {
            self.problem(path, "is a tuple of varying length; use an array or a struct");
        }
        let mut nodes: Vec<_> = positions.iter().map(|position| self.node(position, path)).collect();
        let first = nodes.first().map(render);
        let alike = nodes.iter().all(|node| Some(render(node)) == first);
        match nodes.pop() {
            Some(node) if alike => Items::Each(Box::new(node)),
            Some(last) => {
                nodes.push(last);
                Items::Tuple(nodes)
            }
            None => Items::Each(Box::new(Kind::Any.into())),
        }
    }
}
