//! Puts the limits of an argument on its node.

use std::cmp::Ordering;

use crate::schema::build::normalize::one_of;
use crate::schema::tree::constraint::{Bound, Limit};
use crate::schema::tree::format::Format;
use crate::schema::tree::node::{Kind, List, Node};
use crate::schema::tree::number::{Numeric, tighter};
use crate::schema::tree::string::{Pattern, Text};

/// Adds one limit; the error says why the type cannot have it.
pub(crate) fn apply(limit: Limit, node: &mut Node) -> Result<(), String> {
    match &mut node.kind {
        Kind::Union(nodes) => {
            let rest = apply_to_union(limit, std::mem::take(nodes))?;
            let rest = one_of(rest);
            node.kind = rest.kind;
            node.notes = std::mem::take(&mut node.notes).over(rest.notes);
            Ok(())
        }
        Kind::Number(numeric) => apply_to_number(limit, numeric),
        Kind::Text(text) => apply_to_text(limit, text),
        Kind::List(list) => apply_to_list(limit, list),
        _ => Err(misplaced(limit)),
    }
}

/// `null` beside the type needs no limit. Of a number that is never zero, a half may be left without values.
fn apply_to_union(limit: Limit, nodes: Vec<Node>) -> Result<Vec<Node>, String> {
    let mut rest = Vec::new();
    let mut refused = None;
    for mut node in nodes {
        match apply(limit, &mut node) {
            _ if matches!(node.kind, Kind::Null) => rest.push(node),
            Ok(()) => rest.push(node),
            Err(message) if message == EMPTY => refused = Some(message),
            Err(message) => return Err(message),
        }
    }
    match refused {
        Some(message) if !rest.iter().any(|node| matches!(node.kind, Kind::Number(_))) => Err(message),
        _ => Ok(rest),
    }
}

const EMPTY: &str = "no number is left within the limits of the argument and of its type";

fn misplaced(limit: Limit) -> String {
    let needs = match limit {
        Limit::MinLength(_) | Limit::MaxLength(_) | Limit::Pattern(_) | Limit::Format(_) => "a string",
        Limit::MinItems(_) | Limit::MaxItems(_) | Limit::UniqueItems => "an array",
        _ => "a number",
    };
    format!("`{}` needs {needs}, and the type is not; remove it or change the type", limit.name())
}

fn apply_to_number(limit: Limit, numeric: &mut Numeric) -> Result<(), String> {
    let integer = numeric.integer;
    let (end, bound, wins) = match limit {
        Limit::Minimum(bound) => (&mut numeric.minimum, bound, Ordering::Greater),
        Limit::Maximum(bound) => (&mut numeric.maximum, bound, Ordering::Less),
        Limit::ExclusiveMinimum(bound) => (&mut numeric.above, bound, Ordering::Greater),
        Limit::ExclusiveMaximum(bound) => (&mut numeric.below, bound, Ordering::Less),
        Limit::MultipleOf(unit) => return set_unit(numeric, check_bound(limit, unit, integer)?),
        _ => return Err(misplaced(limit)),
    };
    *end = tighter([*end, Some(check_bound(limit, bound, integer)?)], wins);
    match numeric.is_empty() {
        true => Err(EMPTY.to_owned()),
        false => Ok(()),
    }
}

/// A bound that the schema can state exactly, whole if the type is.
fn check_bound(limit: Limit, bound: Bound, integer: bool) -> Result<Bound, String> {
    let name = limit.name();
    let bound = match bound.whole() {
        Some(whole) => Bound::Int(whole),
        None if integer => return Err(format!("`{name}` of an integer must be a whole number")),
        None => bound,
    };
    match bound.json() {
        Some(_) => Ok(bound),
        None => Err(format!("`{name}` is not a number that JSON can hold")),
    }
}

fn set_unit(numeric: &mut Numeric, unit: Bound) -> Result<(), String> {
    if unit.compare(Bound::Int(0)) != Some(Ordering::Greater) {
        return Err("`multiple_of` must be greater than zero".to_owned());
    }
    match numeric.multiple_of {
        Some(own) if own != unit => Err("the type has another `multiple_of` of its own".to_owned()),
        _ => {
            numeric.multiple_of = Some(unit);
            Ok(())
        }
    }
}

fn apply_to_text(limit: Limit, text: &mut Text) -> Result<(), String> {
    match limit {
        Limit::MinLength(min) => text.min = text.min.max(Some(min)),
        Limit::MaxLength(max) => text.max = lower(text.max, max),
        Limit::Pattern(source) => set_pattern(text, source)?,
        Limit::Format(name) => set_format(text, name)?,
        _ => return Err(misplaced(limit)),
    }
    refuse_crossed(text.min, text.max, "length")
}

fn apply_to_list(limit: Limit, list: &mut List) -> Result<(), String> {
    match limit {
        Limit::MinItems(min) => list.min = list.min.max(Some(min)),
        Limit::MaxItems(max) => list.max = lower(list.max, max),
        Limit::UniqueItems => list.unique = true,
        _ => return Err(misplaced(limit)),
    }
    refuse_crossed(list.min, list.max, "number of items")
}

fn set_pattern(text: &mut Text, source: &str) -> Result<(), String> {
    if text.pattern.as_ref().is_some_and(|own| own.source != source) {
        return Err("the type has another `pattern` of its own".to_owned());
    }
    let pattern = Pattern::new(source).map_err(|error| format!("`pattern` cannot be used: {error}"))?;
    text.pattern = Some(pattern);
    Ok(())
}

fn set_format(text: &mut Text, name: &str) -> Result<(), String> {
    let Some(format) = Format::named(name) else {
        let known: Vec<_> = Format::ALL.iter().map(|(name, _)| format!("`{name}`")).collect();
        return Err(format!("`format` knows {}, and not `{name}`", known.join(", ")));
    };
    if text.format.as_deref().is_some_and(|own| own != name) {
        return Err("the type has another `format` of its own".to_owned());
    }
    text.format = Some(name.to_owned());
    text.enforced = Some(format);
    Ok(())
}

fn lower(own: Option<u64>, max: u64) -> Option<u64> {
    Some(own.map_or(max, |own| own.min(max)))
}

fn refuse_crossed(min: Option<u64>, max: Option<u64>, what: &str) -> Result<(), String> {
    match (min, max) {
        (Some(min), Some(max)) if min > max => {
            Err(format!("the {what} would be at least {min} and at most {max}, which nothing is"))
        }
        _ => Ok(()),
    }
}
