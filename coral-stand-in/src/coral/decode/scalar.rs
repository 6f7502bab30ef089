//! Values that are not objects of their own, and collections of them.

use std::str::FromStr;

use super::tree::Tree;
use super::{Decoded, Undecodable};

pub(super) fn text(tree: Tree) -> Decoded<String> {
    match tree {
        Tree::Text(text) => Ok(text),
        other => Err(Undecodable::expected("a string", &other)),
    }
}

pub(super) fn boolean(tree: Tree) -> Decoded<bool> {
    match tree {
        Tree::Bool(value) => Ok(value),
        Tree::Text(text) if text == "true" => Ok(true),
        Tree::Text(text) if text == "false" => Ok(false),
        other => Err(Undecodable::expected("a boolean", &other)),
    }
}

/// A number as it was written, perhaps in quotes.
fn literal(tree: Tree) -> Decoded<String> {
    match tree {
        Tree::Number(literal) | Tree::Text(literal) => Ok(literal),
        other => Err(Undecodable::expected("a number", &other)),
    }
}

/// An integer, perhaps with an exponent, never with a fraction.
pub(super) fn integer<T: TryFrom<i128>>(tree: Tree) -> Decoded<T> {
    let literal = literal(tree)?;
    let value = whole(&literal).ok_or_else(|| Undecodable::new(format!("{literal} is no integer")))?;
    T::try_from(value).map_err(|_| Undecodable::new(format!("{literal} is out of range")))
}

fn whole(literal: &str) -> Option<i128> {
    let Some((mantissa, exponent)) = literal.split_once(['e', 'E']) else { return literal.parse().ok() };
    let mantissa: i128 = mantissa.parse().ok()?;
    let exponent: i32 = exponent.parse().ok()?;
    let power = 10_i128.checked_pow(exponent.unsigned_abs())?;
    if exponent >= 0 { mantissa.checked_mul(power) } else { (mantissa % power == 0).then(|| mantissa / power) }
}

/// A finite number.
pub(super) fn float<T: FromStr + Into<f64> + Copy>(tree: Tree) -> Decoded<T> {
    let literal = literal(tree)?;
    let value: Option<T> = literal.parse().ok().filter(|value: &T| (*value).into().is_finite());
    value.ok_or_else(|| Undecodable::new(format!("{literal} is no finite number")))
}

pub(super) fn list<T>(tree: Tree, read: impl Fn(Tree) -> Decoded<T>) -> Decoded<Vec<T>> {
    let Tree::List(items) = tree else { return Err(Undecodable::expected("an array", &tree)) };
    let items = items.into_iter().enumerate();
    items.map(|(at, item)| read(item).map_err(|error| error.inside(at))).collect()
}

/// A list that says everything once; a server drops what is said again.
pub(super) fn set<T: PartialEq>(tree: Tree, read: impl Fn(Tree) -> Decoded<T>) -> Decoded<Vec<T>> {
    let mut distinct = Vec::new();
    for item in list(tree, read)? {
        if !distinct.contains(&item) {
            distinct.push(item);
        }
    }
    Ok(distinct)
}

pub(super) fn map<T>(tree: Tree, read: impl Fn(Tree) -> Decoded<T>) -> Decoded<Vec<(String, T)>> {
    let Tree::Object(members) = tree else { return Err(Undecodable::expected("an object", &tree)) };
    let read = |(key, value)| match read(value) {
        Ok(value) => Ok((key, value)),
        Err(error) => Err(error.inside(key)),
    };
    members.into_iter().map(read).collect()
}

pub(in crate::coral) fn text_map(tree: Tree) -> Decoded<Vec<(String, String)>> {
    map(tree, text)
}

/// Any object, whatever is in it.
pub(super) fn free_object(tree: Tree) -> Decoded<()> {
    map(tree, |_| Ok(())).map(drop)
}

/// One of `words`.
pub(super) fn one_of(words: &'static [&'static str]) -> impl Fn(Tree) -> Decoded<&'static str> {
    move |tree| {
        let found = text(tree)?;
        let known = words.iter().copied().find(|word| *word == found);
        known.ok_or_else(|| Undecodable::new(format!("expected one of {words:?}, found {found:?}")))
    }
}
