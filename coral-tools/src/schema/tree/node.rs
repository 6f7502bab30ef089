//! The normalized tree: the schema that is shown and the rules that are enforced are both read from it.

use serde_json::Value;

use crate::schema::tree::constraint::Bound;
use crate::schema::tree::location::join;
use crate::schema::tree::number::Numeric;
use crate::schema::tree::string::{Pattern, Text, within};

/// A whole schema: one root, and the recursive types that it refers to.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) root: Node,
    pub(crate) defs: Vec<(String, Node)>,
    /// Arguments may say `null` for "absent"; results say what they mean.
    pub(crate) null_is_absence: bool,
}

impl Tree {
    /// The node itself, or the recursive type that it refers to.
    #[inline]
    pub(crate) fn resolve<'t>(&'t self, node: &'t Node) -> &'t Node {
        let mut node = node;
        // A type that is nothing but itself was refused when the tree was built.
        while let Kind::Reference(index) = node.kind {
            node = &self.defs[index].1;
        }
        node
    }
}

/// One place in a schema.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) notes: Notes,
}

/// What is said about a place and constrains nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Notes {
    pub(crate) description: Option<String>,
    pub(crate) default: Option<Value>,
    pub(crate) examples: Vec<Value>,
}

impl Notes {
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
pub(crate) enum Kind {
    Any,
    Null,
    Boolean,
    Number(Numeric),
    Text(Text),
    Choice(Choice),
    List(List),
    Object(Object),
    Union(Vec<Node>),
    /// An index into [`Tree::defs`].
    Reference(usize),
}

/// One of a few values, all of one JSON type.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) values: Vec<Value>,
    /// The documentation of each value.
    pub(crate) docs: Vec<Option<String>>,
}

impl Choice {
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
pub(crate) struct List {
    pub(crate) items: Items,
    pub(crate) min: Option<u64>,
    pub(crate) max: Option<u64>,
    pub(crate) unique: bool,
}

impl List {
    pub(crate) fn admits_count(&self, count: usize) -> bool {
        within(count, self.min, self.max)
    }

    /// What the item at `index` must be; nothing beyond the end of a tuple.
    pub(crate) fn item(&self, index: usize) -> Option<&Node> {
        match &self.items {
            Items::Each(node) => Some(node),
            Items::Tuple(nodes) => nodes.get(index),
        }
    }
}

/// The items of an array.
#[derive(Debug, Clone)]
pub(crate) enum Items {
    Each(Box<Node>),
    /// Position by position.
    Tuple(Vec<Node>),
}

/// An object: its named fields, and what other keys may hold.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) fields: Vec<Field>,
    pub(crate) extra: Extra,
}

/// One named field.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) node: Node,
    pub(crate) required: bool,
}

/// Keys beyond the named fields.
#[derive(Debug, Clone)]
pub(crate) enum Extra {
    Refused,
    /// Nothing is said about them; only results are so.
    Unsaid,
    /// Each holds this; a key matches one of the patterns, if there are any.
    Each {
        node: Box<Node>,
        keys: Vec<Pattern>,
    },
}

impl Object {
    #[inline]
    pub(crate) fn field(&self, name: &str) -> Option<(usize, &Field)> {
        let mut fields = self.fields.iter().enumerate();
        fields.find(|(_, field)| field.name == name)
    }

    /// Required fields with one possible value, which tell variants apart.
    pub(crate) fn tags(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.fields.iter().filter_map(|field| match &field.node.kind {
            Kind::Choice(choice) if field.required => match &choice.values[..] {
                [only] => Some((field.name.as_str(), only)),
                _ => None,
            },
            _ => None,
        })
    }

    /// The node of a key that is not a field: `None` if there is no such key, `Some(None)` if nothing is said of it.
    pub(crate) fn other(&self, key: &str) -> Option<Option<&Node>> {
        match &self.extra {
            Extra::Refused => None,
            Extra::Unsaid => Some(None),
            Extra::Each { node, keys } => {
                let fits = keys.is_empty() || keys.iter().any(|pattern| pattern.admits(key));
                fits.then_some(Some(node))
            }
        }
    }
}

impl From<Kind> for Node {
    fn from(kind: Kind) -> Self {
        Self { kind, notes: Notes::default() }
    }
}

impl Node {
    /// The JSON types of the values, as JSON Schema names them.
    pub(crate) fn type_name(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "null",
            Kind::Boolean => "boolean",
            Kind::Number(numeric) if numeric.integer => "integer",
            Kind::Number(_) => "number",
            Kind::Text(_) => "string",
            Kind::Choice(choice) => choice.values.first().map_or("string", type_of),
            Kind::List(_) => "array",
            Kind::Object(_) => "object",
            Kind::Any | Kind::Union(_) | Kind::Reference(_) => "any",
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
pub(crate) fn children(node: &Node, path: &str, visit: &mut dyn FnMut(&Node, &str)) {
    match &node.kind {
        Kind::Union(nodes) => nodes.iter().for_each(|node| visit(node, path)),
        Kind::List(list) => {
            let path = format!("{path}[]");
            match &list.items {
                Items::Each(node) => visit(node, &path),
                Items::Tuple(nodes) => nodes.iter().for_each(|node| visit(node, &path)),
            }
        }
        Kind::Object(object) => {
            for field in &object.fields {
                visit(&field.node, &join(path, &field.name));
            }
            if let Extra::Each { node, .. } = &object.extra {
                visit(node, &join(path, "*"));
            }
        }
        _ => {}
    }
}
