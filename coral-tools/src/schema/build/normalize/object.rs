//! Objects and maps.

use serde_json::Value;

use super::merge::names;
use super::{Keywords, Normalizer, SchemaDirection, SchemaOrigin};
use crate::schema::tree::location::Location;
use crate::schema::tree::node::{AdditionalProperties, NodeKind, NullRule, ObjectSchema, PropertySchema, SchemaNode};

impl Normalizer {
    pub(super) fn object(&mut self, keywords: &Keywords, location: &Location) -> SchemaNode {
        let required = names(keywords);
        let mut fields = Vec::new();
        for (name, schema) in keywords.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let node = self.node(schema, &location.key(name));
            fields.push(self.field(name, node, required.contains(&name.as_str())));
        }
        for name in &required {
            if !fields.iter().any(|field| field.name == *name) {
                self.problem(location, format!("`{name}` is in `required` but not in `properties`"));
            }
        }
        let additional = self.additional(keywords, location);
        let rejects_unknown_keys = other_keys(keywords) == Some(&Value::Bool(false));
        NodeKind::Object(ObjectSchema { rejects_unknown_keys, ..ObjectSchema::new(fields, additional) }).into()
    }

    /// Builds a property. An optional argument does not need `null` in its schema.
    pub(crate) fn field(&self, name: &str, node: SchemaNode, required: bool) -> PropertySchema {
        let can_be_null = required || self.direction == SchemaDirection::Output || node.annotations.keeps_null;
        let (mut node, null) = match self.origin {
            _ if can_be_null => (node, NullRule::Value),
            SchemaOrigin::Type => without_null(node),
            // A `null` that the schema allows is a value, which `complete` finds.
            SchemaOrigin::Document => (node, NullRule::Absent),
        };
        if !matches!(node.kind, NodeKind::Any) && node.annotations.default == Some(Value::Null) {
            node.annotations.default = None;
        }
        PropertySchema { name: name.to_owned(), node, required, null }
    }

    fn additional(&mut self, keywords: &Keywords, location: &Location) -> AdditionalProperties {
        let patterns = keywords.get("patternProperties").and_then(Value::as_object);
        match (patterns, other_keys(keywords)) {
            (Some(patterns), Some(Value::Bool(false))) => self.keyed(patterns, location),
            (Some(_), _) => {
                self.problem(location, "maps with several kinds of keys are not supported; use one type of key");
                AdditionalProperties::Forbidden
            }
            (None, Some(Value::Bool(false))) => AdditionalProperties::Forbidden,
            (None, Some(schema)) => AdditionalProperties::Schema {
                node: Box::new(self.node(schema, &location.any_key())),
                keys: Vec::new(),
            },
            (None, None) if self.is_free_form(keywords, location) => {
                AdditionalProperties::Schema { node: Box::new(NodeKind::Any.into()), keys: Vec::new() }
            }
            (None, None) if self.direction == SchemaDirection::Input => AdditionalProperties::Forbidden,
            (None, None) => AdditionalProperties::Unspecified,
        }
    }

    /// Whether a schema written as `{"type": "object"}` allows every key. At the top level, it is a tool without arguments.
    fn is_free_form(&self, keywords: &Keywords, location: &Location) -> bool {
        self.origin == SchemaOrigin::Document && !keywords.contains_key("properties") && !location.steps().is_empty()
    }

    /// Builds the additional properties of a map whose keys match patterns.
    fn keyed(&mut self, patterns: &Keywords, location: &Location) -> AdditionalProperties {
        let mut schemas = patterns.values();
        let Some(schema) = schemas.next() else {
            return AdditionalProperties::Forbidden;
        };
        if schemas.any(|other| other != schema) {
            self.problem(
                location,
                "maps whose type of value depends on the key are not supported; use one type of value",
            );
        }
        let node = Box::new(self.node(schema, &location.any_key()));
        let keys = patterns.keys().filter_map(|source| self.pattern(source, location)).collect();
        AdditionalProperties::Schema { node, keys }
    }
}

/// Returns the schema of keys that are not in `properties`.
fn other_keys(keywords: &Keywords) -> Option<&Value> {
    keywords.get("additionalProperties").or_else(|| keywords.get("unevaluatedProperties"))
}

/// Returns the node of an optional property without the variant `null`, and what `null` stands for instead.
///
/// A type with `null` in its schema reads it as `None`. That is its value if the property is absent, unless it has
/// another default.
fn without_null(node: SchemaNode) -> (SchemaNode, NullRule) {
    let has_default = node.annotations.default.as_ref().is_some_and(|default| !default.is_null());
    let NodeKind::Union(nodes) = node.kind else {
        return (node, NullRule::Absent);
    };
    let (nulls, rest): (Vec<_>, Vec<_>) = nodes.into_iter().partition(|node| matches!(node.kind, NodeKind::Null));
    let null = if nulls.is_empty() || has_default { NullRule::Absent } else { NullRule::AbsentByType };
    let rest = super::union::one_of(rest);
    (SchemaNode { annotations: node.annotations.over(rest.annotations), ..rest }, null)
}
