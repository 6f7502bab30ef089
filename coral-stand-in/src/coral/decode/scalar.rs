//! Decodes scalars, arrays and maps.

use std::str::FromStr;

use super::json_tree::JsonTree;
use super::number::{parse_float, parse_signed};
use super::{DecodeError, DecodeResult};

pub(super) fn text(tree: JsonTree) -> DecodeResult<String> {
    match tree {
        JsonTree::String(text) => Ok(text),
        other => Err(DecodeError::expected("a string", &other)),
    }
}

/// Decodes a boolean, which may be quoted and in upper case.
pub(super) fn boolean(tree: JsonTree) -> DecodeResult<bool> {
    let word = match tree {
        JsonTree::Unquoted(word) | JsonTree::String(word) => word.to_ascii_lowercase(),
        other => return Err(DecodeError::expected("a boolean", &other)),
    };
    word.parse().map_err(|_| DecodeError::new(format!("{word} is not a boolean")))
}

/// The text of a number, which may be quoted.
fn literal(tree: JsonTree) -> DecodeResult<String> {
    match tree {
        JsonTree::Unquoted(literal) | JsonTree::String(literal) => Ok(literal),
        other => Err(DecodeError::expected("a number", &other)),
    }
}

/// Decodes a signed integer. It may have an exponent, but no fraction and no plus sign.
pub(super) fn integer<T: TryFrom<i64>>(tree: JsonTree) -> DecodeResult<T> {
    let literal = literal(tree)?;
    let value = parse_signed(&literal).ok_or_else(|| DecodeError::new(format!("{literal} is not an integer")))?;
    T::try_from(value).map_err(|_| DecodeError::new(format!("{literal} is out of range")))
}

/// Decodes an unsigned integer: digits, without an exponent.
pub(super) fn unsigned<T: TryFrom<u64>>(tree: JsonTree) -> DecodeResult<T> {
    let literal = literal(tree)?;
    let value: Result<u64, _> = literal.parse();
    let value = value.map_err(|_| DecodeError::new(format!("{literal} is not an unsigned integer")))?;
    T::try_from(value).map_err(|_| DecodeError::new(format!("{literal} is out of range")))
}

/// Decodes a finite number.
pub(super) fn float<T: FromStr + Into<f64> + Copy>(tree: JsonTree) -> DecodeResult<T> {
    let literal = literal(tree)?;
    let value = parse_float(&literal).filter(|value: &T| (*value).into().is_finite());
    value.ok_or_else(|| DecodeError::new(format!("{literal} is not a finite number")))
}

pub(super) fn list<T>(tree: JsonTree, read: impl Fn(JsonTree) -> DecodeResult<T>) -> DecodeResult<Vec<T>> {
    let JsonTree::Array(items) = tree else { return Err(DecodeError::expected("an array", &tree)) };
    let items = items.into_iter().enumerate();
    items.map(|(at, item)| read(item).map_err(|error| error.in_field(at))).collect()
}

/// Decodes an array and drops repeated items.
pub(super) fn set<T: PartialEq>(tree: JsonTree, read: impl Fn(JsonTree) -> DecodeResult<T>) -> DecodeResult<Vec<T>> {
    let mut distinct = Vec::new();
    for item in list(tree, read)? {
        if !distinct.contains(&item) {
            distinct.push(item);
        }
    }
    Ok(distinct)
}

pub(super) fn map<T>(tree: JsonTree, read: impl Fn(JsonTree) -> DecodeResult<T>) -> DecodeResult<Vec<(String, T)>> {
    let JsonTree::Object(members) = tree else { return Err(DecodeError::expected("an object", &tree)) };
    let read = |(key, value)| match read(value) {
        Ok(value) => Ok((key, value)),
        Err(error) => Err(error.in_field(key)),
    };
    members.into_iter().map(read).collect()
}

pub(in crate::coral) fn text_map(tree: JsonTree) -> DecodeResult<Vec<(String, String)>> {
    map(tree, text)
}

/// Checks that the value is an object.
pub(super) fn any_object(tree: JsonTree) -> DecodeResult<()> {
    map(tree, |_| Ok(())).map(drop)
}

/// Decodes a string that is one of `names`.
pub(super) fn one_of(names: &'static [&'static str]) -> impl Fn(JsonTree) -> DecodeResult<&'static str> {
    move |tree| {
        let found = text(tree)?;
        let known = names.iter().copied().find(|name| *name == found);
        known.ok_or_else(|| DecodeError::new(format!("expected one of {names:?}, found {found:?}")))
    }
}
