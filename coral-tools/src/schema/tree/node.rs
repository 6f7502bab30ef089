//! The normalized tree: the schema that is shown and the rules that are enforced are both read from it.

use serde_json::Value;

use crate::schema::tree::constraint::Bound;
use crate::schema::tree::json_type::JsonType;
use crate::schema::tree::location::Location;
use crate::schema::tree::number::NumberSchema;
use crate::schema::tree::string::{Pattern, StringSchema, within};

/// A whole schema: one root, and the recursive types that it refers to.
#[derive(Debug)]
pub(crate) struct SchemaTree {
    pub(crate) root: SchemaNode,
    pub(crate) defs: Vec<(String, SchemaNode)>,
    /// Arguments may say `null` for "absent"; results say what they mean.
    pub(crate) null_is_absence: bool,
}

impl SchemaTree {
    /// The node itself, or the recursive type that it refers to.
    #[inline]
    pub(crate) fn resolve<'t>(&'t self, node: &'t SchemaNode) -> &'t SchemaNode {
        let mut node = node;
        // A type that is nothing but itself was refused when the tree was built.
        while let NodeKind::Reference(index) = node.kind {
            node = &self.defs[index].1;
        }
        node
    }
}

/// One place in a schema.
#[derive(Debug, Clone)]
pub(crate) struct SchemaNode {
    pub(crate) kind: NodeKind,
    pub(crate) annotations: Annotations,
}

/// What is said about a place and constrains nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Annotations {
    pub(crate) description: Option<String>,
    pub(crate) default: Option<Value>,
    pub(crate) examples: Vec<Value>,
}

impl Annotations {
    /// These annotations, completed by what `inner` says.
    pub(crate) fn over(self, inner: Self) -> Self {
        Self {
            description: self.description.or(inner.description),
            default: self.default.or(inner.default),
            examples: if self.examples.is_empty() { inner.examples } else { self.examples },
        }
    }
}

/// What a place holds.
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
    Union(Vec<SchemaNode>),
    /// An index into [`SchemaTree::defs`].
    Reference(usize),
}

/// One of a few values, all of one JSON type.
#[derive(Debug, Clone)]
pub(crate) struct EnumSchema {
    pub(crate) values: Vec<Value>,
    /// The documentation of each value.
    pub(crate) docs: Vec<Option<String>>,
}

impl EnumSchema {
    /// The type of the values; an enum without values has none, and is rejected when it is built.
    pub(crate) fn json_type(&self) -> JsonType {
        self.values.first().map_or(JsonType::String, JsonType::narrowest)
    }

    pub(crate) fn allows_str(&self, text: &str) -> bool {
        self.values.iter().any(|value| value.as_str() == Some(text))
    }

    pub(crate) fn allows_integer(&self, number: i128) -> bool {
        let mut values = self.values.iter().filter_map(Bound::from_json);
        values.any(|value| value.as_integer() == Some(number))
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

    /// What the item at `index` must be; nothing beyond the end of a tuple.
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
    /// Position by position.
    Tuple(Vec<SchemaNode>),
}

/// An object: its named fields, and what other keys may hold.
#[derive(Debug, Clone)]
pub(crate) struct ObjectSchema {
    pub(crate) fields: Vec<PropertySchema>,
    pub(crate) additional: AdditionalProperties,
}

/// One named field.
#[derive(Debug, Clone)]
pub(crate) struct PropertySchema {
    pub(crate) name: String,
    pub(crate) node: SchemaNode,
    pub(crate) required: bool,
}

/// Keys beyond the named fields.
#[derive(Debug, Clone)]
pub(crate) enum AdditionalProperties {
    Forbidden,
    /// Nothing is said about them; only results are so.
    Unspecified,
    /// Each holds this; a key matches one of the patterns, if there are any.
    Schema {
        node: Box<SchemaNode>,
        keys: Vec<Pattern>,
    },
}

/// The rule for one key beyond the named fields.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AdditionalProperty<'t> {
    Forbidden,
    Unspecified,
    Schema(&'t SchemaNode),
}

impl<'t> AdditionalProperty<'t> {
    pub(crate) fn node(self) -> Option<&'t SchemaNode> {
        match self {
            Self::Schema(node) => Some(node),
            Self::Forbidden | Self::Unspecified => None,
        }
    }
}

impl ObjectSchema {
    #[inline]
    pub(crate) fn field(&self, name: &str) -> Option<(usize, &PropertySchema)> {
        let mut fields = self.fields.iter().enumerate();
        fields.find(|(_, field)| field.name == name)
    }

    /// Required fields with one possible value, which tell variants apart.
    pub(crate) fn tags(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.fields.iter().filter_map(|field| match &field.node.kind {
            NodeKind::Enum(enum_schema) if field.required => match &enum_schema.values[..] {
                [only] => Some((field.name.as_str(), only)),
                _ => None,
            },
            _ => None,
        })
    }

    /// The rule for a key that is not a field.
    pub(crate) fn additional(&self, key: &str) -> AdditionalProperty<'_> {
        match &self.additional {
            AdditionalProperties::Forbidden => AdditionalProperty::Forbidden,
            AdditionalProperties::Unspecified => AdditionalProperty::Unspecified,
            AdditionalProperties::Schema { node, keys } => {
                match keys.is_empty() || keys.iter().any(|pattern| pattern.allows(key)) {
                    true => AdditionalProperty::Schema(node),
                    false => AdditionalProperty::Forbidden,
                }
            }
        }
    }

    /// The node of a key, whether it is a field or an additional property.
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
    /// The type of the values, if the node has one type.
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
pub(crate) fn children(node: &SchemaNode, path: &Location, visit: &mut dyn FnMut(&SchemaNode, &Location)) {
    match &node.kind {
        NodeKind::Union(nodes) => nodes.iter().for_each(|node| visit(node, path)),
        NodeKind::Array(array) => {
            let path = path.any_item();
            match &array.items {
                ArrayItems::Each(node) => visit(node, &path),
                ArrayItems::Tuple(nodes) => nodes.iter().for_each(|node| visit(node, &path)),
            }
        }
        NodeKind::Object(object) => {
            for field in &object.fields {
                visit(&field.node, &path.key(&field.name));
            }
            if let AdditionalProperties::Schema { node, .. } = &object.additional {
                visit(node, &path.any_key());
            }
        }
        _ => {}
    }
}
