//! Deserializes the arguments of a call.

pub(super) mod budget;
pub(super) mod check;
pub(super) mod defaults;
mod matcher;
mod parse;
pub(super) mod parsed;
pub(super) mod problem;
mod rejected;
mod scalar;
mod seen_keys;
pub(super) mod text;
pub(super) mod value;

use serde::de::{DeserializeOwned, Error};
use serde_json::Value;

use crate::schema::read::budget::Budget;
use crate::schema::read::check::{DeclaredFormats, problems};
use crate::schema::read::matcher::Matcher;
use crate::schema::read::parsed::ParsedValue;
use crate::schema::read::problem::Problem;
use crate::schema::read::rejected::{find_rejected_strings, rejected_by_type};
use crate::schema::read::text::JsonText;
use crate::schema::read::value::matched::Matching;
use crate::schema::read::value::text::TextReader;
use crate::schema::read::value::{TryDeserializeFn, TypeError, TypeReader, ValueReader};
use crate::schema::tree::location::Location;
use crate::schema::tree::node::SchemaTree;

/// Deserializes the arguments in one pass. Only if that fails, a second pass lists every problem.
pub(crate) fn read<T: DeserializeOwned>(tree: &SchemaTree, body: &[u8]) -> Result<T, Vec<Problem>> {
    let body = or_empty_object(body);
    read_within(tree, &Budget::for_body(body.len()), body)
}

pub(super) fn read_within<T: DeserializeOwned>(
    tree: &SchemaTree,
    budget: &Budget,
    body: &[u8],
) -> Result<T, Vec<Problem>> {
    let mut reader = TypeReader::<T>(None);
    read_in_two_passes(tree, budget, body, &mut reader)?;
    reader.0.ok_or_else(Vec::new)
}

fn read_in_two_passes<'de>(
    tree: &SchemaTree,
    budget: &Budget,
    body: &'de [u8],
    reader: &mut dyn ValueReader<'de>,
) -> Result<(), Vec<Problem>> {
    match read_in_one_pass(tree, budget, body, reader) {
        Ok(()) => Ok(()),
        Err(_) => read_or_list_problems(tree, budget, body, reader),
    }
}

/// An agent sends `null`, `{}` or nothing for a tool without arguments.
fn or_empty_object(body: &[u8]) -> &[u8] {
    match body.trim_ascii() {
        b"" | b"null" => b"{}",
        _ => body,
    }
}

/// Passes the arguments to the reader in one pass over the text. After an error, the reader's value is that of an attempt.
fn read_in_one_pass<'de>(
    tree: &SchemaTree,
    budget: &Budget,
    body: &'de [u8],
    reader: &mut dyn ValueReader<'de>,
) -> Result<(), TypeError> {
    let mut text = TextReader::new(tree, budget, as_text(body)?);
    reader.read(text.arguments()?)?;
    text.end()
}

/// One check of the whole body costs less than one for each string.
#[inline(never)]
fn as_text(body: &[u8]) -> Result<&str, TypeError> {
    simdutf8::basic::from_utf8(body).map_err(TypeError::custom)
}

/// Passes the value to the reader if it matches the schema. If it does not, or its type rejects it, returns every problem; the
/// reader's value is then that of an attempt.
#[cold]
#[inline(never)]
fn read_or_list_problems<'de>(
    tree: &SchemaTree,
    budget: &Budget,
    body: &'de [u8],
    reader: &mut dyn ValueReader<'de>,
) -> Result<(), Vec<Problem>> {
    let value = parse(budget, body).map_err(|problem| vec![problem])?;
    let mut matching = Matching::new(Matcher::new(tree, budget));
    let is_valid = matching.matcher.matches(&tree.root, &value);
    if is_valid && matching.deserialize(&value, reader).is_ok() {
        return Ok(());
    }
    if budget.is_exhausted() {
        return Err(vec![Problem::too_much()]);
    }
    let problems = all_problems(matching, &value, reader);
    match budget.is_exhausted() {
        true => Err(vec![Problem::too_much()]),
        false => Err(problems),
    }
}

/// Returns the problems of a value that does not match the schema, or that its type rejects.
fn all_problems<'de>(
    mut matching: Matching<'_>,
    value: &ParsedValue<'de>,
    reader: &mut dyn ValueReader<'de>,
) -> Vec<Problem> {
    let root = &matching.matcher.tree.root;
    let all = problems(&matching.matcher, root, value, DeclaredFormats::All);
    if !all.iter().all(Problem::is_format) {
        // The types cannot be asked. Those that accept other forms than their format are rare.
        return all;
    }
    match find_rejected_strings(&mut matching, value, reader) {
        None => problems(&matching.matcher, root, value, DeclaredFormats::Of(&matching.rejected)),
        Some(failure) if all.is_empty() => vec![rejected_by_type(value, &failure)],
        Some(_) => all,
    }
}

/// Deserializes a value as it is, or returns the location of the value that the type rejects.
pub(super) fn read_unchecked(
    tree: &SchemaTree,
    value: &Value,
    mut try_deserialize: TryDeserializeFn,
) -> Result<(), Location> {
    let budget = Budget::unlimited();
    let mut matching = Matching::new(Matcher::new(tree, &budget));
    let read = matching.deserialize_unchecked(&value.into(), &mut try_deserialize);
    read.map_err(|failure| failure.location)
}

fn parse<'de>(budget: &Budget, body: &'de [u8]) -> Result<ParsedValue<'de>, Problem> {
    let (valid, is_utf8) = match std::str::from_utf8(body) {
        Ok(text) => (text, true),
        Err(error) => (std::str::from_utf8(&body[..error.valid_up_to()]).unwrap_or_default(), false),
    };
    let mut text = JsonText::new(valid);
    let parsed = text.parse_value(budget).and_then(|value| text.end().map(|()| value));
    match parsed {
        Ok(value) if is_utf8 => Ok(value),
        _ if budget.is_exhausted() => Err(Problem::too_much()),
        _ if text.is_too_deep() => Err(Problem::too_deep()),
        _ => Err(not_json(&text)),
    }
}

/// Returns the position only: the message of the error could contain a value.
fn not_json(text: &JsonText<'_>) -> Problem {
    let (line, column) = text.line_and_column();
    let text = format!("arguments are not valid JSON (line {line}, column {column}); send one JSON object");
    Problem::not_json(text)
}

/// The same as [`read`], without the second pass.
#[cfg(test)]
pub(super) fn read_streaming<T: DeserializeOwned>(tree: &SchemaTree, body: &[u8]) -> Result<T, TypeError> {
    let mut reader = TypeReader::<T>(None);
    read_in_one_pass(tree, &Budget::for_body(body.len()), body, &mut reader)?;
    reader.0.ok_or_else(|| TypeError::custom("no value"))
}

/// The same as [`read`], without the first pass.
#[cfg(test)]
pub(super) fn read_parsed<T: DeserializeOwned>(tree: &SchemaTree, body: &[u8]) -> Result<T, Vec<Problem>> {
    let mut reader = TypeReader::<T>(None);
    read_or_list_problems(tree, &Budget::for_body(body.len()), body, &mut reader)?;
    reader.0.ok_or_else(Vec::new)
}
