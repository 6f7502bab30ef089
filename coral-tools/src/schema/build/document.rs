//! JSON Schemas that do not come from a type: a keyword that has no effect is a problem.

use serde_json::{Map, Value};

use crate::schema::build::normalize::{Normalizer, SchemaDirection, UNSUPPORTED};
use crate::schema::build::problem::SchemaProblem;
use crate::schema::tree::location::Location;
use crate::suggest::closest;

/// The value of a keyword.
#[derive(Debug, Clone, Copy)]
enum KeywordValue {
    Schema(ChildLocation),
    Schemas,
    SchemaMap(ChildLocation),
    String,
    /// A string, or an array of strings.
    Types,
    Strings,
    List,
    Flag,
    /// Not checked here: annotations, and numbers, which the normalizer checks.
    Other,
}

/// The location of a schema inside another one.
#[derive(Debug, Clone, Copy)]
enum ChildLocation {
    Same,
    Property,
    AnyItem,
    AnyKey,
}

/// The supported keywords.
const KEYWORDS: &[(&str, KeywordValue)] = &[
    ("type", KeywordValue::Types),
    ("enum", KeywordValue::List),
    ("const", KeywordValue::Other),
    ("properties", KeywordValue::SchemaMap(ChildLocation::Property)),
    ("required", KeywordValue::Strings),
    ("additionalProperties", KeywordValue::Schema(ChildLocation::AnyKey)),
    ("unevaluatedProperties", KeywordValue::Schema(ChildLocation::AnyKey)),
    ("patternProperties", KeywordValue::SchemaMap(ChildLocation::AnyKey)),
    ("items", KeywordValue::Schema(ChildLocation::AnyItem)),
    ("prefixItems", KeywordValue::Schemas),
    ("minItems", KeywordValue::Other),
    ("maxItems", KeywordValue::Other),
    ("uniqueItems", KeywordValue::Flag),
    ("minLength", KeywordValue::Other),
    ("maxLength", KeywordValue::Other),
    ("pattern", KeywordValue::String),
    ("format", KeywordValue::String),
    ("minimum", KeywordValue::Other),
    ("maximum", KeywordValue::Other),
    ("exclusiveMinimum", KeywordValue::Other),
    ("exclusiveMaximum", KeywordValue::Other),
    ("multipleOf", KeywordValue::Other),
    ("allOf", KeywordValue::Schemas),
    ("anyOf", KeywordValue::Schemas),
    ("oneOf", KeywordValue::Schemas),
    ("not", KeywordValue::Schema(ChildLocation::Same)),
    ("$ref", KeywordValue::String),
    ("$defs", KeywordValue::SchemaMap(ChildLocation::Same)),
    ("definitions", KeywordValue::SchemaMap(ChildLocation::Same)),
    ("title", KeywordValue::String),
    ("description", KeywordValue::String),
    ("default", KeywordValue::Other),
    ("examples", KeywordValue::List),
    ("deprecated", KeywordValue::Flag),
    ("readOnly", KeywordValue::Flag),
    ("writeOnly", KeywordValue::Flag),
    ("contentEncoding", KeywordValue::String),
    ("contentMediaType", KeywordValue::String),
    ("contentSchema", KeywordValue::Other),
    ("$schema", KeywordValue::String),
    ("$id", KeywordValue::String),
    ("$anchor", KeywordValue::String),
    ("$comment", KeywordValue::String),
];

/// Keywords of OpenAPI and of earlier drafts, and what to write instead.
const REPLACED: [(&str, &str); 3] =
    [("nullable", "add `\"null\"` to `type`"), ("example", "write `examples` with an array"), ("id", "write `$id`")];

/// Checks the keywords of a JSON Schema. Returns its normalizer, and the schema without its definitions.
pub(super) fn read(document: &Value, direction: SchemaDirection) -> Result<(Normalizer, Value), Vec<SchemaProblem>> {
    let mut problems = Vec::new();
    check(document, &Location::default(), &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut schema = document.clone();
    let mut definitions = Map::new();
    for keyword in ["definitions", "$defs"] {
        if let Some(Value::Object(found)) = schema.as_object_mut().and_then(|schema| schema.remove(keyword)) {
            definitions.extend(found);
        }
    }
    Ok((Normalizer::for_document(direction, definitions), schema))
}

fn check(schema: &Value, location: &Location, problems: &mut Vec<SchemaProblem>) {
    match schema {
        Value::Bool(_) => {}
        Value::Object(keywords) => {
            for (keyword, value) in keywords {
                check_keyword(keyword, value, location, problems);
            }
        }
        _ => add(problems, location, "a JSON Schema must be an object or a boolean".to_owned()),
    }
}

fn check_keyword(keyword: &str, value: &Value, location: &Location, problems: &mut Vec<SchemaProblem>) {
    let Some((_, kind)) = KEYWORDS.iter().find(|(known, _)| *known == keyword) else {
        // The normalizer rejects the unsupported ones.
        if !keyword.starts_with("x-") && !UNSUPPORTED.contains(&keyword) {
            add(problems, location, unknown_keyword(keyword));
        }
        return;
    };
    match (kind, value) {
        (KeywordValue::Schema(child), _) => check(value, &child.below(location, keyword), problems),
        (KeywordValue::Schemas, Value::Array(schemas)) => {
            schemas.iter().for_each(|schema| check(schema, location, problems));
        }
        (KeywordValue::SchemaMap(child), Value::Object(schemas)) => {
            schemas.iter().for_each(|(key, schema)| check(schema, &child.below(location, key), problems));
        }
        _ if kind.allows(value) => {}
        _ => add(problems, location, format!("`{keyword}` must be {}", kind.expected())),
    }
}

impl KeywordValue {
    fn allows(self, value: &Value) -> bool {
        let is_strings = || value.as_array().is_some_and(|items| items.iter().all(Value::is_string));
        match self {
            Self::Schema(_) | Self::Other => true,
            Self::Schemas | Self::List => value.is_array(),
            Self::SchemaMap(_) => value.is_object(),
            Self::String => value.is_string(),
            Self::Types => value.is_string() || is_strings(),
            Self::Strings => is_strings(),
            Self::Flag => value.is_boolean(),
        }
    }

    fn expected(self) -> &'static str {
        match self {
            Self::Schema(_) | Self::Other => "a schema",
            Self::Schemas => "an array of schemas",
            Self::SchemaMap(_) => "an object of schemas",
            Self::String => "a string",
            Self::Types => "a string, or an array of strings",
            Self::Strings => "an array of strings",
            Self::List => "an array",
            Self::Flag => "a boolean",
        }
    }
}

impl ChildLocation {
    fn below(self, location: &Location, key: &str) -> Location {
        match self {
            Self::Same => location.clone(),
            Self::Property => location.key(key),
            Self::AnyItem => location.any_item(),
            Self::AnyKey => location.any_key(),
        }
    }
}

fn unknown_keyword(keyword: &str) -> String {
    let replaced = REPLACED.iter().find(|(known, _)| *known == keyword).map(|(_, instead)| (*instead).to_owned());
    let similar = || closest(keyword, KEYWORDS.iter().map(|(name, _)| *name)).map(|name| format!("write `{name}`"));
    let instead = replaced.or_else(similar).unwrap_or_else(|| "remove it".to_owned());
    format!("`{keyword}` is not a keyword of JSON Schema 2020-12; {instead}")
}

fn add(problems: &mut Vec<SchemaProblem>, location: &Location, message: String) {
    let problem = SchemaProblem::new(location, message);
    if !problems.contains(&problem) {
        problems.push(problem);
    }
}
