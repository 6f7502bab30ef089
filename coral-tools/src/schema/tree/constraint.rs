//! The constraints of one argument, as in `#[arg(...)]`.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// A constraint of an argument, named after its JSON Schema keyword.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Constraint {
    /// The lowest allowed number.
    Minimum(Bound),
    /// The highest allowed number.
    Maximum(Bound),
    /// The number must be greater than this.
    ExclusiveMinimum(Bound),
    /// The number must be less than this.
    ExclusiveMaximum(Bound),
    /// The number must be a multiple of this.
    MultipleOf(Bound),
    /// The lowest number of characters (Unicode code points) of a string.
    MinLength(u64),
    /// The highest number of characters (Unicode code points) of a string.
    MaxLength(u64),
    /// The regular expression that must match a part of the string.
    Pattern(&'static str),
    /// The JSON Schema format of the string, such as `email`.
    Format(&'static str),
    /// The lowest number of items of an array.
    MinItems(u64),
    /// The highest number of items of an array.
    MaxItems(u64),
    /// The items of the array must be distinct.
    UniqueItems,
    /// The constraints of each item of an array.
    Items(&'static [Constraint]),
}

impl Constraint {
    /// Returns the key in `#[arg(...)]`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Minimum(_) => "minimum",
            Self::Maximum(_) => "maximum",
            Self::ExclusiveMinimum(_) => "exclusive_minimum",
            Self::ExclusiveMaximum(_) => "exclusive_maximum",
            Self::MultipleOf(_) => "multiple_of",
            Self::MinLength(_) => "min_length",
            Self::MaxLength(_) => "max_length",
            Self::Pattern(_) => "pattern",
            Self::Format(_) => "format",
            Self::MinItems(_) => "min_items",
            Self::MaxItems(_) => "max_items",
            Self::UniqueItems => "unique_items",
            Self::Items(_) => "items",
        }
    }
}

/// A number in a [`Constraint`]. Integers are exact.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// An integer.
    Int(i128),
    /// Any other number.
    Float(f64),
}

/// Integers beyond this may be other integers that were rounded to an `f64`: `9007199254740993.0` is read as 2^53.
const EXACT: f64 = 9_007_199_254_740_991.0;

impl Bound {
    /// Returns the number of a JSON value.
    pub(crate) fn from_json(value: &Value) -> Option<Self> {
        let Value::Number(number) = value else {
            return None;
        };
        let whole = number.as_i64().map(i128::from);
        whole.or_else(|| number.as_u64().map(i128::from)).map(Self::Int).or_else(|| number.as_f64().map(Self::Float))
    }

    /// Returns the number as JSON, if JSON can represent it exactly.
    pub(crate) fn to_json(self) -> Option<Value> {
        match self {
            // `Number::from_i128` would also accept wider integers if another crate enables `arbitrary_precision`.
            Self::Int(whole) => {
                i64::try_from(whole).map(Value::from).or_else(|_| u64::try_from(whole).map(Value::from)).ok()
            }
            Self::Float(float) => Number::from_f64(float).map(Value::Number),
        }
    }

    /// Returns the integer that the number is equal to, if the number is exact.
    pub(crate) fn as_integer(self) -> Option<i128> {
        match self {
            Self::Int(whole) => Some(whole),
            Self::Float(float) if float.fract() == 0.0 && float.abs() <= EXACT => Some(float as i128),
            Self::Float(_) => None,
        }
    }

    /// Whether this is an integer that may have been rounded.
    pub(crate) fn is_rounded_integer(self) -> bool {
        matches!(self, Self::Float(float) if float.fract() == 0.0 && float.abs() > EXACT)
    }

    /// Compares by value, without rounding an integer to a float.
    pub(crate) fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(&b)),
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(&b),
            (Self::Int(a), Self::Float(b)) => compare_mixed(a, b),
            (Self::Float(a), Self::Int(b)) => compare_mixed(b, a).map(Ordering::reverse),
        }
    }

    /// Whether this is a multiple of `unit`, computed with decimal digits.
    pub(crate) fn is_multiple_of(self, unit: Self) -> bool {
        if let (Self::Int(number), Self::Int(unit)) = (self, unit) {
            return number.checked_rem(unit) == Some(0);
        }
        let ((number, shift), (unit, unit_shift)) = (self.decimal(), unit.decimal());
        let common = shift.min(unit_shift);
        match (scale(number, shift - common), scale(unit, unit_shift - common)) {
            (Some(number), Some(unit)) => number.checked_rem(unit) == Some(0),
            // The exponents differ too much for `i128`: a multiple only if the unit has the smaller exponent.
            _ => shift >= unit_shift,
        }
    }

    /// Returns the number as `(digits, exponent)`, for `digits * 10^exponent`.
    fn decimal(self) -> (i128, i32) {
        let written = match self {
            Self::Int(whole) => return (whole, 0),
            Self::Float(float) => format!("{float:e}"),
        };
        let (mantissa, exponent) = written.split_once('e').unwrap_or((&written, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}").parse().unwrap_or_default();
        let exponent: i32 = exponent.parse().unwrap_or_default();
        (digits, exponent - fraction.len() as i32)
    }
}

impl std::fmt::Display for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Int(whole) => whole.fmt(f),
            Self::Float(float) => float.fmt(f),
        }
    }
}

fn scale(digits: i128, power: i32) -> Option<i128> {
    digits.checked_mul(10_i128.checked_pow(u32::try_from(power).ok()?)?)
}

fn compare_mixed(whole: i128, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    // Every `i128` is within ±2^127, and a float of that size has no fraction.
    if float.abs() >= 2_f64.powi(127) {
        return 0.0.partial_cmp(&float);
    }
    let fraction = 0.0.partial_cmp(&float.fract());
    Some(whole.cmp(&(float as i128)).then(fraction?))
}
