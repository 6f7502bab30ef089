//! References and combinations, written out as a list of alternatives.

use std::collections::HashSet;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::merge::{ConflictingKeyword, merge};
use super::{Keywords, MAX_ALTERNATIVES, NOTHING_FITS, Normalizer};
use crate::schema::tree::location::Location;
use crate::schema::tree::node::Annotations;

/// What a schema comes down to: one of these, and what is said about all of them.
#[derive(Debug)]
pub(super) struct ExpandedSchema {
    pub(super) notes: Annotations,
    pub(super) alternatives: Vec<Keywords>,
}

impl Normalizer {
    /// The alternatives of a schema.
    pub(super) fn expand(&mut self, schema: &Value, path: &Location) -> ExpandedSchema {
        let mut visiting = Vec::new();
        self.expand_within(schema, path, &mut visiting)
    }

    fn expand_within(&mut self, schema: &Value, path: &Location, visiting: &mut Vec<String>) -> ExpandedSchema {
        let Value::Object(schema) = schema else {
            return self.expand_boolean(schema != &Value::Bool(false), path);
        };
        let mut base = schema.clone();
        let reference = base.remove("$ref");
        let all_of = base.remove("allOf");
        let unions = [base.remove("anyOf"), base.remove("oneOf")];
        let notes = take_notes(&mut base);
        base.retain(|keyword, _| !is_annotation(keyword));

        let mut expanded = ExpandedSchema { notes, alternatives: vec![base] };
        if let Some(Value::String(reference)) = reference {
            let alone = expanded.alternatives == [Keywords::new()] && all_of.is_none() && unions == [None, None];
            let target = self.follow(&reference, alone, path, visiting);
            self.combine(&mut expanded, target, path);
        }
        for part in list(all_of.as_ref()) {
            let part = self.expand_within(part, path, visiting);
            self.combine(&mut expanded, part, path);
        }
        for options in unions.iter().flatten() {
            let options = self.either(list(Some(options)), path, visiting);
            self.combine(&mut expanded, options, path);
        }
        expanded
    }

    fn expand_boolean(&mut self, anything: bool, path: &Location) -> ExpandedSchema {
        if !anything {
            self.problem(path, NOTHING_FITS);
        }
        ExpandedSchema { notes: Annotations::default(), alternatives: vec![Keywords::new()] }
    }

    /// What a reference stands for. One to a recursive type stays, unless more is said beside it.
    fn follow(&mut self, reference: &str, alone: bool, path: &Location, visiting: &mut Vec<String>) -> ExpandedSchema {
        let name = definition_name(reference);
        if alone && self.recursive.contains(&name) {
            let mut flat = Keywords::new();
            flat.insert("$ref".to_owned(), Value::String(name));
            return ExpandedSchema { notes: Annotations::default(), alternatives: vec![flat] };
        }
        let Some(definition) = self.definitions.get(&name).cloned() else {
            self.problem(path, format!("refers to `{reference}`, which is nowhere defined"));
            return self.expand_boolean(true, path);
        };
        if visiting.contains(&name) {
            self.problem(path, format!("`{name}` contains itself with nothing in between; wrap it in a field"));
            return self.expand_boolean(true, path);
        }
        visiting.push(name);
        let expanded = self.expand_within(&definition, path, visiting);
        visiting.pop();
        expanded
    }

    /// The alternatives of all options, one after the other.
    fn either(&mut self, options: &[Value], path: &Location, visiting: &mut Vec<String>) -> ExpandedSchema {
        let expanded: Vec<_> = options.iter().map(|option| self.expand_within(option, path, visiting)).collect();
        let nulls = |option: &ExpandedSchema| option.alternatives.iter().all(is_null);
        let only_one = expanded.iter().filter(|option| !nulls(option)).count() == 1;
        let mut notes = Annotations::default();
        let mut alternatives = Vec::new();
        for option in expanded {
            if only_one && !nulls(&option) {
                // `Option<T>`: what is said of T is said of the whole.
                notes = option.notes;
                alternatives.extend(option.alternatives);
            } else {
                let noted = option.alternatives.into_iter().map(|flat| note(flat, &option.notes));
                alternatives.extend(noted);
            }
        }
        ExpandedSchema { notes, alternatives }
    }

    /// Both hold: every alternative of the one together with every alternative of the other.
    fn combine(&mut self, expanded: &mut ExpandedSchema, other: ExpandedSchema, path: &Location) {
        expanded.notes = std::mem::take(&mut expanded.notes).over(other.notes);
        let count = expanded.alternatives.len().saturating_mul(other.alternatives.len());
        if count > MAX_ALTERNATIVES {
            self.problem(path, "has too many variants to describe to an agent; split the type");
            return;
        }
        let pairs = expanded.alternatives.iter().flat_map(|a| other.alternatives.iter().map(move |b| (a, b)));
        let merged: Vec<Result<Keywords, ConflictingKeyword>> = pairs.map(|(a, b)| merge(a, b)).collect();
        // A pair that contradicts itself has no values: it drops out, unless it is all there is.
        let (sound, refused): (Vec<_>, Vec<_>) = merged.into_iter().partition(Result::is_ok);
        match (sound.is_empty(), refused.into_iter().next()) {
            (true, Some(Err(conflict))) => self.problem(path, conflict.to_string()),
            (true, _) => self.problem(path, NOTHING_FITS),
            _ => expanded.alternatives = sound.into_iter().flatten().collect(),
        }
    }
}

/// The names of all types that contain themselves.
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
                    // Data, not schemas.
                    ("default" | "examples" | "const" | "enum", _) => {}
                    _ => collect_references(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, found)),
        _ => {}
    }
}

/// The definition that `#/$defs/…` names.
fn definition_name(reference: &str) -> String {
    let name = reference.strip_prefix("#/$defs/").unwrap_or(reference);
    percent_decode_str(name).decode_utf8_lossy().replace("~1", "/").replace("~0", "~")
}

/// Moves description, default and examples out of a schema.
pub(super) fn take_notes(schema: &mut Keywords) -> Annotations {
    let description = match schema.remove("description") {
        Some(Value::String(text)) if !text.trim().is_empty() => Some(text),
        _ => None,
    };
    let examples = match schema.remove("examples") {
        Some(Value::Array(examples)) => examples,
        _ => Vec::new(),
    };
    Annotations { description, default: schema.remove("default"), examples }
}

/// Puts notes back on one alternative, which keeps what it says itself.
fn note(mut flat: Keywords, notes: &Annotations) -> Keywords {
    let own = take_notes(&mut flat);
    let notes = own.over(notes.clone());
    if let Some(description) = notes.description {
        flat.insert("description".to_owned(), Value::String(description));
    }
    if let Some(default) = notes.default {
        flat.insert("default".to_owned(), default);
    }
    if !notes.examples.is_empty() {
        flat.insert("examples".to_owned(), Value::Array(notes.examples));
    }
    flat
}

fn is_null(flat: &Keywords) -> bool {
    flat.get("type").and_then(Value::as_str) == Some("null")
}

/// Keywords that say nothing about values. (`description`, `default` and `examples` were taken before.)
fn is_annotation(keyword: &str) -> bool {
    let known = [
        "$schema",
        "$id",
        "$comment",
        "$defs",
        "$anchor",
        "title",
        "deprecated",
        "readOnly",
        "writeOnly",
        "contentEncoding",
        "contentMediaType",
        "contentSchema",
    ];
    known.contains(&keyword) || keyword.starts_with("x-")
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
