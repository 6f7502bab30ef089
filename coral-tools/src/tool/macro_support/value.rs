//! Values of `#[arg(default = …, example = …)]`.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher, Hash};
use std::path::PathBuf;

use serde::Serialize;
use serde_json::Value;

/// A value for a parameter of type `T`: a `T`, or a literal that is usually written for one.
#[diagnostic::on_unimplemented(
    message = "this is not a value of the parameter's type, `{T}`",
    label = "`{Self}` is not a `{T}`"
)]
pub trait IntoArgument<T> {
    fn into_argument(self) -> T;
}

impl<T> IntoArgument<T> for T {
    fn into_argument(self) -> T {
        self
    }
}

impl<T> IntoArgument<Option<T>> for T {
    fn into_argument(self) -> Option<T> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl IntoArgument<String> for &str {
    fn into_argument(self) -> String {
        self.to_owned()
    }
}

#[diagnostic::do_not_recommend]
impl IntoArgument<Option<String>> for &str {
    fn into_argument(self) -> Option<String> {
        Some(self.to_owned())
    }
}

/// `[]` as a value.
#[derive(Debug)]
#[non_exhaustive]
pub struct EmptyArray {}

impl EmptyArray {
    pub const VALUE: Self = Self {};
}

/// `{}` as a value.
#[derive(Debug)]
#[non_exhaustive]
pub struct EmptyMap {}

impl EmptyMap {
    pub const VALUE: Self = Self {};
}

/// `[a, b]` and `[]` as values of collections of `T`.
macro_rules! arrays {
    ($([$($parameters:tt)*] $array:ty),* $(,)?) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($parameters)* V: IntoArgument<T>, const N: usize> IntoArgument<$array> for [V; N] {
            fn into_argument(self) -> $array {
                self.into_iter().map(IntoArgument::<T>::into_argument).collect()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($parameters)* V: IntoArgument<T>, const N: usize> IntoArgument<Option<$array>> for [V; N] {
            fn into_argument(self) -> Option<$array> {
                Some(IntoArgument::<$array>::into_argument(self))
            }
        }

        empty_collection!([$($parameters)*] $array, EmptyArray);
    )*};
}

/// `[(key, value)]` and `{}` as values of maps from `K` to `T`.
macro_rules! maps {
    ($([$($parameters:tt)*] $map:ty),* $(,)?) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($parameters)* A: IntoArgument<K>, V: IntoArgument<T>, const N: usize> IntoArgument<$map> for [(A, V); N] {
            fn into_argument(self) -> $map {
                self.into_iter().map(|(key, value)| (key.into_argument(), value.into_argument())).collect()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($parameters)* A: IntoArgument<K>, V: IntoArgument<T>, const N: usize> IntoArgument<Option<$map>>
            for [(A, V); N]
        {
            fn into_argument(self) -> Option<$map> {
                Some(IntoArgument::<$map>::into_argument(self))
            }
        }

        empty_collection!([$($parameters)*] $map, EmptyMap);
    )*};
}

macro_rules! empty_collection {
    ([$($parameters:tt)*] $collection:ty, $empty:ident) => {
        #[diagnostic::do_not_recommend]
        impl<$($parameters)*> IntoArgument<$collection> for $empty {
            fn into_argument(self) -> $collection {
                Default::default()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($parameters)*> IntoArgument<Option<$collection>> for $empty {
            fn into_argument(self) -> Option<$collection> {
                Some(Default::default())
            }
        }
    };
}

arrays! {
    [T,] Vec<T>,
    [T,] VecDeque<T>,
    [T: Ord,] BTreeSet<T>,
    [T: Eq + Hash, S: BuildHasher + Default,] HashSet<T, S>,
}

maps! {
    [K: Ord, T,] BTreeMap<K, T>,
    [K: Eq + Hash, T, S: BuildHasher + Default,] HashMap<K, T, S>,
}

macro_rules! whole_numbers_as {
    ($($float:ident)*) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoArgument<$float> for i32 {
            fn into_argument(self) -> $float {
                self as $float
            }
        }

        #[diagnostic::do_not_recommend]
        impl IntoArgument<Option<$float>> for i32 {
            fn into_argument(self) -> Option<$float> {
                Some(self as $float)
            }
        }
    )*};
}
whole_numbers_as!(f32 f64);

/// Converts a value to type `T`.
pub fn value<T>(given: impl IntoArgument<T>) -> T {
    given.into_argument()
}

/// A parameter's type that a literal string is a value of.
#[diagnostic::on_unimplemented(
    message = "a string is not a value of the parameter's type, `{Self}`",
    label = "not a `{Self}`",
    note = "if `{Self}` is an enum, write the variant: `{Self}::Variant`"
)]
pub trait FromText {
    fn from_text(text: &'static str) -> Self;
}

macro_rules! texts {
    ($($text:ty)*) => {$(
        #[diagnostic::do_not_recommend]
        impl FromText for $text {
            fn from_text(text: &'static str) -> Self {
                text.into()
            }
        }
    )*};
}
texts!(String Box<str> Cow<'static, str> PathBuf);

impl<T: FromText> FromText for Option<T> {
    fn from_text(text: &'static str) -> Self {
        Some(T::from_text(text))
    }
}

/// Converts a literal string to type `T`.
#[must_use]
pub fn text_value<T: FromText>(text: &'static str) -> T {
    T::from_text(text)
}

/// Converts a value to JSON. `json` is inherent for a type that implements `Serialize`; for any other type it is that of
/// [`ToJsonFallback`].
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "written by the macro, not public API")]
pub struct ToJson<T>(pub T);

impl<T: Serialize> ToJson<T> {
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::to_value(&self.0).ok()
    }
}

pub trait ToJsonFallback {
    fn json(&self) -> Option<Value>;
}

impl<T> ToJsonFallback for ToJson<T> {
    fn json(&self) -> Option<Value> {
        None
    }
}
