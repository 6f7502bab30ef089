//! Expands references and combinations to a list of variants.

use std::collections::HashSet;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::merge::{ConflictingKeyword, merge};
use super::{Keywords, MAX_EXPANSIONS, MAX_VARIANTS, NO_VALUES, Normalizer, SchemaOrigin};
use crate::schema::tree::location::Location;
use crate::schema::tree::node::Annotations;

/// In the schema of a type whose `null` differs from an absent value.
pub(crate) const KEEPS_NULL: &str = "x-keeps-null";

/// A schema as a list of variants, and the annotations of all of them.
#[derive(Debug)]
pub(super) struct SchemaVariants {
    pub(super) annotations: Annotations,
    pub(super) variants: Vec<Keywords>,
}

impl Normalizer {
    /// Expands a schema to its variants.
    pub(super) fn expand(&mut self, schema: &Value, location: &Location) -> SchemaVariants {
        let mut visiting = Vec::new();
        self.expand_within(schema, location, &mut visiting)
    }

    fn expand_within(&mut self, schema: &Value, location: &Location, visiting: &mut Vec<String>) -> SchemaVariants {
        let Value::Object(schema) = schema else {
            return self.expand_boolean(schema != &Value::Bool(false), location);
        };
        if self.is_too_large() {
            return self.expand_boolean(true, location);
        }
        let mut base = schema.clone();
        let reference = base.remove("$ref");
        let all_of = base.remove("allOf");
        let unions = [base.remove("anyOf"), base.remove("oneOf")];
        let annotations = take_annotations(&mut base);
        base.retain(|keyword, _| !is_annotation(keyword));

        let mut expanded = SchemaVariants { annotations, variants: vec![base] };
        if let Some(Value::String(reference)) = reference {
            let alone = expanded.variants == [Keywords::new()] && all_of.is_none() && unions == [None, None];
            let target = self.follow(&reference, alone, location, visiting);
            self.combine(&mut expanded, target, location);
        }
        for part in list(all_of.as_ref()) {
            let part = self.expand_within(part, location, visiting);
            self.combine(&mut expanded, part, location);
        }
        for options in unions.iter().flatten() {
            let options = self.either(list(Some(options)), location, visiting);
            self.combine(&mut expanded, options, location);
        }
        expanded
    }

    /// Counts an expansion. Types are as large as the program that contains them; documents come from outside.
    fn is_too_large(&mut self) -> bool {
        self.expansions += 1;
        let is_too_large = self.origin == SchemaOrigin::Document && self.expansions > MAX_EXPANSIONS;
        if is_too_large {
            self.problem(&Location::default(), "the schema is too large; make it smaller");
        }
        is_too_large
    }

    fn expand_boolean(&mut self, anything: bool, location: &Location) -> SchemaVariants {
        if !anything {
            self.problem(location, NO_VALUES);
        }
        SchemaVariants { annotations: Annotations::default(), variants: vec![Keywords::new()] }
    }

    /// Expands a reference. A reference to a recursive type is kept, if it has no other keywords beside it.
    fn follow(
        &mut self,
        reference: &str,
        alone: bool,
        location: &Location,
        visiting: &mut Vec<String>,
    ) -> SchemaVariants {
        let name = definition_name(reference);
        if alone && self.recursive.contains(&name) {
            let mut keywords = Keywords::new();
            keywords.insert("$ref".to_owned(), Value::String(name));
            return SchemaVariants { annotations: Annotations::default(), variants: vec![keywords] };
        }
        let Some(definition) = self.definitions.get(&name).cloned() else {
            self.problem(location, format!("the reference `{reference}` has no definition"));
            return self.expand_boolean(true, location);
        };
        if visiting.contains(&name) {
            self.problem(location, format!("`{name}` contains itself directly; put it in a field"));
            return self.expand_boolean(true, location);
        }
        visiting.push(name);
        let expanded = self.expand_within(&definition, location, visiting);
        visiting.pop();
        expanded
    }

    /// Returns the variants of all options of `anyOf` or `oneOf`.
    fn either(&mut self, options: &[Value], location: &Location, visiting: &mut Vec<String>) -> SchemaVariants {
        let expanded: Vec<_> = options.iter().map(|option| self.expand_within(option, location, visiting)).collect();
        let nulls = |option: &SchemaVariants| option.variants.iter().all(is_null);
        let only_one = expanded.iter().filter(|option| !nulls(option)).count() == 1;
        let mut annotations = Annotations::default();
        let mut variants = Vec::new();
        for option in expanded {
            if only_one && !nulls(&option) {
                // The annotations of the `T` of an `Option<T>` become those of the whole.
                annotations = option.annotations;
                variants.extend(option.variants);
            } else {
                let annotated = option.variants.into_iter().map(|keywords| annotate(keywords, &option.annotations));
                variants.extend(annotated);
            }
        }
        SchemaVariants { annotations, variants }
    }

    /// Combines two schemas that both apply: each variant of one with each variant of the other.
    fn combine(&mut self, expanded: &mut SchemaVariants, other: SchemaVariants, location: &Location) {
        expanded.annotations = std::mem::take(&mut expanded.annotations).over(other.annotations);
        let count = expanded.variants.len().saturating_mul(other.variants.len());
        if count > MAX_VARIANTS {
            self.problem(location, format!("the type has more than {MAX_VARIANTS} variants; split it"));
            return;
        }
        let pairs = expanded.variants.iter().flat_map(|a| other.variants.iter().map(move |b| (a, b)));
        let merged: Vec<Result<Keywords, ConflictingKeyword>> = pairs.map(|(a, b)| merge(a, b)).collect();
        // A contradictory pair has no values. It is dropped, unless no pair is left.
        let (sound, refused): (Vec<_>, Vec<_>) = merged.into_iter().partition(Result::is_ok);
        match (sound.is_empty(), refused.into_iter().next()) {
            (true, Some(Err(conflict))) => self.problem(location, conflict.to_string()),
            (true, _) => self.problem(location, NO_VALUES),
            _ => expanded.variants = sound.into_iter().flatten().collect(),
        }
    }
}

/// Returns the names of all types that contain themselves.
pub(super) fn recursive(definitions: &Map<String, Value>) -> HashSet<String> {
    let names = definitions.keys().filter(|name| reaches(definitions, name));
    names.cloned().collect()
}

fn reaches(definitions: &Map<String, Value>, target: &str) -> bool {
    let mut pending = vec![target.to_owned()];
    let mut seen = HashSet::new();
    while let Some(name) = pending.pop() {
        let mut references = Vec::new();
        if let Some(definition) = definitions.get(&name) {
            collect_references(definition, &mut references);
        }
        if references.iter().any(|reference| reference == target) {
            return true;
        }
        references.retain(|reference| seen.insert(reference.clone()));
        pending.extend(references);
    }
    false
}

fn collect_references(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(map) => {
            for (keyword, value) in map {
                match (keyword.as_str(), value) {
                    ("$ref", Value::String(reference)) => found.push(definition_name(reference)),
                    // These keywords contain data, not schemas.
                    ("default" | "examples" | "const" | "enum", _) => {}
                    _ => collect_references(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, found)),
        _ => {}
    }
}

/// Returns a reference to a definition.
pub(crate) fn reference_to(name: &str) -> Value {
    let name = name.replace('~', "~0");
    json!({ "$ref": format!("#/$defs/{}", utf8_percent_encode(&name, NON_ALPHANUMERIC)) })
}

/// Returns the name of the definition that `#/$defs/…`, or `#/definitions/…` of earlier drafts, refers to.
fn definition_name(reference: &str) -> String {
    let name = ["#/$defs/", "#/definitions/"].iter().find_map(|prefix| reference.strip_prefix(prefix));
    let name = name.unwrap_or(reference);
    percent_decode_str(name).decode_utf8_lossy().replace("~1", "/").replace("~0", "~")
}

/// Removes the annotations from a schema.
pub(super) fn take_annotations(schema: &mut Keywords) -> Annotations {
    let examples = match schema.remove("examples") {
        Some(Value::Array(examples)) => examples,
        _ => Vec::new(),
    };
    Annotations {
        description: take_text(schema, "description"),
        default: schema.remove("default"),
        examples,
        encoding: take_text(schema, "contentEncoding"),
        media_type: take_text(schema, "contentMediaType"),
        deprecated: schema.remove("deprecated") == Some(Value::Bool(true)),
        keeps_null: schema.remove(KEEPS_NULL) == Some(Value::Bool(true)),
    }
}

fn take_text(schema: &mut Keywords, keyword: &str) -> Option<String> {
    match schema.remove(keyword) {
        Some(Value::String(text)) if !text.trim().is_empty() => Some(text),
        _ => None,
    }
}

/// Adds annotations to one variant. Its own annotations take precedence.
fn annotate(mut keywords: Keywords, annotations: &Annotations) -> Keywords {
    let own = take_annotations(&mut keywords);
    let annotations = own.over(annotations.clone());
    let values = [
        ("description", annotations.description.map(Value::String)),
        ("default", annotations.default),
        ("examples", (!annotations.examples.is_empty()).then_some(Value::Array(annotations.examples))),
        ("contentEncoding", annotations.encoding.map(Value::String)),
        ("contentMediaType", annotations.media_type.map(Value::String)),
        ("deprecated", annotations.deprecated.then_some(Value::Bool(true))),
        (KEEPS_NULL, annotations.keeps_null.then_some(Value::Bool(true))),
    ];
    keywords.extend(values.into_iter().filter_map(|(keyword, value)| Some((keyword.to_owned(), value?))));
    keywords
}

fn is_null(keywords: &Keywords) -> bool {
    keywords.get("type").and_then(Value::as_str) == Some("null")
}

/// Whether a keyword neither constrains values nor is in [`Annotations`], which have been removed before.
fn is_annotation(keyword: &str) -> bool {
    let known = ["$schema", "$id", "$comment", "$defs", "$anchor", "title", "readOnly", "writeOnly", "contentSchema"];
    known.contains(&keyword) || keyword.starts_with("x-")
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
