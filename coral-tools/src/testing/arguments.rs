//! The arguments of a call, typed or as an agent writes them.

use serde::Serialize;
use serde_json::Value;

use crate::tool::Tool;

/// The arguments that an agent sends to a tool: JSON as the model wrote it, or no arguments.
///
/// ```
/// use coral_tools::testing::Arguments;
/// use serde_json::json;
///
/// let written = Arguments::from(r#"{"count": 5.0}"#); // `5.0` reaches the tool
/// let made = Arguments::from(json!({"count": 5}));
/// let none = Arguments::none(); // the body is `null`, not `{}`
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arguments(String);

impl Arguments {
    /// A call without arguments.
    #[must_use]
    pub fn none() -> Self {
        Self("null".to_owned())
    }

    /// The JSON text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A value that has no JSON becomes an empty string, which the caller rejects as not JSON.
    fn from_serialize(arguments: &impl Serialize) -> Self {
        Self(serde_json::to_string(arguments).unwrap_or_default())
    }
}

impl From<()> for Arguments {
    fn from((): ()) -> Self {
        Self::none()
    }
}

impl From<&str> for Arguments {
    fn from(json: &str) -> Self {
        Self(json.to_owned())
    }
}

impl From<String> for Arguments {
    fn from(json: String) -> Self {
        Self(json)
    }
}

impl From<Value> for Arguments {
    fn from(value: Value) -> Self {
        Self::from_serialize(&value)
    }
}

impl From<&Value> for Arguments {
    fn from(value: &Value) -> Self {
        Self::from_serialize(value)
    }
}

/// A tool and its arguments, for [`Harness::call`](super::Harness::call): the arguments of a tool as their own type, or the
/// name of a tool with a value that converts into [`Arguments`].
///
/// ```
/// use coral_tools::testing::ToolArguments;
/// use serde_json::json;
///
/// let (tool, _arguments) = ("greet", json!({"name": "Zoë"})).into_call();
/// assert_eq!(tool, "greet");
/// ```
pub trait ToolArguments {
    /// Returns the name of the tool and its arguments.
    fn into_call(self) -> (String, Arguments);
}

impl<T: Tool + Serialize> ToolArguments for T {
    fn into_call(self) -> (String, Arguments) {
        (T::NAME.to_owned(), Arguments::from_serialize(&self))
    }
}

macro_rules! by_name {
    ($($arguments:ty),*) => {$(
        impl ToolArguments for (&str, $arguments) {
            fn into_call(self) -> (String, Arguments) {
                (self.0.to_owned(), self.1.into())
            }
        }
    )*};
}
by_name!(Arguments, &str, String, Value, &Value, ());
