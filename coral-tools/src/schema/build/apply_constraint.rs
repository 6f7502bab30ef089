//! Applies the constraints of `#[arg(...)]` to a node.

use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter};

use crate::rules::FORMATS;
use crate::schema::build::normalize::one_of;
use crate::schema::tree::constraint::{Bound, Constraint};
use crate::schema::tree::format::EnforcedFormat;
use crate::schema::tree::node::{ArrayItems, ArraySchema, NodeKind, SchemaNode, UnionSchema};
use crate::schema::tree::number::{NumberSchema, tighter};
use crate::schema::tree::string::{Pattern, StringSchema};

/// The reason why a constraint cannot be applied to a type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ConstraintError {
    /// The constraint is for another JSON type.
    WrongType(Constraint),
    NoNumberLeft,
    NoCountLeft {
        what: &'static str,
        min: u64,
        max: u64,
    },
    /// The bound of an integer has a fraction.
    NotWhole(Constraint),
    /// The bound is NaN, infinite, or an integer that JSON numbers cannot represent.
    NotJson(Constraint),
    /// `multiple_of` is zero or negative.
    NotPositive,
    /// The type has a different value for the constraint of this name.
    Conflict(&'static str),
    Pattern(String),
    UnknownFormat(String),
}

impl Display for ConstraintError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongType(constraint) => {
                let types = applicable_types(*constraint);
                write!(f, "`{}` applies to {types} only; remove it or change the type", constraint.name())
            }
            Self::NoNumberLeft => f.write_str("the constraints of the argument and of its type exclude every number"),
            Self::NoCountLeft { what, min, max } => {
                write!(f, "the {what} would have to be at least {min} and at most {max}")
            }
            Self::NotWhole(constraint) => write!(f, "`{}` of an integer must be a whole number", constraint.name()),
            Self::NotJson(constraint) => write!(f, "`{}` is not a number that JSON can represent", constraint.name()),
            Self::NotPositive => f.write_str("`multiple_of` must be greater than zero"),
            Self::Conflict(name) => write!(f, "the type already has a different `{name}`"),
            Self::Pattern(error) => write!(f, "`pattern` is not valid: {error}"),
            Self::UnknownFormat(name) => {
                write!(f, "unknown format `{name}`; the supported formats are `{}`", FORMATS.join("`, `"))
            }
        }
    }
}

fn applicable_types(constraint: Constraint) -> &'static str {
    match constraint {
        Constraint::MinLength(_) | Constraint::MaxLength(_) | Constraint::Pattern(_) | Constraint::Format(_) => {
            "strings"
        }
        Constraint::MinItems(_) | Constraint::MaxItems(_) | Constraint::UniqueItems | Constraint::Items(_) => "arrays",
        _ => "numbers",
    }
}

/// Applies one constraint to a node.
pub(crate) fn apply(constraint: Constraint, node: &mut SchemaNode) -> Result<(), ConstraintError> {
    match &mut node.kind {
        NodeKind::Union(nodes) => {
            let rest = apply_to_union(constraint, std::mem::take(nodes))?;
            let rest = one_of(rest);
            node.kind = rest.kind;
            node.annotations = std::mem::take(&mut node.annotations).over(rest.annotations);
            Ok(())
        }
        NodeKind::Number(numeric) => apply_to_number(constraint, numeric),
        NodeKind::String(text) => apply_to_string(constraint, text),
        NodeKind::Array(array) => apply_to_array(constraint, array),
        _ => Err(ConstraintError::WrongType(constraint)),
    }
}

/// Applies a constraint to the variants of a union. `null` is not constrained. One of the two ranges of a nonzero integer
/// may become empty.
fn apply_to_union(constraint: Constraint, nodes: UnionSchema) -> Result<Vec<SchemaNode>, ConstraintError> {
    let mut rest = Vec::new();
    let mut some_empty = false;
    for mut node in nodes {
        match apply(constraint, &mut node) {
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

fn apply_to_number(constraint: Constraint, numeric: &mut NumberSchema) -> Result<(), ConstraintError> {
    let integer = numeric.integer;
    let (end, bound, wins) = match constraint {
        Constraint::Minimum(bound) => (&mut numeric.minimum, bound, Ordering::Greater),
        Constraint::Maximum(bound) => (&mut numeric.maximum, bound, Ordering::Less),
        Constraint::ExclusiveMinimum(bound) => (&mut numeric.exclusive_minimum, bound, Ordering::Greater),
        Constraint::ExclusiveMaximum(bound) => (&mut numeric.exclusive_maximum, bound, Ordering::Less),
        Constraint::MultipleOf(unit) => return set_unit(numeric, check_bound(constraint, unit, integer)?),
        _ => return Err(ConstraintError::WrongType(constraint)),
    };
    *end = tighter([*end, Some(check_bound(constraint, bound, integer)?)], wins);
    match numeric.is_empty() {
        true => Err(ConstraintError::NoNumberLeft),
        false => Ok(()),
    }
}

/// Checks that JSON can represent a bound, and that the bound of an integer is an integer.
fn check_bound(constraint: Constraint, bound: Bound, integer: bool) -> Result<Bound, ConstraintError> {
    let bound = match bound.as_integer() {
        Some(whole) => Bound::Int(whole),
        None if integer => return Err(ConstraintError::NotWhole(constraint)),
        None => bound,
    };
    match bound.to_json() {
        Some(_) => Ok(bound),
        None => Err(ConstraintError::NotJson(constraint)),
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

fn apply_to_string(constraint: Constraint, text: &mut StringSchema) -> Result<(), ConstraintError> {
    match constraint {
        Constraint::MinLength(min) => text.min_length = text.min_length.max(Some(min)),
        Constraint::MaxLength(max) => text.max_length = lower(text.max_length, max),
        Constraint::Pattern(source) => set_pattern(text, source)?,
        Constraint::Format(name) => set_format(text, name)?,
        _ => return Err(ConstraintError::WrongType(constraint)),
    }
    reject_crossed(text.min_length, text.max_length, "length")
}

fn apply_to_array(constraint: Constraint, array: &mut ArraySchema) -> Result<(), ConstraintError> {
    match constraint {
        Constraint::MinItems(min) => array.min_items = array.min_items.max(Some(min)),
        Constraint::MaxItems(max) => array.max_items = lower(array.max_items, max),
        Constraint::UniqueItems => array.unique_items = true,
        Constraint::Items(constraints) => return apply_to_items(constraints, &mut array.items),
        _ => return Err(ConstraintError::WrongType(constraint)),
    }
    reject_crossed(array.min_items, array.max_items, "number of items")
}

fn apply_to_items(constraints: &[Constraint], items: &mut ArrayItems) -> Result<(), ConstraintError> {
    let nodes = match items {
        ArrayItems::Each(node) => std::slice::from_mut(&mut **node),
        ArrayItems::Tuple(nodes) => nodes,
    };
    for node in nodes {
        constraints.iter().try_for_each(|constraint| apply(*constraint, node))?;
    }
    Ok(())
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
    let Some(format) = EnforcedFormat::from_name(name) else {
        return Err(ConstraintError::UnknownFormat(name.to_owned()));
    };
    if text.format.as_deref().is_some_and(|own| own != name) {
        return Err(ConstraintError::Conflict("format"));
    }
    text.format = Some(name.to_owned());
    text.enforced = Some(format);
    text.declared = None;
    Ok(())
}

fn lower(own: Option<u64>, max: u64) -> Option<u64> {
    Some(own.map_or(max, |own| own.min(max)))
}

fn reject_crossed(min: Option<u64>, max: Option<u64>, what: &'static str) -> Result<(), ConstraintError> {
    match (min, max) {
        (Some(min), Some(max)) if min > max => Err(ConstraintError::NoCountLeft { what, min, max }),
        _ => Ok(()),
    }
}
