//! Puts the limits of an argument on its node.

use std::cmp::Ordering;

use crate::schema::build::normalize::one_of;
use crate::schema::tree::constraint::{Bound, Constraint};
use crate::schema::tree::format::Format;
use crate::schema::tree::node::{ArraySchema, NodeKind, SchemaNode};
use crate::schema::tree::number::{NumberSchema, tighter};
use crate::schema::tree::string::{Pattern, StringSchema};

/// Adds one limit; the error says why the type cannot have it.
pub(crate) fn apply(limit: Constraint, node: &mut SchemaNode) -> Result<(), String> {
    match &mut node.kind {
        NodeKind::Union(nodes) => {
            let rest = apply_to_union(limit, std::mem::take(nodes))?;
            let rest = one_of(rest);
            node.kind = rest.kind;
            node.notes = std::mem::take(&mut node.notes).over(rest.notes);
            Ok(())
        }
        NodeKind::Number(numeric) => apply_to_number(limit, numeric),
        NodeKind::Str(text) => apply_to_text(limit, text),
        NodeKind::Array(list) => apply_to_list(limit, list),
        _ => Err(misplaced(limit)),
    }
}

/// `null` beside the type needs no limit. Of a number that is never zero, a half may be left without values.
fn apply_to_union(limit: Constraint, nodes: Vec<SchemaNode>) -> Result<Vec<SchemaNode>, String> {
    let mut rest = Vec::new();
    let mut refused = None;
    for mut node in nodes {
        match apply(limit, &mut node) {
            _ if matches!(node.kind, NodeKind::Null) => rest.push(node),
            Ok(()) => rest.push(node),
            Err(message) if message == EMPTY => refused = Some(message),
            Err(message) => return Err(message),
        }
    }
    match refused {
        Some(message) if !rest.iter().any(|node| matches!(node.kind, NodeKind::Number(_))) => Err(message),
        _ => Ok(rest),
    }
}

const EMPTY: &str = "no number is left within the limits of the argument and of its type";

fn misplaced(limit: Constraint) -> String {
    let needs = match limit {
        Constraint::MinLength(_) | Constraint::MaxLength(_) | Constraint::Pattern(_) | Constraint::Format(_) => {
            "a string"
        }
        Constraint::MinItems(_) | Constraint::MaxItems(_) | Constraint::UniqueItems => "an array",
        _ => "a number",
    };
    format!("`{}` needs {needs}, and the type is not; remove it or change the type", limit.name())
}

fn apply_to_number(limit: Constraint, numeric: &mut NumberSchema) -> Result<(), String> {
    let integer = numeric.integer;
    let (end, bound, wins) = match limit {
        Constraint::Minimum(bound) => (&mut numeric.minimum, bound, Ordering::Greater),
        Constraint::Maximum(bound) => (&mut numeric.maximum, bound, Ordering::Less),
        Constraint::ExclusiveMinimum(bound) => (&mut numeric.above, bound, Ordering::Greater),
        Constraint::ExclusiveMaximum(bound) => (&mut numeric.below, bound, Ordering::Less),
        Constraint::MultipleOf(unit) => return set_unit(numeric, check_bound(limit, unit, integer)?),
        _ => return Err(misplaced(limit)),
    };
    *end = tighter([*end, Some(check_bound(limit, bound, integer)?)], wins);
    match numeric.is_empty() {
        true => Err(EMPTY.to_owned()),
        false => Ok(()),
    }
}

/// A bound that the schema can state exactly, whole if the type is.
fn check_bound(limit: Constraint, bound: Bound, integer: bool) -> Result<Bound, String> {
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

fn set_unit(numeric: &mut NumberSchema, unit: Bound) -> Result<(), String> {
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

fn apply_to_text(limit: Constraint, text: &mut StringSchema) -> Result<(), String> {
    match limit {
        Constraint::MinLength(min) => text.min = text.min.max(Some(min)),
        Constraint::MaxLength(max) => text.max = lower(text.max, max),
        Constraint::Pattern(source) => set_pattern(text, source)?,
        Constraint::Format(name) => set_format(text, name)?,
        _ => return Err(misplaced(limit)),
    }
    refuse_crossed(text.min, text.max, "length")
}

fn apply_to_list(limit: Constraint, list: &mut ArraySchema) -> Result<(), String> {
    match limit {
        Constraint::MinItems(min) => list.min = list.min.max(Some(min)),
        Constraint::MaxItems(max) => list.max = lower(list.max, max),
        Constraint::UniqueItems => list.unique = true,
        _ => return Err(misplaced(limit)),
    }
    refuse_crossed(list.min, list.max, "number of items")
}

fn set_pattern(text: &mut StringSchema, source: &str) -> Result<(), String> {
    if text.pattern.as_ref().is_some_and(|own| own.source != source) {
        return Err("the type has another `pattern` of its own".to_owned());
    }
    let pattern = Pattern::new(source).map_err(|error| format!("`pattern` cannot be used: {error}"))?;
    text.pattern = Some(pattern);
    Ok(())
}

fn set_format(text: &mut StringSchema, name: &str) -> Result<(), String> {
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
