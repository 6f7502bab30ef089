//! Checks at compile time which constraint fits the type of a parameter.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet, VecDeque};
use std::marker::PhantomData;
use std::path::PathBuf;

use crate::schema::{Bound, Constraint};

/// The JSON type of a parameter, if it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterKind {
    Unknown,
    Boolean,
    String,
    Number,
    Array,
    /// An integer from the first bound to the second, inclusive.
    Integer(i128, i128),
}

/// The type of a parameter. `KIND` and `IS_PLAIN` are inherent for the types in the table below; for any other type they
/// are those of [`ParameterTypeFallback`]. `IS_PLAIN` is not set for arrays and options, because an application may
/// implement `FromContext` for them.
#[derive(Debug)]
pub struct ParameterType<T: ?Sized>(PhantomData<T>);

pub trait ParameterTypeFallback {
    const KIND: ParameterKind = ParameterKind::Unknown;
    /// Whether the type cannot implement `FromContext`.
    const IS_PLAIN: bool = false;
    /// The type of the parameter.
    type Value: ?Sized;
    /// Whether the value is serialized by leaving it out.
    fn is_absent(_value: &Self::Value) -> bool {
        false
    }
}

impl<T: ?Sized> ParameterTypeFallback for ParameterType<T> {
    type Value = T;
}

impl<T> ParameterType<Option<Option<T>>> {
    /// Whether the value is serialized by leaving it out. `null` is another value.
    #[must_use]
    pub const fn is_absent(value: &Option<Option<T>>) -> bool {
        value.is_none()
    }
}

macro_rules! kinds {
    ($($type:ty => $kind:expr),* $(,)?) => {$(
        impl ParameterType<$type> {
            pub const KIND: ParameterKind = $kind;
            pub const IS_PLAIN: bool = true;
        }
        impl ParameterType<Option<$type>> {
            pub const KIND: ParameterKind = $kind;
        }
    )*};
}

macro_rules! integers {
    ($($type:ident)*) => {
        kinds!($($type => ParameterKind::Integer($type::MIN as i128, $type::MAX as i128)),*);
    };
}

integers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);
kinds! {
    bool => ParameterKind::Boolean,
    char => ParameterKind::String,
    String => ParameterKind::String,
    Box<str> => ParameterKind::String,
    Cow<'static, str> => ParameterKind::String,
    PathBuf => ParameterKind::String,
    i128 => ParameterKind::Integer(i128::MIN, i128::MAX),
    u128 => ParameterKind::Integer(0, i128::MAX),
    f32 => ParameterKind::Number,
    f64 => ParameterKind::Number,
}

macro_rules! arrays {
    ($([$($parameter:tt)*] $type:ty),* $(,)?) => {$(
        impl<$($parameter)*> ParameterType<$type> {
            pub const KIND: ParameterKind = ParameterKind::Array;
        }
        impl<$($parameter)*> ParameterType<Option<$type>> {
            pub const KIND: ParameterKind = ParameterKind::Array;
        }
    )*};
}
arrays!([T] Vec<T>, [T] VecDeque<T>, [T] BTreeSet<T>, [T, S] HashSet<T, S>, [T, const N: usize] [T; N]);

/// Fails to compile if `constraint` does not apply to values of `kind`.
#[track_caller]
pub const fn check_constraint(kind: ParameterKind, constraint: &Constraint) {
    if let Some(misfit) = misfit(kind, constraint) {
        panic!("{}", misfit);
    }
}

/// Fails to compile if the type of a `#[context]` parameter cannot implement `FromContext`.
#[track_caller]
pub const fn check_context(is_plain: bool) {
    assert!(
        !is_plain,
        "this type does not implement `FromContext`: remove `#[context]` to make the parameter an argument"
    );
}

const fn misfit(kind: ParameterKind, constraint: &Constraint) -> Option<&'static str> {
    match constraint {
        Constraint::Minimum(bound)
        | Constraint::Maximum(bound)
        | Constraint::ExclusiveMinimum(bound)
        | Constraint::ExclusiveMaximum(bound)
        | Constraint::MultipleOf(bound) => number_misfit(kind, bound),
        Constraint::MinLength(_) | Constraint::MaxLength(_) | Constraint::Pattern(_) | Constraint::Format(_) => {
            string_misfit(kind)
        }
        _ => array_misfit(kind),
    }
}

const fn number_misfit(kind: ParameterKind, bound: &Bound) -> Option<&'static str> {
    match (kind, bound) {
        (ParameterKind::String, _) => {
            Some("this constraint is for numbers, and the parameter is a string: use `min_length` or `max_length`")
        }
        (ParameterKind::Array, _) => {
            Some("this constraint is for numbers, and the parameter is an array: use `min_items` or `max_items`")
        }
        (ParameterKind::Boolean, _) => Some("this constraint is for numbers, and the parameter is a boolean"),
        (ParameterKind::Integer(..), Bound::Float(_)) => {
            Some("the parameter is an integer: write the value of the constraint without a fraction")
        }
        (ParameterKind::Integer(min, max), Bound::Int(value)) if *value < min || *value > max => {
            Some("the value of the constraint is outside the range of the parameter's type")
        }
        _ => None,
    }
}

const fn string_misfit(kind: ParameterKind) -> Option<&'static str> {
    match kind {
        ParameterKind::Integer(..) | ParameterKind::Number => {
            Some("this constraint is for strings, and the parameter is a number: use `minimum` or `maximum`")
        }
        ParameterKind::Array => {
            Some("this constraint is for strings, and the parameter is an array: use `min_items` or `max_items`")
        }
        ParameterKind::Boolean => Some("this constraint is for strings, and the parameter is a boolean"),
        _ => None,
    }
}

const fn array_misfit(kind: ParameterKind) -> Option<&'static str> {
    match kind {
        ParameterKind::Integer(..) | ParameterKind::Number => {
            Some("this constraint is for arrays, and the parameter is a number: use `minimum` or `maximum`")
        }
        ParameterKind::String => {
            Some("this constraint is for arrays, and the parameter is a string: use `min_length` or `max_length`")
        }
        ParameterKind::Boolean => Some("this constraint is for arrays, and the parameter is a boolean"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{ParameterKind, misfit};
    use crate::schema::{Bound, Constraint};

    const NUMBER: Constraint = Constraint::Minimum(Bound::Float(0.5));
    const STRING: Constraint = Constraint::MinLength(1);
    const ARRAY: Constraint = Constraint::MinItems(1);

    /// Returns what the constraints for numbers, strings and arrays are for, and what the parameter is.
    fn misfits(kind: ParameterKind) -> [Option<&'static str>; 3] {
        let what = |text: &'static str| text.strip_prefix("this constraint is ").unwrap_or(text);
        [NUMBER, STRING, ARRAY].map(|constraint| misfit(kind, &constraint).map(what))
    }

    #[test]
    fn each_constraint_fits_its_type() {
        let number = [
            None,
            Some("for strings, and the parameter is a number: use `minimum` or `maximum`"),
            Some("for arrays, and the parameter is a number: use `minimum` or `maximum`"),
        ];
        let string = [
            Some("for numbers, and the parameter is a string: use `min_length` or `max_length`"),
            None,
            Some("for arrays, and the parameter is a string: use `min_length` or `max_length`"),
        ];
        let array = [
            Some("for numbers, and the parameter is an array: use `min_items` or `max_items`"),
            Some("for strings, and the parameter is an array: use `min_items` or `max_items`"),
            None,
        ];
        let boolean = ["numbers", "strings", "arrays"].map(|it| format!("for {it}, and the parameter is a boolean"));
        assert_eq!(misfits(ParameterKind::Number), number);
        assert_eq!(misfits(ParameterKind::Integer(0, 255))[1..], number[1..]);
        assert_eq!(misfits(ParameterKind::String), string);
        assert_eq!(misfits(ParameterKind::Array), array);
        assert_eq!(misfits(ParameterKind::Boolean).map(Option::unwrap_or_default), boolean);
        assert_eq!(misfits(ParameterKind::Unknown), [None; 3]);
    }

    #[test]
    fn bounds_must_be_in_the_range_of_an_integer() {
        let number = |bound| {
            let constraints =
                [Constraint::Minimum, Constraint::Maximum, Constraint::ExclusiveMinimum, Constraint::ExclusiveMaximum];
            let found = constraints.map(|constraint| misfit(ParameterKind::Integer(-128, 127), &constraint(bound)));
            assert!(found.iter().all(|misfit| *misfit == found[0]), "{bound:?}: {found:?}");
            assert_eq!(misfit(ParameterKind::Integer(-128, 127), &Constraint::MultipleOf(bound)), found[0]);
            found[0]
        };
        for inside in [-128, 0, 127] {
            assert_eq!(number(Bound::Int(inside)), None, "{inside}");
        }
        for outside in [-129, 128] {
            let message = "the value of the constraint is outside the range of the parameter's type";
            assert_eq!(number(Bound::Int(outside)), Some(message), "{outside}");
        }
        let fraction = "the parameter is an integer: write the value of the constraint without a fraction";
        assert_eq!(number(Bound::Float(0.5)), Some(fraction));
    }
}
