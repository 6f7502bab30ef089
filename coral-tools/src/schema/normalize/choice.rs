//! `enum` and `const`.

use serde_json::Value;

use super::{Flat, NOTHING_FITS, Normalizer};
use crate::schema::shape::{Choice, Kind, Node, type_of};

impl Normalizer {
    /// One node for each JSON type among the values.
    pub(super) fn choices(&mut self, flat: &Flat, path: &str) -> Vec<Node> {
        let mut nodes: Vec<Node> = Vec::new();
        for value in values(flat) {
            self.refuse_compound(&value, path);
            add(&mut nodes, value);
        }
        if nodes.is_empty() {
            self.problem(path, NOTHING_FITS);
            return vec![Kind::Any.into()];
        }
        nodes
    }

    fn refuse_compound(&mut self, value: &Value, path: &str) {
        if value.is_array() || value.is_object() {
            self.problem(
                path,
                "is a fixed array or object, which most agents cannot read; use a string",
            );
        }
    }
}

fn values(flat: &Flat) -> Vec<Value> {
    let listed = flat.get("enum").and_then(Value::as_array);
    match (flat.get("const"), listed) {
        (Some(value), None) => vec![value.clone()],
        (Some(value), Some(listed)) => listed
            .iter()
            .filter(|other| *other == value)
            .cloned()
            .collect(),
        (None, listed) => listed.cloned().unwrap_or_default(),
    }
}

fn add(nodes: &mut Vec<Node>, value: Value) {
    if value.is_null() {
        nodes.push(Kind::Null.into());
        return;
    }
    let same = nodes
        .iter_mut()
        .find(|node| node.type_name() == type_of(&value));
    if let Some(Kind::Choice(choice)) = same.map(|node| &mut node.kind) {
        if !choice.values.contains(&value) {
            choice.values.push(value);
            choice.docs.push(None);
        }
        return;
    }
    let choice = Choice {
        values: vec![value],
        docs: vec![None],
    };
    nodes.push(Kind::Choice(choice).into());
}
