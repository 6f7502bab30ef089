//! Puts the limits of an argument on its node.

use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter};

use crate::schema::build::normalize::one_of;
use crate::schema::tree::constraint::{Bound, Constraint};
use crate::schema::tree::format::Format;
use crate::schema::tree::node::{ArraySchema, NodeKind, SchemaNode};
use crate::schema::tree::number::{NumberSchema, tighter};
use crate::schema::tree::string::{Pattern, StringSchema};

/// Why a type cannot have a constraint.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ConstraintError {
    /// The type has values of another JSON type.
    WrongType(Constraint),
    NoNumberLeft,
    NoCountLeft {
        what: &'static str,
        min: u64,
        max: u64,
    },
    /// A fraction as a bound of an integer.
    NotWhole(Constraint),
    /// NaN, an infinity, or an integer beyond JSON's numbers.
    NotJson(Constraint),
    /// `multiple_of` is zero or negative.
    NotPositive,
    /// The type has another value for the constraint of this name.
    Conflict(&'static str),
    Pattern(String),
    UnknownFormat(String),
}

impl Display for ConstraintError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongType(limit) => {
                let needs = needed_type(*limit);
                write!(f, "`{}` needs {needs}, and the type is not; remove it or change the type", limit.name())
            }
            Self::NoNumberLeft => f.write_str("no number is left within the limits of the argument and of its type"),
            Self::NoCountLeft { what, min, max } => {
                write!(f, "the {what} would be at least {min} and at most {max}, which nothing is")
            }
            Self::NotWhole(limit) => write!(f, "`{}` of an integer must be a whole number", limit.name()),
            Self::NotJson(limit) => write!(f, "`{}` is not a number that JSON can hold", limit.name()),
            Self::NotPositive => f.write_str("`multiple_of` must be greater than zero"),
            Self::Conflict(name) => write!(f, "the type has another `{name}` of its own"),
            Self::Pattern(error) => write!(f, "`pattern` cannot be used: {error}"),
            Self::UnknownFormat(name) => {
                let known: Vec<_> = Format::ALL.iter().map(|(name, _)| format!("`{name}`")).collect();
                write!(f, "`format` knows {}, and not `{name}`", known.join(", "))
            }
        }
    }
}

fn needed_type(limit: Constraint) -> &'static str {
    match limit {
        Constraint::MinLength(_) | Constraint::MaxLength(_) | Constraint::Pattern(_) | Constraint::Format(_) => {
            "a string"
        }
        Constraint::MinItems(_) | Constraint::MaxItems(_) | Constraint::UniqueItems => "an array",
        _ => "a number",
    }
}

/// Adds one limit; the error says why the type cannot have it.
pub(crate) fn apply(limit: Constraint, node: &mut SchemaNode) -> Result<(), ConstraintError> {
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
        _ => Err(ConstraintError::WrongType(limit)),
    }
}

/// `null` beside the type needs no limit. Of a number that is never zero, a half may be left without values.
fn apply_to_union(limit: Constraint, nodes: Vec<SchemaNode>) -> Result<Vec<SchemaNode>, ConstraintError> {
    let mut rest = Vec::new();
    let mut some_empty = false;
    for mut node in nodes {
        match apply(limit, &mut node) {
            _ if matches!(node.kind, NodeKind::Null) => rest.push(node),
            Ok(()) => rest.push(node),
            Err(ConstraintError::NoNumberLeft) => some_empty = true,
            Err(error) => return Err(error),
        }
    }
    if some_empty && !rest.iter().any(|node| matches!(node.kind, NodeKind::Number(_))) {
        return Err(ConstraintError::NoNumberLeft);
    }
    Ok(rest)
}

fn apply_to_number(limit: Constraint, numeric: &mut NumberSchema) -> Result<(), ConstraintError> {
    let integer = numeric.integer;
    let (end, bound, wins) = match limit {
        Constraint::Minimum(bound) => (&mut numeric.minimum, bound, Ordering::Greater),
        Constraint::Maximum(bound) => (&mut numeric.maximum, bound, Ordering::Less),
        Constraint::ExclusiveMinimum(bound) => (&mut numeric.above, bound, Ordering::Greater),
        Constraint::ExclusiveMaximum(bound) => (&mut numeric.below, bound, Ordering::Less),
        Constraint::MultipleOf(unit) => return set_unit(numeric, check_bound(limit, unit, integer)?),
        _ => return Err(ConstraintError::WrongType(limit)),
    };
    *end = tighter([*end, Some(check_bound(limit, bound, integer)?)], wins);
    match numeric.is_empty() {
        true => Err(ConstraintError::NoNumberLeft),
        false => Ok(()),
    }
}

/// A bound that the schema can state exactly, whole if the type is.
fn check_bound(limit: Constraint, bound: Bound, integer: bool) -> Result<Bound, ConstraintError> {
    let bound = match bound.whole() {
        Some(whole) => Bound::Int(whole),
        None if integer => return Err(ConstraintError::NotWhole(limit)),
        None => bound,
    };
    match bound.json() {
        Some(_) => Ok(bound),
        None => Err(ConstraintError::NotJson(limit)),
    }
}

fn set_unit(numeric: &mut NumberSchema, unit: Bound) -> Result<(), ConstraintError> {
    if unit.compare(Bound::Int(0)) != Some(Ordering::Greater) {
        return Err(ConstraintError::NotPositive);
    }
    match numeric.multiple_of {
        Some(own) if own != unit => Err(ConstraintError::Conflict("multiple_of")),
        _ => {
            numeric.multiple_of = Some(unit);
            Ok(())
        }
    }
}

fn apply_to_text(limit: Constraint, text: &mut StringSchema) -> Result<(), ConstraintError> {
    match limit {
        Constraint::MinLength(min) => text.min = text.min.max(Some(min)),
        Constraint::MaxLength(max) => text.max = lower(text.max, max),
        Constraint::Pattern(source) => set_pattern(text, source)?,
        Constraint::Format(name) => set_format(text, name)?,
        _ => return Err(ConstraintError::WrongType(limit)),
    }
    refuse_crossed(text.min, text.max, "length")
}

fn apply_to_list(limit: Constraint, list: &mut ArraySchema) -> Result<(), ConstraintError> {
    match limit {
        Constraint::MinItems(min) => list.min = list.min.max(Some(min)),
        Constraint::MaxItems(max) => list.max = lower(list.max, max),
        Constraint::UniqueItems => list.unique = true,
        _ => return Err(ConstraintError::WrongType(limit)),
    }
    refuse_crossed(list.min, list.max, "number of items")
}

fn set_pattern(text: &mut StringSchema, source: &str) -> Result<(), ConstraintError> {
    if text.pattern.as_ref().is_some_and(|own| own.source != source) {
        return Err(ConstraintError::Conflict("pattern"));
    }
    let pattern = Pattern::new(source).map_err(ConstraintError::Pattern)?;
    text.pattern = Some(pattern);
    Ok(())
}

fn set_format(text: &mut StringSchema, name: &str) -> Result<(), ConstraintError> {
    let Some(format) = Format::named(name) else {
        return Err(ConstraintError::UnknownFormat(name.to_owned()));
    };
    if text.format.as_deref().is_some_and(|own| own != name) {
        return Err(ConstraintError::Conflict("format"));
    }
    text.format = Some(name.to_owned());
    text.enforced = Some(format);
    Ok(())
}

fn lower(own: Option<u64>, max: u64) -> Option<u64> {
    Some(own.map_or(max, |own| own.min(max)))
}

fn refuse_crossed(min: Option<u64>, max: Option<u64>, what: &'static str) -> Result<(), ConstraintError> {
    match (min, max) {
        (Some(min), Some(max)) if min > max => Err(ConstraintError::NoCountLeft { what, min, max }),
        _ => Ok(()),
    }
}
