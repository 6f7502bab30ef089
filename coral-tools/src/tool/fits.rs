//! Which limits fit which types, found by the compiler from the types themselves.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet, VecDeque};
use std::marker::PhantomData;
use std::path::PathBuf;

use crate::schema::{Bound, Constraint};

/// What JSON makes of a type, as far as is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    Unknown,
    Bool,
    Text,
    Float,
    List,
    /// A whole number from the first bound to the second.
    Integer(i128, i128),
}

/// [`Fits::KIND`] is inherent for the types of the table below, and that of [`AnyKind`] for all else; so is
/// [`Fits::IS_PLAIN`], which leaves out lists and options, because an application may make those from a call.
#[derive(Debug)]
pub struct Fits<T: ?Sized>(PhantomData<T>);

pub trait AnyKind {
    const KIND: Kind = Kind::Unknown;
    /// Whether it can be data alone, and nothing that an application makes from a call.
    const IS_PLAIN: bool = false;
}

impl<T: ?Sized> AnyKind for Fits<T> {}

macro_rules! kinds {
    ($($type:ty => $kind:expr),* $(,)?) => {$(
        impl Fits<$type> {
            pub const KIND: Kind = $kind;
            pub const IS_PLAIN: bool = true;
        }
        impl Fits<Option<$type>> {
            pub const KIND: Kind = $kind;
        }
    )*};
}

macro_rules! integers {
    ($($type:ident)*) => {
        kinds!($($type => Kind::Integer($type::MIN as i128, $type::MAX as i128)),*);
    };
}

integers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);
kinds! {
    bool => Kind::Bool,
    char => Kind::Text,
    String => Kind::Text,
    Box<str> => Kind::Text,
    Cow<'static, str> => Kind::Text,
    PathBuf => Kind::Text,
    i128 => Kind::Integer(i128::MIN, i128::MAX),
    u128 => Kind::Integer(0, i128::MAX),
    f32 => Kind::Float,
    f64 => Kind::Float,
}

macro_rules! lists {
    ($([$($parameter:tt)*] $type:ty),* $(,)?) => {$(
        impl<$($parameter)*> Fits<$type> {
            pub const KIND: Kind = Kind::List;
        }
        impl<$($parameter)*> Fits<Option<$type>> {
            pub const KIND: Kind = Kind::List;
        }
    )*};
}
lists!([T] Vec<T>, [T] VecDeque<T>, [T] BTreeSet<T>, [T, S] HashSet<T, S>, [T, const N: usize] [T; N]);

/// Fails to compile where `limit` says nothing about values of `kind`.
#[track_caller]
pub const fn fits(kind: Kind, limit: &Constraint) {
    if let Some(misfit) = misfit(kind, limit) {
        panic!("{}", misfit);
    }
}

/// Fails to compile where a `#[context]` parameter is plain data.
#[track_caller]
pub const fn context(is_plain: bool) {
    assert!(
        !is_plain,
        "plain data is not made from a call: remove `#[context]`, or take a type with `impl FromContext`"
    );
}

const fn misfit(kind: Kind, limit: &Constraint) -> Option<&'static str> {
    match limit {
        Constraint::Minimum(bound)
        | Constraint::Maximum(bound)
        | Constraint::ExclusiveMinimum(bound)
        | Constraint::ExclusiveMaximum(bound)
        | Constraint::MultipleOf(bound) => number(kind, bound),
        Constraint::MinLength(_) | Constraint::MaxLength(_) | Constraint::Pattern(_) | Constraint::Format(_) => {
            text(kind)
        }
        _ => list(kind),
    }
}

const fn number(kind: Kind, bound: &Bound) -> Option<&'static str> {
    match (kind, bound) {
        (Kind::Text, _) => Some("this limits a number, and the parameter is text: use `min_length` or `max_length`"),
        (Kind::List, _) => Some("this limits a number, and the parameter is a list: use `min_items` or `max_items`"),
        (Kind::Bool, _) => Some("this limits a number, and the parameter is true or false"),
        (Kind::Integer(..), Bound::Float(_)) => {
            Some("the parameter is a whole number: write the limit without a fraction")
        }
        (Kind::Integer(least, most), Bound::Int(limit)) if *limit < least || *limit > most => {
            Some("the limit is outside the range of the parameter's type")
        }
        _ => None,
    }
}

const fn text(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Integer(..) | Kind::Float => {
            Some("this limits text, and the parameter is a number: use `minimum` or `maximum`")
        }
        Kind::List => Some("this limits text, and the parameter is a list: use `min_items` or `max_items`"),
        Kind::Bool => Some("this limits text, and the parameter is true or false"),
        _ => None,
    }
}

const fn list(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Integer(..) | Kind::Float => {
            Some("this limits a list, and the parameter is a number: use `minimum` or `maximum`")
        }
        Kind::Text => Some("this limits a list, and the parameter is text: use `min_length` or `max_length`"),
        Kind::Bool => Some("this limits a list, and the parameter is true or false"),
        _ => None,
    }
}
