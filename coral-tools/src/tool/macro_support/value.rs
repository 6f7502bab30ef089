//! Values of `#[arg(default = …, example = …)]`.

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

#[diagnostic::do_not_recommend]
impl<T, V: IntoArgument<T>, const N: usize> IntoArgument<Vec<T>> for [V; N] {
    fn into_argument(self) -> Vec<T> {
        self.into_iter().map(V::into_argument).collect()
    }
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
