//! The options of agent types.

use coral_tools::registry::{OptionType, ScalarType};
use serde_json::{Number, Value, json};

/// An option of an [`AgentType`](super::AgentType).
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct AgentOption {
    json: Value,
}

impl AgentOption {
    /// An optional string.
    pub fn text() -> Self {
        Self::of(ScalarType::Text)
    }

    /// An optional value of this type.
    pub fn of(scalar: ScalarType) -> Self {
        Self::new(&OptionType::One(scalar))
    }

    /// A list of values of this type. By default it is empty.
    pub fn list_of(scalar: ScalarType) -> Self {
        Self::new(&OptionType::List(scalar))
    }

    fn new(kind: &OptionType) -> Self {
        Self { json: json!({"type": kind.name(), "required": false, "transport": "env"}) }
    }

    /// Rejects requests without a value.
    pub fn required(mut self) -> Self {
        self.json["required"] = true.into();
        self
    }

    /// Hides the value in the log of the server.
    pub fn secret(mut self) -> Self {
        self.json["secret"] = true.into();
        self
    }

    /// Sets the value of agents whose request has none. The default of a `u64` is a string.
    pub fn default(mut self, value: impl Into<Value>) -> Self {
        self.json["default"] = value.into();
        self
    }

    /// Sets the smallest number.
    pub fn min(self, min: impl Into<Number>) -> Self {
        self.constraint("min", min.into())
    }

    /// Sets the largest number.
    pub fn max(self, max: impl Into<Number>) -> Self {
        self.constraint("max", max.into())
    }

    /// Sets the smallest length of a string, in bytes of UTF-8.
    pub fn min_length(self, length: u32) -> Self {
        self.constraint("min_length", length)
    }

    /// Sets the largest length of a string, in bytes of UTF-8.
    pub fn max_length(self, length: u32) -> Self {
        self.constraint("max_length", length)
    }

    /// Sets the Java regular expression that a whole string has to match.
    pub fn regex(self, regex: &str) -> Self {
        self.constraint("regex", regex)
    }

    /// Sets the only valid values.
    pub fn variants<T: Into<Value>>(self, variants: impl IntoIterator<Item = T>) -> Self {
        self.constraint("variants", variants.into_iter().map(Into::into).collect::<Vec<Value>>())
    }

    fn constraint(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.json["validation"][key] = value.into();
        self
    }

    pub(super) fn into_json(self) -> Value {
        self.json
    }
}
