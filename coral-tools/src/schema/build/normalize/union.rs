//! Builds one node from the variants of a schema.

use serde_json::Value;

use super::expand::{SchemaVariants, take_annotations};
use super::merge::types;
use super::{Keywords, Normalizer, SchemaDirection, SchemaOrigin};
use crate::schema::build::first_match::message as dropped_keys_message;
use crate::schema::show::f32_display::with_f32_digits;
use crate::schema::tree::location::Location;
use crate::schema::tree::node::{AdditionalProperties, Annotations, EnumSchema, NodeKind, SchemaNode};

/// Keywords of JSON Schema that most agents do not support.
pub(crate) const UNSUPPORTED: [&str; 13] = [
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

impl Normalizer {
    /// Builds the node of a list of variants.
    pub(super) fn union(&mut self, expanded: SchemaVariants, location: &Location) -> SchemaNode {
        let mut nodes = Vec::new();
        for variant in expanded.variants {
            for keywords in split_types(variant) {
                self.add_variant(keywords, location, &mut nodes);
            }
        }
        self.reject_objects_before_any(&nodes, location);
        let node = one_of(join_enums(nodes));
        let mut annotations = expanded.annotations.over(node.annotations);
        // Results have no defaults.
        let default = annotations.default.filter(|_| self.direction == SchemaDirection::Input);
        annotations.default = default.map(|value| with_f32_digits(&node.kind, value));
        annotations.examples =
            annotations.examples.into_iter().map(|value| with_f32_digits(&node.kind, value)).collect();
        SchemaNode { annotations, ..node }
    }

    fn add_variant(&mut self, mut keywords: Keywords, location: &Location, nodes: &mut Vec<SchemaNode>) {
        let annotations = take_annotations(&mut keywords);
        let added = self.plain(&keywords, location);
        for node in added {
            let annotations = annotations.clone().over(node.annotations);
            nodes.push(SchemaNode { annotations, ..node });
        }
    }

    /// Builds the nodes of a schema without combinations. Only an enum with values of several types has several nodes.
    pub(super) fn plain(&mut self, keywords: &Keywords, location: &Location) -> Vec<SchemaNode> {
        self.reject_unsupported(keywords, location);
        self.reject_malformed(keywords, location);
        if let Some(Value::String(name)) = keywords.get("$ref") {
            return vec![NodeKind::Reference(self.reference(name, location)).into()];
        }
        if keywords.contains_key("const") || keywords.contains_key("enum") {
            return self.enumeration(keywords, location);
        }
        match type_name(keywords) {
            Some("null") => vec![NodeKind::Null.into()],
            Some("boolean") => vec![NodeKind::Boolean.into()],
            Some("string") => vec![self.text(keywords, location)],
            Some("number") => vec![self.number(keywords, false, location)],
            Some("integer") => self.integers(keywords, location),
            Some("array") => vec![self.array(keywords, location)],
            Some("object") => vec![self.object(keywords, location)],
            Some(other) => {
                self.problem(location, format!("`{other}` is not a type of JSON Schema"));
                vec![NodeKind::Any.into()]
            }
            None => vec![self.anything(keywords, location)],
        }
    }

    /// Rejects an object before a variant that allows any value: serde reads objects with its fields as that object and
    /// drops their other keys.
    fn reject_objects_before_any(&mut self, nodes: &[SchemaNode], location: &Location) {
        let before = nodes.iter().position(|node| matches!(node.kind, NodeKind::Any)).unwrap_or(0);
        let drops_keys = nodes[..before].iter().any(|node| match &node.kind {
            NodeKind::Object(object) => {
                !object.rejects_unknown_keys && matches!(object.additional, AdditionalProperties::Forbidden)
            }
            _ => false,
        });
        if drops_keys && self.direction == SchemaDirection::Input && self.origin == SchemaOrigin::Type {
            self.problem(location, dropped_keys_message("other keys"));
        }
    }

    fn anything(&mut self, keywords: &Keywords, location: &Location) -> SchemaNode {
        if let Some(keyword) = keywords.keys().next() {
            self.problem(location, format!("has `{keyword}` but no `type`; add one"));
        }
        NodeKind::Any.into()
    }

    /// Rejects keywords that are neither in the JSON Schema nor enforced.
    fn reject_unsupported(&mut self, keywords: &Keywords, location: &Location) {
        for keyword in UNSUPPORTED.into_iter().filter(|keyword| keywords.contains_key(*keyword)) {
            let message =
                format!("`{keyword}` is not supported by most agents; remove it and check the value in the tool");
            self.problem(location, message);
        }
        let is_nonzero = type_name(keywords) == Some("integer") && keywords.get("not") == Some(&super::scalar::zero());
        if keywords.contains_key("not") && !is_nonzero {
            self.problem(location, "`not` is not supported by most agents; remove it and check the value in the tool");
        }
    }
}

/// Returns the type of a schema, from `type` or from the keywords that apply to one type.
fn type_name(keywords: &Keywords) -> Option<&str> {
    if let Some(name) = keywords.get("type").and_then(Value::as_str) {
        return Some(name);
    }
    let has = |names: &[&str]| names.iter().any(|name| keywords.contains_key(*name));
    if has(&["properties", "required", "additionalProperties", "patternProperties"]) {
        return Some("object");
    }
    has(&["items", "prefixItems"]).then_some("array")
}

/// Splits a schema with several types into one schema for each type.
fn split_types(keywords: Keywords) -> Vec<Keywords> {
    let Some(several @ Value::Array(_)) = keywords.get("type") else {
        return vec![keywords];
    };
    if keywords.contains_key("enum") || keywords.contains_key("const") {
        // The type of each value is known from the value.
        let mut untyped = keywords.clone();
        untyped.remove("type");
        return vec![untyped];
    }
    let with_type = |name: &str| {
        let mut one = keywords.clone();
        one.insert("type".to_owned(), Value::from(name));
        if name == "null" {
            one.retain(|keyword, _| keyword == "type");
        }
        one
    };
    types(several).into_iter().map(with_type).collect()
}

/// Joins the enums of the same type.
fn join_enums(nodes: Vec<SchemaNode>) -> Vec<SchemaNode> {
    let mut joined: Vec<SchemaNode> = Vec::new();
    for mut node in nodes {
        if let NodeKind::Enum(enum_schema) = &mut node.kind {
            describe_single_value(enum_schema, &mut node.annotations);
        }
        match joined.iter_mut().find(|other| can_join(other, &node)) {
            Some(same) => same.extend(node),
            None => joined.push(node),
        }
    }
    joined
}

/// Moves the description of a variant with one value to that value.
fn describe_single_value(enum_schema: &mut EnumSchema, annotations: &mut Annotations) {
    if let [doc @ None] = &mut enum_schema.docs[..] {
        *doc = annotations.description.take();
    }
}

fn can_join(a: &SchemaNode, b: &SchemaNode) -> bool {
    match (&a.kind, &b.kind) {
        (NodeKind::Enum(_), NodeKind::Enum(_)) => a.json_type() == b.json_type(),
        (NodeKind::Null, NodeKind::Null) => true,
        _ => false,
    }
}

impl SchemaNode {
    fn extend(&mut self, other: Self) {
        let (NodeKind::Enum(own), NodeKind::Enum(other)) = (&mut self.kind, other.kind) else {
            return;
        };
        own.extend(other);
    }
}

impl EnumSchema {
    fn extend(&mut self, other: Self) {
        for (value, doc) in other.values.into_iter().zip(other.docs) {
            if !self.values.contains(&value) {
                self.values.push(value);
                self.docs.push(doc);
            }
        }
    }
}

/// Returns the only node, or a union. A list without nodes has been rejected before.
pub(crate) fn one_of(mut nodes: Vec<SchemaNode>) -> SchemaNode {
    if nodes.iter().any(|node| matches!(node.kind, NodeKind::Any)) {
        return NodeKind::Any.into();
    }
    match nodes.len() {
        1 => nodes.swap_remove(0),
        _ => NodeKind::Union(nodes.into()).into(),
    }
}
