//! `enum` and `const`.

use serde_json::Value;

use super::{Flat, NOTHING_FITS, Normalizer};
use crate::schema::read::check::check;
use crate::schema::tree::node::{Choice, Kind, Node, Tree, type_of};

impl Normalizer {
    /// One node for each JSON type among the values.
    pub(super) fn choices(&mut self, flat: &Flat, path: &str) -> Vec<Node> {
        let mut nodes: Vec<Node> = Vec::new();
        let mut values = values(flat);
        values.iter().for_each(|value| self.refuse_compound(value, path));
        if let Some(rest) = self.rest(flat, path) {
            values.retain(|value| rest.iter().any(|node| fits(node, value)));
        }
        for value in values {
            add(&mut nodes, value);
        }
        if nodes.is_empty() {
            self.problem(path, NOTHING_FITS);
            return vec![Kind::Any.into()];
        }
        nodes
    }

    /// What the schema says beside its values, which then holds of each.
    fn rest(&mut self, flat: &Flat, path: &str) -> Option<Vec<Node>> {
        let mut rest = flat.clone();
        rest.retain(|keyword, _| !["enum", "const"].contains(&keyword.as_str()));
        (!rest.is_empty()).then(|| self.plain(&rest, path))
    }

    fn refuse_compound(&mut self, value: &Value, path: &str) {
        if value.is_array() || value.is_object() {
            self.problem(path, "is a fixed array or object, which most agents cannot read; use a string");
        }
    }
}

/// Whether a value is one of the node's. Compound values have been refused, so there is nothing inside to look up.
fn fits(node: &Node, value: &Value) -> bool {
    let tree = Tree { root: Kind::Any.into(), defs: Vec::new(), null_is_absence: false };
    value.is_array() || value.is_object() || check(&tree, node, value).is_empty()
}

fn values(flat: &Flat) -> Vec<Value> {
    let listed = flat.get("enum").and_then(Value::as_array);
    match (flat.get("const"), listed) {
        (Some(value), None) => vec![value.clone()],
        (Some(value), Some(listed)) => listed.iter().filter(|other| *other == value).cloned().collect(),
        (None, listed) => listed.cloned().unwrap_or_default(),
    }
}

fn add(nodes: &mut Vec<Node>, value: Value) {
    if value.is_null() {
        nodes.push(Kind::Null.into());
        return;
    }
    let same = nodes.iter_mut().find(|node| node.type_name() == type_of(&value));
    if let Some(Kind::Choice(choice)) = same.map(|node| &mut node.kind) {
        if !choice.values.contains(&value) {
            choice.values.push(value);
            choice.docs.push(None);
        }
        return;
    }
    let choice = Choice { values: vec![value], docs: vec![None] };
    nodes.push(Kind::Choice(choice).into());
}
