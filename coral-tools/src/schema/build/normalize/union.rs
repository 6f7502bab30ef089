//! One node out of several alternatives.

use serde_json::Value;

use super::expand::{ExpandedSchema, take_notes};
use super::merge::types;
use super::{Direction, Keywords, Normalizer};
use crate::schema::show::f32_display::own_digits;
use crate::schema::tree::location::Location;
use crate::schema::tree::node::{Annotations, EnumSchema, NodeKind, SchemaNode};

impl Normalizer {
    /// The node that holds any of the alternatives.
    pub(super) fn union(&mut self, expanded: ExpandedSchema, path: &Location) -> SchemaNode {
        let mut nodes = Vec::new();
        for alternative in expanded.alternatives {
            for flat in split_types(alternative) {
                self.add_alternative(flat, path, &mut nodes);
            }
        }
        let node = one_of(join_choices(nodes));
        let mut notes = expanded.notes.over(node.notes);
        // Results have no defaults.
        let default = notes.default.filter(|_| self.direction == Direction::Input);
        notes.default = default.map(|value| own_digits(&node.kind, value));
        notes.examples = notes.examples.into_iter().map(|value| own_digits(&node.kind, value)).collect();
        SchemaNode { notes, ..node }
    }

    fn add_alternative(&mut self, mut flat: Keywords, path: &Location, nodes: &mut Vec<SchemaNode>) {
        let notes = take_notes(&mut flat);
        let added = self.plain(&flat, path);
        for node in added {
            let notes = notes.clone().over(node.notes);
            nodes.push(SchemaNode { notes, ..node });
        }
    }

    /// The nodes of one schema without combinations: several only for a mixed enumeration.
    pub(super) fn plain(&mut self, flat: &Keywords, path: &Location) -> Vec<SchemaNode> {
        self.refuse_unsupported(flat, path);
        self.refuse_malformed(flat, path);
        if let Some(Value::String(name)) = flat.get("$ref") {
            return vec![NodeKind::Reference(self.reference(name, path)).into()];
        }
        if flat.contains_key("const") || flat.contains_key("enum") {
            return self.choices(flat, path);
        }
        match type_name(flat) {
            Some("null") => vec![NodeKind::Null.into()],
            Some("boolean") => vec![NodeKind::Boolean.into()],
            Some("string") => vec![self.text(flat, path)],
            Some("number") => vec![self.number(flat, false, path)],
            Some("integer") => self.integers(flat, path),
            Some("array") => vec![self.array(flat, path)],
            Some("object") => vec![self.object(flat, path)],
            Some(other) => {
                self.problem(path, format!("has the type `{other}`, which JSON does not have"));
                vec![NodeKind::Any.into()]
            }
            None => vec![self.anything(flat, path)],
        }
    }

    fn anything(&mut self, flat: &Keywords, path: &Location) -> SchemaNode {
        if let Some(keyword) = flat.keys().next() {
            self.problem(path, format!("says `{keyword}` but no type; give it a type"));
        }
        NodeKind::Any.into()
    }

    /// A keyword that is neither shown nor enforced would be a silent promise.
    fn refuse_unsupported(&mut self, flat: &Keywords, path: &Location) {
        const UNSUPPORTED: [&str; 13] = [
            "$dynamicRef",
            "contains",
            "dependentRequired",
            "dependentSchemas",
            "dependencies",
            "else",
            "if",
            "maxProperties",
            "minProperties",
            "propertyNames",
            "then",
            "unevaluatedItems",
            "definitions",
        ];
        for keyword in UNSUPPORTED.into_iter().filter(|keyword| flat.contains_key(*keyword)) {
            let message = format!("uses `{keyword}`, which most agents cannot read; check it in the tool itself");
            self.problem(path, message);
        }
        let is_nonzero = type_name(flat) == Some("integer") && flat.get("not") == Some(&super::scalar::zero());
        if flat.contains_key("not") && !is_nonzero {
            self.problem(path, "uses `not`, which most agents cannot read; check it in the tool itself");
        }
    }
}

/// The type of a schema that names one, or shows it by its keywords.
fn type_name(flat: &Keywords) -> Option<&str> {
    if let Some(name) = flat.get("type").and_then(Value::as_str) {
        return Some(name);
    }
    let has = |keywords: &[&str]| keywords.iter().any(|keyword| flat.contains_key(*keyword));
    if has(&["properties", "required", "additionalProperties", "patternProperties"]) {
        return Some("object");
    }
    has(&["items", "prefixItems"]).then_some("array")
}

/// One schema for each of a list of types.
fn split_types(flat: Keywords) -> Vec<Keywords> {
    let Some(several @ Value::Array(_)) = flat.get("type") else {
        return vec![flat];
    };
    if flat.contains_key("enum") || flat.contains_key("const") {
        // Every value has its type already.
        let mut untyped = flat.clone();
        untyped.remove("type");
        return vec![untyped];
    }
    let of_type = |name: &str| {
        let mut one = flat.clone();
        one.insert("type".to_owned(), Value::from(name));
        if name == "null" {
            one.retain(|keyword, _| keyword == "type");
        }
        one
    };
    types(several).into_iter().map(of_type).collect()
}

/// Enumerations of the same type, side by side, are one enumeration.
fn join_choices(nodes: Vec<SchemaNode>) -> Vec<SchemaNode> {
    let mut joined: Vec<SchemaNode> = Vec::new();
    for mut node in nodes {
        if let NodeKind::Enum(choice) = &mut node.kind {
            give_docs(choice, &mut node.notes);
        }
        match joined.iter_mut().find(|other| are_joined(other, &node)) {
            Some(same) => same.absorb(node),
            None => joined.push(node),
        }
    }
    joined
}

/// What is said of an alternative with a single value is said of that value.
fn give_docs(choice: &mut EnumSchema, notes: &mut Annotations) {
    if let [doc @ None] = &mut choice.docs[..] {
        *doc = notes.description.take();
    }
}

fn are_joined(a: &SchemaNode, b: &SchemaNode) -> bool {
    match (&a.kind, &b.kind) {
        (NodeKind::Enum(_), NodeKind::Enum(_)) => a.json_type() == b.json_type(),
        (NodeKind::Null, NodeKind::Null) => true,
        _ => false,
    }
}

impl SchemaNode {
    fn absorb(&mut self, other: Self) {
        let (NodeKind::Enum(own), NodeKind::Enum(other)) = (&mut self.kind, other.kind) else {
            return;
        };
        own.absorb(other);
    }
}

impl EnumSchema {
    fn absorb(&mut self, other: Self) {
        for (value, doc) in other.values.into_iter().zip(other.docs) {
            if !self.values.contains(&value) {
                self.values.push(value);
                self.docs.push(doc);
            }
        }
    }
}

/// A single alternative stands for itself; a union of nothing was refused before.
pub(crate) fn one_of(mut nodes: Vec<SchemaNode>) -> SchemaNode {
    if nodes.iter().any(|node| matches!(node.kind, NodeKind::Any)) {
        return NodeKind::Any.into();
    }
    match nodes.len() {
        1 => nodes.swap_remove(0),
        _ => NodeKind::Union(nodes).into(),
    }
}
