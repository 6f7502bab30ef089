//! The schema tree. Both the JSON Schema and the checks of values are derived from it.

use std::collections::HashSet;
use std::ops::{Deref, DerefMut};

use serde_json::Value;

use crate::schema::tree::json_type::JsonType;
use crate::schema::tree::location::Location;
use crate::schema::tree::number::NumberSchema;
use crate::schema::tree::string::{Pattern, StringSchema, within};

/// A schema: the root, and the recursive types that it refers to.
#[derive(Debug, Clone)]
pub(crate) struct SchemaTree {
    pub(crate) root: SchemaNode,
    pub(crate) defs: Vec<(String, SchemaNode)>,
}

impl SchemaTree {
    /// Returns the node, or the recursive type that it refers to.
    #[inline]
    pub(crate) fn resolve<'t>(&'t self, node: &'t SchemaNode) -> &'t SchemaNode {
        let mut node = node;
        // Types that consist only of themselves were rejected when the tree was built.
        while let NodeKind::Reference(index) = node.kind {
            node = &self.defs[index].1;
        }
        node
    }

    /// Returns the variants of a union that are objects.
    pub(crate) fn objects<'t>(
        &'t self,
        union: &'t UnionSchema,
    ) -> impl Iterator<Item = (&'t SchemaNode, &'t ObjectSchema)> {
        union.iter().map(|node| self.resolve(node)).filter_map(|node| match &node.kind {
            NodeKind::Object(object) => Some((node, object)),
            _ => None,
        })
    }

    /// Whether `null` is a value of the node.
    pub(crate) fn allows_null(&self, node: &SchemaNode) -> bool {
        match &self.resolve(node).kind {
            NodeKind::Any | NodeKind::Null => true,
            NodeKind::Union(nodes) => nodes.iter().any(|node| self.allows_null(node)),
            _ => false,
        }
    }
}

/// One node of a schema.
#[derive(Debug, Clone)]
pub(crate) struct SchemaNode {
    pub(crate) kind: NodeKind,
    pub(crate) annotations: Annotations,
}

/// Keywords that do not constrain values.
#[derive(Debug, Clone, Default)]
pub(crate) struct Annotations {
    pub(crate) description: Option<String>,
    pub(crate) default: Option<Value>,
    pub(crate) examples: Vec<Value>,
    /// Whether `null` remains a value of the node if it becomes an optional property.
    pub(crate) keeps_null: bool,
    /// `contentEncoding`, such as `base64`. Only in the description.
    pub(crate) encoding: Option<String>,
    /// `contentMediaType`, such as `image/png`. Only in the description.
    pub(crate) media_type: Option<String>,
    /// Only in the description.
    pub(crate) deprecated: bool,
}

impl Annotations {
    /// Returns these annotations; absent ones are taken from `inner`.
    pub(crate) fn over(self, inner: Self) -> Self {
        Self {
            description: self.description.or(inner.description),
            default: self.default.or(inner.default),
            examples: if self.examples.is_empty() { inner.examples } else { self.examples },
            keeps_null: self.keeps_null || inner.keeps_null,
            encoding: self.encoding.or(inner.encoding),
            media_type: self.media_type.or(inner.media_type),
            deprecated: self.deprecated || inner.deprecated,
        }
    }
}

/// The values that a node allows.
#[derive(Debug, Clone)]
pub(crate) enum NodeKind {
    Any,
    Null,
    Boolean,
    Number(NumberSchema),
    String(StringSchema),
    Enum(EnumSchema),
    Array(ArraySchema),
    Object(ObjectSchema),
    Union(UnionSchema),
    /// An index into [`SchemaTree::defs`].
    Reference(usize),
}

/// Several alternatives: `anyOf` in the JSON Schema.
#[derive(Debug, Clone, Default)]
pub(crate) struct UnionSchema {
    variants: Vec<SchemaNode>,
    /// How the variant of an object is selected. Set when the tree is complete.
    pub(crate) selector: ObjectSelector,
}

/// How the variant of an object is selected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum ObjectSelector {
    /// All variants are tried in their order, as in `#[serde(untagged)]`.
    #[default]
    Attempts,
    /// Only this variant can be an object.
    Only(usize),
    /// Each object variant requires this property with another string, as in `#[serde(tag = "…")]`.
    Tag(String),
    /// Each object variant has only one property, which it requires and no other has, as serde writes enums with data.
    Key,
}

impl From<Vec<SchemaNode>> for UnionSchema {
    fn from(variants: Vec<SchemaNode>) -> Self {
        Self { variants, selector: ObjectSelector::default() }
    }
}

impl Deref for UnionSchema {
    type Target = [SchemaNode];

    fn deref(&self) -> &[SchemaNode] {
        &self.variants
    }
}

impl DerefMut for UnionSchema {
    fn deref_mut(&mut self) -> &mut [SchemaNode] {
        &mut self.variants
    }
}

impl IntoIterator for UnionSchema {
    type Item = SchemaNode;
    type IntoIter = std::vec::IntoIter<SchemaNode>;

    fn into_iter(self) -> Self::IntoIter {
        self.variants.into_iter()
    }
}

/// An enum whose values have the same JSON type.
#[derive(Debug, Clone)]
pub(crate) struct EnumSchema {
    pub(crate) values: Vec<Value>,
    /// The documentation of each value.
    pub(crate) docs: Vec<Option<String>>,
    /// The strings of a long enum. Set when the tree is complete.
    pub(crate) lookup: HashSet<String>,
}

impl EnumSchema {
    /// The type of the values; an enum without values is rejected when the tree is built.
    pub(crate) fn json_type(&self) -> JsonType {
        self.values.first().map_or(JsonType::String, JsonType::narrowest)
    }

    pub(crate) fn new(values: Vec<Value>, docs: Vec<Option<String>>) -> Self {
        Self { values, docs, lookup: HashSet::new() }
    }

    pub(crate) fn allows_str(&self, text: &str) -> bool {
        match self.lookup.is_empty() {
            true => self.values.iter().any(|value| value.as_str() == Some(text)),
            false => self.lookup.contains(text),
        }
    }
}

/// An array.
#[derive(Debug, Clone)]
pub(crate) struct ArraySchema {
    pub(crate) items: ArrayItems,
    pub(crate) min_items: Option<u64>,
    pub(crate) max_items: Option<u64>,
    pub(crate) unique_items: bool,
}

impl ArraySchema {
    pub(crate) fn allows_count(&self, count: usize) -> bool {
        within(count, self.min_items, self.max_items)
    }

    /// Returns the node of the item at `index`; `None` beyond the end of a tuple.
    pub(crate) fn item(&self, index: usize) -> Option<&SchemaNode> {
        match &self.items {
            ArrayItems::Each(node) => Some(node),
            ArrayItems::Tuple(nodes) => nodes.get(index),
        }
    }
}

/// The items of an array.
#[derive(Debug, Clone)]
pub(crate) enum ArrayItems {
    Each(Box<SchemaNode>),
    /// One node for each position.
    Tuple(Vec<SchemaNode>),
}

/// An object: its properties, and the rule for additional properties.
#[derive(Debug, Clone)]
pub(crate) struct ObjectSchema {
    pub(crate) fields: Vec<PropertySchema>,
    pub(crate) additional: AdditionalProperties,
    /// One bit for each required field, for the first 64 fields. Set when the tree is complete.
    pub(crate) required_bits: u64,
    /// Whether the Rust type rejects other keys itself (`#[serde(deny_unknown_fields)]`).
    pub(crate) rejects_unknown_keys: bool,
}

/// A named property.
#[derive(Debug, Clone)]
pub(crate) struct PropertySchema {
    pub(crate) name: String,
    pub(crate) node: SchemaNode,
    pub(crate) required: bool,
    pub(crate) null: NullRule,
}

impl PropertySchema {
    /// Whether `null` as the value stands for an absent property.
    pub(crate) fn is_absent_by_null(&self) -> bool {
        self.null != NullRule::Value
    }
}

/// The meaning of `null` as the value of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NullRule {
    /// `null` is a value like any other.
    Value,
    /// `null` stands for an absent property. The type reads both as the same value, such as `None`.
    AbsentByType,
    /// `null` stands for an absent property. It is removed, so that the type uses its default.
    Absent,
}

/// The rule for keys that are not in `properties`.
#[derive(Debug, Clone)]
pub(crate) enum AdditionalProperties {
    Forbidden,
    /// Allowed with any value, and not in the JSON Schema. Only in results.
    Unspecified,
    /// Allowed with a value of this node. A key must match one of the patterns, if there are any.
    Schema {
        node: Box<SchemaNode>,
        keys: Vec<Pattern>,
    },
}

/// The rule for one key that is not in `properties`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum UnlistedKeyRule<'t> {
    Forbidden,
    Unspecified,
    Schema(&'t SchemaNode),
}

impl<'t> UnlistedKeyRule<'t> {
    pub(crate) fn node(self) -> Option<&'t SchemaNode> {
        match self {
            Self::Schema(node) => Some(node),
            Self::Forbidden | Self::Unspecified => None,
        }
    }
}

impl ObjectSchema {
    pub(crate) fn new(fields: Vec<PropertySchema>, additional: AdditionalProperties) -> Self {
        Self { fields, additional, required_bits: 0, rejects_unknown_keys: false }
    }

    /// The same as [`Self::field`], which looks at the field with the index `likely` first.
    #[inline]
    pub(crate) fn field_near(&self, likely: usize, name: &str) -> Option<(usize, &PropertySchema)> {
        match self.fields.get(likely) {
            Some(field) if field.name == name => Some((likely, field)),
            _ => self.field(name),
        }
    }

    #[inline]
    pub(crate) fn field(&self, name: &str) -> Option<(usize, &PropertySchema)> {
        let mut fields = self.fields.iter().enumerate();
        fields.find(|(_, field)| field.name == name)
    }

    /// Returns the tags: required fields with only one possible value.
    pub(crate) fn tags(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.fields.iter().filter_map(|field| match &field.node.kind {
            NodeKind::Enum(enum_schema) if field.required => match &enum_schema.values[..] {
                [only] => Some((field.name.as_str(), only)),
                _ => None,
            },
            _ => None,
        })
    }

    /// Returns the value of a tag, if it is a string.
    pub(crate) fn tag(&self, tag: &str) -> Option<&str> {
        self.tags().find(|(name, _)| *name == tag).and_then(|(_, value)| value.as_str())
    }

    /// Returns the name of the property, if the object has only one and requires it.
    pub(crate) fn only_key(&self) -> Option<&str> {
        match (&self.fields[..], &self.additional) {
            ([only], AdditionalProperties::Forbidden) if only.required => Some(&only.name),
            _ => None,
        }
    }

    /// Returns the rule for a key that is not a field.
    pub(crate) fn additional(&self, key: &str) -> UnlistedKeyRule<'_> {
        match &self.additional {
            AdditionalProperties::Forbidden => UnlistedKeyRule::Forbidden,
            AdditionalProperties::Unspecified => UnlistedKeyRule::Unspecified,
            AdditionalProperties::Schema { node, keys } => {
                match keys.is_empty() || keys.iter().any(|pattern| pattern.allows(key)) {
                    true => UnlistedKeyRule::Schema(node),
                    false => UnlistedKeyRule::Forbidden,
                }
            }
        }
    }

    /// Whether `null` as the value of this key must not reach the type, which would not read it as absent.
    pub(crate) fn removes_null(&self, key: &str) -> bool {
        self.field(key).is_some_and(|(_, field)| field.null == NullRule::Absent)
    }

    /// Returns the node of a key, which is a field or an additional property.
    pub(crate) fn value(&self, key: &str) -> Option<&SchemaNode> {
        match self.field(key) {
            Some((_, field)) => Some(&field.node),
            None => self.additional(key).node(),
        }
    }
}

impl From<NodeKind> for SchemaNode {
    fn from(kind: NodeKind) -> Self {
        Self { kind, annotations: Annotations::default() }
    }
}

impl SchemaNode {
    /// Returns the JSON type of the values, if they have one type.
    pub(crate) fn json_type(&self) -> Option<JsonType> {
        match &self.kind {
            NodeKind::Null => Some(JsonType::Null),
            NodeKind::Boolean => Some(JsonType::Boolean),
            NodeKind::Number(numeric) if numeric.integer => Some(JsonType::Integer),
            NodeKind::Number(_) => Some(JsonType::Number),
            NodeKind::String(_) => Some(JsonType::String),
            NodeKind::Enum(enum_schema) => Some(enum_schema.json_type()),
            NodeKind::Array(_) => Some(JsonType::Array),
            NodeKind::Object(_) => Some(JsonType::Object),
            NodeKind::Any | NodeKind::Union(_) | NodeKind::Reference(_) => None,
        }
    }
}

/// Visits the nodes directly inside a node, with their locations.
pub(crate) fn children(node: &SchemaNode, location: &Location, visit: &mut dyn FnMut(&SchemaNode, &Location)) {
    match &node.kind {
        NodeKind::Union(nodes) => nodes.iter().for_each(|node| visit(node, location)),
        NodeKind::Array(array) => {
            let location = location.any_item();
            match &array.items {
                ArrayItems::Each(node) => visit(node, &location),
                ArrayItems::Tuple(nodes) => nodes.iter().for_each(|node| visit(node, &location)),
            }
        }
        NodeKind::Object(object) => {
            for field in &object.fields {
                visit(&field.node, &location.key(&field.name));
            }
            if let AdditionalProperties::Schema { node, .. } = &object.additional {
                visit(node, &location.any_key());
            }
        }
        _ => {}
    }
}
