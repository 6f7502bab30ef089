//! Strings and numbers.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::{Keywords, Normalizer, SchemaOrigin};
use crate::schema::tree::constraint::Bound;
use crate::schema::tree::format::EnforcedFormat;
use crate::schema::tree::location::Location;
use crate::schema::tree::node::{NodeKind, SchemaNode};
use crate::schema::tree::number::{NumberSchema, tighter};
use crate::schema::tree::string::{Pattern, StringSchema};

/// Returns the schema in the `not` of a nonzero signed integer.
pub(super) fn zero() -> Value {
    json!({ "const": 0 })
}

impl Normalizer {
    pub(super) fn text(&mut self, keywords: &Keywords, location: &Location) -> SchemaNode {
        let source = keywords.get("pattern").and_then(Value::as_str);
        let format = keywords.get("format").and_then(Value::as_str);
        let known_format = format.and_then(EnforcedFormat::from_name);
        let (enforced, declared) = match self.origin {
            SchemaOrigin::Type => (None, known_format),
            SchemaOrigin::Document => (known_format, None),
        };
        let text = StringSchema {
            min_length: count(keywords, "minLength"),
            max_length: count(keywords, "maxLength"),
            pattern: source.and_then(|source| self.pattern(source, location)),
            format: format.map(str::to_owned),
            enforced,
            declared,
        };
        if is_crossed(text.min_length, text.max_length) {
            self.problem(location, "has a `minLength` greater than its `maxLength`");
        }
        NodeKind::String(text).into()
    }

    pub(super) fn pattern(&mut self, source: &str, location: &Location) -> Option<Pattern> {
        match Pattern::new(source) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                self.problem(location, format!("`pattern` is not valid: {error}"));
                None
            }
        }
    }

    /// Rejects constraints whose value has the wrong type. They would have no effect.
    pub(super) fn reject_malformed(&mut self, keywords: &Keywords, location: &Location) {
        const COUNTS: [&str; 4] = ["minLength", "maxLength", "minItems", "maxItems"];
        const BOUNDS: [&str; 5] = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
        let counts =
            COUNTS.into_iter().map(|keyword| (keyword, count(keywords, keyword).is_some(), "a non-negative integer"));
        let bounds = BOUNDS.into_iter().map(|keyword| (keyword, bound(keywords, keyword).is_some(), "a number"));
        for (keyword, sound, kind) in counts.chain(bounds) {
            if !sound && keywords.contains_key(keyword) {
                self.problem(location, format!("`{keyword}` must be {kind}"));
            }
        }
    }

    pub(super) fn number(&mut self, keywords: &Keywords, integer: bool, location: &Location) -> SchemaNode {
        let numeric = numeric(keywords, integer);
        self.reject_empty(&numeric, location);
        NodeKind::Number(numeric).into()
    }

    fn reject_empty(&mut self, numeric: &NumberSchema, location: &Location) {
        if numeric.is_empty() {
            self.problem(location, "the constraints exclude every number");
        }
        let positive = |unit: Bound| unit.compare(Bound::Int(0)) == Some(Ordering::Greater);
        if !numeric.multiple_of.is_none_or(positive) {
            self.problem(location, "`multipleOf` must be greater than zero");
        }
    }

    /// Builds an integer; a nonzero signed integer becomes a negative and a positive range.
    pub(super) fn integers(&mut self, keywords: &Keywords, location: &Location) -> Vec<SchemaNode> {
        if !keywords.contains_key("not") {
            return vec![self.number(keywords, true, location)];
        }
        let (mut negative, mut positive) = (numeric(keywords, true), numeric(keywords, true));
        negative.maximum = tighter([negative.maximum, Some(Bound::Int(-1))], Ordering::Less);
        positive.minimum = tighter([positive.minimum, Some(Bound::Int(1))], Ordering::Greater);
        if negative.is_empty() {
            self.reject_empty(&positive, location);
            return vec![NodeKind::Number(positive).into()];
        }
        let halves = [negative, positive].into_iter().filter(|half| !half.is_empty());
        halves.map(|half| NodeKind::Number(half).into()).collect()
    }
}

fn numeric(keywords: &Keywords, integer: bool) -> NumberSchema {
    let bound = |keyword: &str| bound(keywords, keyword);
    let format = keywords.get("format").and_then(Value::as_str).unwrap_or_default();
    let mut numeric = NumberSchema {
        integer,
        is_f32: !integer && format == "float",
        minimum: bound("minimum"),
        maximum: bound("maximum"),
        exclusive_minimum: bound("exclusiveMinimum"),
        exclusive_maximum: bound("exclusiveMaximum"),
        multiple_of: bound("multipleOf"),
        ..NumberSchema::default()
    };
    if integer {
        numeric.fit_type(format);
    }
    numeric
}

impl NumberSchema {
    /// Adds the range of an integer type. Only the ranges of types up to 32 bits are in the JSON Schema.
    fn fit_type(&mut self, format: &str) {
        let (low, high): (i128, i128) = match format {
            "int8" => (i8::MIN.into(), i8::MAX.into()),
            "int16" => (i16::MIN.into(), i16::MAX.into()),
            "int32" => (i32::MIN.into(), i32::MAX.into()),
            "uint8" => (0, u8::MAX.into()),
            "uint16" => (0, u16::MAX.into()),
            "uint32" => (0, u32::MAX.into()),
            "int64" => (i64::MIN.into(), i64::MAX.into()),
            "uint64" => (0, u64::MAX.into()),
            "int" => (isize::MIN as i128, isize::MAX as i128),
            "uint" => (0, usize::MAX as i128),
            _ => return,
        };
        let (low, high) = (Some(Bound::Int(low)), Some(Bound::Int(high)));
        if format.ends_with("8") || format.ends_with("16") || format.ends_with("32") {
            self.minimum = tighter([self.minimum, low], Ordering::Greater);
            self.maximum = tighter([self.maximum, high], Ordering::Less);
        } else {
            (self.type_min, self.type_max) = (low, high);
        }
    }
}

/// Returns the number of a keyword.
fn bound(keywords: &Keywords, keyword: &str) -> Option<Bound> {
    keywords.get(keyword).and_then(Bound::from_json)
}

/// Returns the number of a keyword that counts characters or items.
pub(super) fn count(keywords: &Keywords, keyword: &str) -> Option<u64> {
    let number = Bound::from_json(keywords.get(keyword)?)?;
    u64::try_from(number.as_integer()?).ok()
}

pub(super) fn is_crossed(min: Option<u64>, max: Option<u64>) -> bool {
    matches!((min, max), (Some(min), Some(max)) if min > max)
}
