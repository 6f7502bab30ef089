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

impl ValueOf<String> for &str {
    fn value(self) -> String {
        self.to_owned()
    }
}

impl ValueOf<Option<String>> for &str {
    fn value(self) -> Option<String> {
        Some(self.to_owned())
    }
}

impl<T, V: ValueOf<T>, const N: usize> ValueOf<Vec<T>> for [V; N] {
    fn value(self) -> Vec<T> {
        self.into_iter().map(V::value).collect()
    }
}

/// A value as one of type `T`.
pub fn value<T>(given: impl ValueOf<T>) -> T {
    given.value()
}

/// A value that may be JSON: [`Json::json`] is inherent for those that serialize, and that of [`NotJson`] for all else.
#[derive(Debug)]
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
