//! The values that `#[arg(default = …, example = …)]` give.

use serde::Serialize;
use serde_json::Value;

/// A value that a parameter of type `T` can have: a `T`, or what is usually written for one.
#[diagnostic::on_unimplemented(
    message = "this is not a value of the parameter's type, `{T}`",
    label = "`{Self}` is not a `{T}`"
)]
pub trait ValueOf<T> {
    fn value(self) -> T;
}

impl<T> ValueOf<T> for T {
    fn value(self) -> T {
        self
    }
}

impl<T> ValueOf<Option<T>> for T {
    fn value(self) -> Option<T> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl ValueOf<String> for &str {
    fn value(self) -> String {
        self.to_owned()
    }
}

#[diagnostic::do_not_recommend]
impl ValueOf<Option<String>> for &str {
    fn value(self) -> Option<String> {
        Some(self.to_owned())
    }
}

#[diagnostic::do_not_recommend]
impl<T, V: ValueOf<T>, const N: usize> ValueOf<Vec<T>> for [V; N] {
    fn value(self) -> Vec<T> {
        self.into_iter().map(V::value).collect()
    }
}

macro_rules! whole_numbers_as {
    ($($float:ident)*) => {$(
        #[diagnostic::do_not_recommend]
        impl ValueOf<$float> for i32 {
            fn value(self) -> $float {
                self as $float
            }
        }

        #[diagnostic::do_not_recommend]
        impl ValueOf<Option<$float>> for i32 {
            fn value(self) -> Option<$float> {
                Some(self as $float)
            }
        }
    )*};
}
whole_numbers_as!(f32 f64);

/// A value as one of type `T`.
pub fn value<T>(given: impl ValueOf<T>) -> T {
    given.value()
}

/// A value that may be JSON: [`Json::json`] is inherent for those that serialize, and that of [`NotJson`] for all else.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "written by the macro, not public API")]
pub struct Json<T>(pub T);

impl<T: Serialize> Json<T> {
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::to_value(&self.0).ok()
    }
}

pub trait NotJson {
    fn json(&self) -> Option<Value>;
}

impl<T> NotJson for Json<T> {
    fn json(&self) -> Option<Value> {
        None
    }
}
