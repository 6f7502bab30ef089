//! [`Nullable`]: a field for which `null` and an absent value have different meanings.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::schema::KEEPS_NULL;

/// A field for which an absent value and `null` have different meanings, such as "leave" and "clear" in an update.
///
/// For any other optional field, `null` means that it is absent. The field needs `#[serde(default)]`; to serialize the
/// struct, add `skip_serializing_if = "Nullable::is_absent"`. A parameter of a tool can be an `Option<Option<T>>` instead.
///
/// Its JSON Schema is `anyOf` of `T` and `null`. Some providers reject `null` in the type of an argument.
///
/// ```
/// use coral_tools::Nullable;
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Change {
///     /// The new nickname; `null` removes it.
///     #[serde(default)]
///     nickname: Nullable<String>,
/// }
///
/// fn apply(change: Change, nickname: &mut Option<String>) {
///     match change.nickname {
///         Nullable::Absent => {}
///         Nullable::Null => *nickname = None,
///         Nullable::Value(new) => *nickname = Some(new),
///     }
/// }
/// # let mut nickname = Some("old".to_owned());
/// # apply(serde_json::from_str("{}").unwrap(), &mut nickname);
/// # assert_eq!(nickname.as_deref(), Some("old"));
/// # apply(serde_json::from_str(r#"{"nickname": null}"#).unwrap(), &mut nickname);
/// # assert_eq!(nickname, None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[expect(clippy::exhaustive_enums, reason = "JSON has no other state")]
pub enum Nullable<T> {
    /// There is no value: leave it as it is.
    #[default]
    Absent,
    /// The value is `null`: clear it.
    Null,
    /// The value.
    Value(T),
}

impl<T> Nullable<T> {
    /// Whether there is no value.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Returns `None` if there is no value, and `Some(None)` for `null`.
    pub fn into_option(self) -> Option<Option<T>> {
        match self {
            Self::Absent => None,
            Self::Null => Some(None),
            Self::Value(value) => Some(Some(value)),
        }
    }
}

impl<T> From<Option<Option<T>>> for Nullable<T> {
    fn from(option: Option<Option<T>>) -> Self {
        match option {
            None => Self::Absent,
            Some(None) => Self::Null,
            Some(Some(value)) => Self::Value(value),
        }
    }
}

/// A value that is present. `#[serde(default)]` gives [`Nullable::Absent`].
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::Value))
    }
}

/// [`Nullable::Absent`] becomes `null`, unless the field is skipped.
impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent | Self::Null => serializer.serialize_none(),
            Self::Value(value) => serializer.serialize_some(value),
        }
    }
}

impl<T: JsonSchema> JsonSchema for Nullable<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Nullable_{}", T::schema_name()).into()
    }

    fn schema_id() -> Cow<'static, str> {
        format!("coral_tools::Nullable<{}>", T::schema_id()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [value, { "type": "null" }], KEEPS_NULL: true })
    }
}
