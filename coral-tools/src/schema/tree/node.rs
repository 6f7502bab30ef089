//! The normalized tree: the schema that is shown and the rules that are enforced are both read from it.

use serde_json::Value;

use crate::schema::tree::constraint::Bound;
use crate::schema::tree::location::join;
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
    pub(crate) notes: Annotations,
}

/// What is said about a place and constrains nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Annotations {
    pub(crate) description: Option<String>,
    pub(crate) default: Option<Value>,
    pub(crate) examples: Vec<Value>,
}

impl Annotations {
    /// These notes, completed by what `inner` says.
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
    Str(StringSchema),
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
    pub(crate) fn admits_text(&self, text: &str) -> bool {
        self.values.iter().any(|value| value.as_str() == Some(text))
    }

    pub(crate) fn admits_whole(&self, number: i128) -> bool {
        let mut values = self.values.iter().filter_map(Bound::of);
        values.any(|value| value.whole() == Some(number))
    }
}

/// An array.
#[derive(Debug, Clone)]
pub(crate) struct ArraySchema {
    pub(crate) items: ArrayItems,
    pub(crate) min: Option<u64>,
    pub(crate) max: Option<u64>,
    pub(crate) unique: bool,
}

impl ArraySchema {
    pub(crate) fn admits_count(&self, count: usize) -> bool {
        within(count, self.min, self.max)
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
    pub(crate) extra: AdditionalProperties,
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

impl ObjectSchema {
    #[inline]
    pub(crate) fn field(&self, name: &str) -> Option<(usize, &PropertySchema)> {
        let mut fields = self.fields.iter().enumerate();
        fields.find(|(_, field)| field.name == name)
    }

    /// Required fields with one possible value, which tell variants apart.
    pub(crate) fn tags(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.fields.iter().filter_map(|field| match &field.node.kind {
            NodeKind::Enum(choice) if field.required => match &choice.values[..] {
                [only] => Some((field.name.as_str(), only)),
                _ => None,
            },
            _ => None,
        })
    }

    /// The node of a key that is not a field: `None` if there is no such key, `Some(None)` if nothing is said of it.
    pub(crate) fn other(&self, key: &str) -> Option<Option<&SchemaNode>> {
        match &self.extra {
            AdditionalProperties::Forbidden => None,
            AdditionalProperties::Unspecified => Some(None),
            AdditionalProperties::Schema { node, keys } => {
                let fits = keys.is_empty() || keys.iter().any(|pattern| pattern.admits(key));
                fits.then_some(Some(node))
            }
        }
    }
}

impl From<NodeKind> for SchemaNode {
    fn from(kind: NodeKind) -> Self {
        Self { kind, notes: Annotations::default() }
    }
}

impl SchemaNode {
    /// The JSON types of the values, as JSON Schema names them.
    pub(crate) fn type_name(&self) -> &'static str {
        match &self.kind {
            NodeKind::Null => "null",
            NodeKind::Boolean => "boolean",
            NodeKind::Number(numeric) if numeric.integer => "integer",
            NodeKind::Number(_) => "number",
            NodeKind::Str(_) => "string",
            NodeKind::Enum(choice) => choice.values.first().map_or("string", type_of),
            NodeKind::Array(_) => "array",
            NodeKind::Object(_) => "object",
            NodeKind::Any | NodeKind::Union(_) | NodeKind::Reference(_) => "any",
        }
    }
}

/// The JSON Schema type of a value, whole numbers told apart.
pub(crate) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Number(number) if !number.is_f64() => "integer",
        _ => kind_of(value),
    }
}

/// The JSON type of a value.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Visits the places directly inside a node, with their paths.
pub(crate) fn children(node: &SchemaNode, path: &str, visit: &mut dyn FnMut(&SchemaNode, &str)) {
    match &node.kind {
        NodeKind::Union(nodes) => nodes.iter().for_each(|node| visit(node, path)),
        NodeKind::Array(list) => {
            let path = format!("{path}[]");
            match &list.items {
                ArrayItems::Each(node) => visit(node, &path),
                ArrayItems::Tuple(nodes) => nodes.iter().for_each(|node| visit(node, &path)),
            }
        }
        NodeKind::Object(object) => {
            for field in &object.fields {
                visit(&field.node, &join(path, &field.name));
            }
            if let AdditionalProperties::Schema { node, .. } = &object.extra {
                visit(node, &join(path, "*"));
            }
        }
        _ => {}
    }
}
