//! Renders a tree as JSON Schema.

use serde_json::{Map, Value, json};

use crate::schema::show::describe::description;
use crate::schema::tree::constraint::Bound;
use crate::schema::tree::format::is_registered;
use crate::schema::tree::json_type::JsonType;
use crate::schema::tree::node::{
    AdditionalProperties, ArrayItems, ArraySchema, EnumSchema, NodeKind, ObjectSchema, SchemaNode, SchemaTree,
};
use crate::schema::tree::number::NumberSchema;
use crate::schema::tree::string::StringSchema;

type Json = Map<String, Value>;

/// The depth of nested arrays in the schema of any value.
const ANY_LEVELS: usize = 2;

/// Returns the root: `type`, `properties`, `required`, and `$defs` if there are recursive types.
pub(crate) fn render_root(tree: &SchemaTree) -> Json {
    let mut root = Json::new();
    if let NodeKind::Object(object) = &tree.root.kind {
        root.insert("type".to_owned(), json!("object"));
        root.extend(fields(object, &tree.defs));
    }
    if !tree.defs.is_empty() {
        let defs = tree.defs.iter().map(|(name, node)| (name.clone(), render_in(node, &tree.defs)));
        root.insert("$defs".to_owned(), Value::Object(defs.collect()));
    }
    root
}

/// Returns the schema of one node. Its references are numbers, which is enough to compare two nodes.
pub(crate) fn render(node: &SchemaNode) -> Value {
    render_in(node, &[])
}

fn render_in(node: &SchemaNode, defs: &[(String, SchemaNode)]) -> Value {
    let mut json = match &node.kind {
        NodeKind::Any => any(ANY_LEVELS),
        NodeKind::Null => typed(JsonType::Null),
        NodeKind::Boolean => typed(JsonType::Boolean),
        NodeKind::Number(numeric) => number(numeric),
        NodeKind::String(text) => string(text),
        NodeKind::Enum(enum_schema) => enumeration(enum_schema),
        NodeKind::Array(array_schema) => array(array_schema, defs),
        NodeKind::Object(object) => nested(object, defs),
        NodeKind::Union(nodes) => {
            let options: Vec<_> = nodes.iter().map(|node| render_in(node, defs)).collect();
            Json::from_iter([("anyOf".to_owned(), Value::Array(options))])
        }
        NodeKind::Reference(index) => {
            let name = defs.get(*index).map_or_else(|| index.to_string(), |(name, _)| name.clone());
            Json::from_iter([("$ref".to_owned(), json!(format!("#/$defs/{name}")))])
        }
    };
    annotate(&mut json, node);
    Value::Object(json)
}

fn annotate(json: &mut Json, node: &SchemaNode) {
    set(json, "description", description(node));
    set(json, "default", node.annotations.default.clone());
    if !node.annotations.examples.is_empty() {
        json.insert("examples".to_owned(), Value::Array(node.annotations.examples.clone()));
    }
}

fn typed(json_type: JsonType) -> Json {
    Json::from_iter([("type".to_owned(), json!(json_type))])
}

fn set(json: &mut Json, keyword: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        json.insert(keyword.to_owned(), value.into());
    }
}

fn number(numeric: &NumberSchema) -> Json {
    let mut json = typed(if numeric.integer { JsonType::Integer } else { JsonType::Number });
    // Of the range of a wide unsigned type, only the zero is in the JSON Schema.
    let zero = numeric.type_min.filter(|low| *low == Bound::Int(0));
    let bounds = [
        ("minimum", numeric.minimum.or(zero)),
        ("maximum", numeric.maximum),
        ("exclusiveMinimum", numeric.exclusive_minimum),
        ("exclusiveMaximum", numeric.exclusive_maximum),
        ("multipleOf", numeric.multiple_of),
    ];
    for (keyword, bound) in bounds {
        set(&mut json, keyword, bound.and_then(Bound::to_json));
    }
    json
}

fn string(text: &StringSchema) -> Json {
    let mut json = typed(JsonType::String);
    set(&mut json, "minLength", text.min_length);
    set(&mut json, "maxLength", text.max_length);
    set(&mut json, "pattern", text.pattern.as_ref().map(|pattern| pattern.source.clone()));
    set(&mut json, "format", text.format.clone().filter(|name| is_registered(name)));
    json
}

fn enumeration(enum_schema: &EnumSchema) -> Json {
    let mut json = typed(enum_schema.json_type());
    json.insert("enum".to_owned(), Value::Array(enum_schema.values.clone()));
    json
}

fn array(array: &ArraySchema, defs: &[(String, SchemaNode)]) -> Json {
    let mut json = typed(JsonType::Array);
    json.insert("items".to_owned(), items(&array.items, defs));
    set(&mut json, "minItems", array.min_items);
    set(&mut json, "maxItems", array.max_items);
    if array.unique_items {
        json.insert("uniqueItems".to_owned(), json!(true));
    }
    json
}

fn items(items: &ArrayItems, defs: &[(String, SchemaNode)]) -> Value {
    match items {
        ArrayItems::Each(node) => render_in(node, defs),
        ArrayItems::Tuple(nodes) => {
            let mut options: Vec<Value> = Vec::new();
            for option in nodes.iter().map(|node| render_in(node, defs)) {
                if !options.contains(&option) {
                    options.push(option);
                }
            }
            json!({ "anyOf": options })
        }
    }
}

fn nested(object: &ObjectSchema, defs: &[(String, SchemaNode)]) -> Json {
    let mut json = typed(JsonType::Object);
    json.extend(fields(object, defs));
    match &object.additional {
        AdditionalProperties::Forbidden => set(&mut json, "additionalProperties", Some(false)),
        AdditionalProperties::Unspecified => {}
        AdditionalProperties::Schema { node, .. } if matches!(node.kind, NodeKind::Any) => {
            set(&mut json, "additionalProperties", Some(true));
        }
        AdditionalProperties::Schema { node, .. } => {
            set(&mut json, "additionalProperties", Some(render_in(node, defs)));
        }
    }
    json
}

fn fields(object: &ObjectSchema, defs: &[(String, SchemaNode)]) -> Json {
    let properties = object.fields.iter().map(|field| (field.name.clone(), render_in(&field.node, defs)));
    let required = object.fields.iter().filter(|field| field.required);
    let required: Vec<_> = required.map(|field| json!(field.name)).collect();
    Json::from_iter([
        ("properties".to_owned(), Value::Object(properties.collect())),
        ("required".to_owned(), Value::Array(required)),
    ])
}

/// Returns the schema of any value, with all six types: many consumers reject or drop an empty schema.
fn any(levels: usize) -> Json {
    let mut options: Vec<Value> = ["string", "number", "boolean", "null"].map(|name| json!({ "type": name })).into();
    options.push(json!({ "type": "object", "properties": {}, "required": [], "additionalProperties": true }));
    if levels > 0 {
        options.push(json!({ "type": "array", "items": any(levels - 1) }));
    }
    Json::from_iter([("anyOf".to_owned(), Value::Array(options))])
}
