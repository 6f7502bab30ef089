//! Descriptions of nodes, for the JSON Schema and for problems. Many consumers ignore the keywords of constraints, so that
//! descriptions repeat them.

use serde_json::Value;

use crate::schema::show::rules::{described_rules, full_range, rules};
use crate::schema::tree::node::{
    AdditionalProperties, Annotations, ArrayItems, ArraySchema, EnumSchema, NodeKind, ObjectSchema, SchemaNode,
};
use crate::schema::tree::number::NumberSchema;
use crate::schema::tree::string::Pattern;
use crate::suggest::similarity;

/// Returns the description in the JSON Schema: the documentation, followed by the constraints.
pub(crate) fn description(node: &SchemaNode) -> Option<String> {
    let mut parts: Vec<String> = node.annotations.description.clone().into_iter().collect();
    let rules = sentences(node).join(" ");
    if !rules.is_empty() {
        parts.push(rules);
    }
    (!parts.is_empty()).then(|| parts.join(if is_multiline(&node.annotations) { "\n\n" } else { " " }))
}

/// Whether the constraints are a separate paragraph. Otherwise they continue the sentence.
fn is_multiline(annotations: &Annotations) -> bool {
    let text = annotations.description.as_deref().unwrap_or_default();
    text.contains('\n') || !text.ends_with(['.', '!', '?'])
}

fn sentences(node: &SchemaNode) -> Vec<String> {
    let mut sentences = match &node.kind {
        NodeKind::Any if node.annotations.description.is_none() => vec!["Any JSON value.".to_owned()],
        NodeKind::Enum(enum_schema) => vec![describe_values(enum_schema)],
        NodeKind::Object(object) => describe_keys(object).into_iter().collect(),
        kind => described_rules(kind).into_iter().map(|rule| rule.sentence).collect(),
    };
    if let NodeKind::Array(ArraySchema { items: ArrayItems::Tuple(nodes), .. }) = &node.kind {
        sentences = vec![describe_positions(nodes)];
    }
    sentences.extend(describe_content(&node.annotations));
    sentences.extend(describe_default(&node.annotations));
    sentences.extend(node.annotations.examples.first().map(|example| format!("Example: `{example}`.")));
    sentences
}

fn describe_content(annotations: &Annotations) -> impl Iterator<Item = String> {
    let deprecated = annotations.deprecated.then(|| "Deprecated.".to_owned());
    let media_type = annotations.media_type.iter().map(|name| format!("Media type: `{name}`."));
    let encoding = annotations.encoding.iter().map(|name| format!("Encoding: `{name}`."));
    deprecated.into_iter().chain(media_type).chain(encoding)
}

fn describe_default(annotations: &Annotations) -> Option<String> {
    let default = annotations.default.as_ref()?;
    Some(format!("Default: `{default}`."))
}

fn describe_values(enum_schema: &EnumSchema) -> String {
    let named = enum_schema.values.iter().zip(&enum_schema.docs).map(|(value, doc)| {
        let value = literal(value);
        match doc {
            Some(doc) => format!("{value} ({})", one_line(doc)),
            None => value,
        }
    });
    match &named.collect::<Vec<_>>()[..] {
        [only] => format!("Always {only}."),
        several => format!("One of: {}.", several.join(", ")),
    }
}

fn literal(value: &Value) -> String {
    match value.as_str() {
        Some(text) => format!("`{text}`"),
        None => format!("`{value}`"),
    }
}

fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.trim_end_matches('.').to_owned()
}

/// Describes the order of a tuple, which the JSON Schema cannot express with the supported keywords.
fn describe_positions(nodes: &[SchemaNode]) -> String {
    let each = nodes.iter().enumerate().map(|(index, node)| {
        let doc = node.annotations.description.as_deref();
        let doc = doc.map(|doc| format!(" ({})", one_line(doc))).unwrap_or_default();
        format!("{}. {}{doc}", index + 1, expected(node))
    });
    format!("Exactly {} items, in this order: {}.", nodes.len(), each.collect::<Vec<_>>().join("; "))
}

/// Describes the keys of a map, which the JSON Schema cannot express with the supported keywords.
fn describe_keys(object: &ObjectSchema) -> Option<String> {
    key_forms(object).map(|forms| format!("Each key is {forms}."))
}

/// Returns the form of the keys of a map, if it has one.
pub(crate) fn key_forms(object: &ObjectSchema) -> Option<String> {
    let AdditionalProperties::Schema { keys, .. } = &object.additional else {
        return None;
    };
    let forms: Vec<_> = keys.iter().map(key_form).collect();
    (!forms.is_empty()).then(|| forms.join(" or "))
}

fn key_form(pattern: &Pattern) -> String {
    match pattern.source.as_str() {
        r"^\d+$" => "a non-negative integer in quotes".to_owned(),
        r"^-?\d+$" => "an integer in quotes".to_owned(),
        source => format!("a string that matches `{source}`"),
    }
}

/// Returns a noun phrase for the values of a node, such as `an integer between 0 and 255`.
pub(crate) fn expected(node: &SchemaNode) -> String {
    let noun = match &node.kind {
        NodeKind::Any | NodeKind::Reference(_) => "a value",
        NodeKind::Null => "null",
        NodeKind::Boolean => "true or false",
        NodeKind::Number(numeric) if numeric.integer => "an integer",
        NodeKind::Number(_) => "a number",
        NodeKind::String(_) => "a string",
        NodeKind::Array(_) => "an array",
        NodeKind::Object(_) => "an object",
        NodeKind::Enum(enum_schema) => return one_of(enum_schema),
        NodeKind::Union(nodes) => return variants(nodes),
    };
    let rules: String = rules(&node.kind).into_iter().map(|rule| rule.phrase).collect();
    format!("{noun}{rules}")
}

/// The highest number of values of an enum that a problem lists.
const MAX_VALUES: usize = 16;
/// The number of values that it lists if there are more.
const SOME_VALUES: usize = 3;

fn one_of(enum_schema: &EnumSchema) -> String {
    listed(&enum_schema.values.iter().collect::<Vec<_>>())
}

/// Returns the same as [`expected`] for an enum, with those values first that are most similar to a string.
pub(crate) fn expected_near(enum_schema: &EnumSchema, text: &str) -> String {
    let mut values: Vec<_> = enum_schema.values.iter().collect();
    if values.len() > MAX_VALUES {
        let distance = |value: &&Value| value.as_str().map(|value| (similarity(text, value) * -1e6) as i64);
        values.sort_by_cached_key(distance);
    }
    listed(&values)
}

fn listed(values: &[&Value]) -> String {
    let literals = |values: &[&Value]| values.iter().copied().map(literal).collect::<Vec<_>>().join(", ");
    match values {
        [only] => literal(only),
        _ if values.len() <= MAX_VALUES => format!("one of {}", literals(values)),
        _ => {
            let some = literals(&values[..SOME_VALUES]);
            format!("one of {some} or {} other values", values.len() - SOME_VALUES)
        }
    }
}

/// Returns a noun phrase for the numbers of a node, with the ends of its type.
pub(crate) fn expected_in_range(numeric: &NumberSchema) -> String {
    let noun = if numeric.integer { "an integer" } else { "a number" };
    let rules: String = full_range(numeric).into_iter().map(|rule| rule.phrase).collect();
    format!("{noun}{rules}")
}

fn variants(nodes: &[SchemaNode]) -> String {
    let mut each: Vec<String> = Vec::new();
    for node in nodes {
        let words = variant(node);
        if !each.contains(&words) {
            each.push(words);
        }
    }
    each.join(", or ")
}

/// Describes a variant; an object by its tags or its required fields.
fn variant(node: &SchemaNode) -> String {
    let NodeKind::Object(object) = &node.kind else {
        return expected(node);
    };
    let tags: Vec<_> = object.tags().map(|(name, value)| format!("`{name}` {}", literal(value))).collect();
    let required = object.fields.iter().filter(|field| field.required);
    let required: Vec<_> = required.map(|field| format!("`{}`", field.name)).collect();
    match (&tags[..], &required[..]) {
        ([], []) => "an object".to_owned(),
        ([], names) => format!("an object with {}", names.join(", ")),
        (tags, _) => format!("an object with {}", tags.join(", ")),
    }
}
