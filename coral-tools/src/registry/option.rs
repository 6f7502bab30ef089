//! Options of an agent type.

use std::borrow::Cow;
use std::fmt;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

use super::OptionConstraints;
use crate::json::{DecodeError, FromJson, ObjectReader};

/// The specification of an option.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct OptionSpec {
    /// Its type.
    pub kind: OptionType,
    /// Whether a session must set it if it has no default.
    pub required: bool,
    /// The default value, unchanged. A list without a default is empty.
    pub default: Option<Value>,
    /// Whether its value is a secret, which `Debug` hides.
    pub secret: bool,
    /// A display name.
    pub label: Option<String>,
    /// A description.
    pub description: Option<String>,
    /// How the agent receives it: `env` for an environment variable, `fs` for a file.
    pub transport: Option<String>,
    /// The constraints on its value.
    pub constraints: OptionConstraints,
    /// Whether the option has a `validation` object. If so, servers parse even its default.
    pub(crate) is_validated: bool,
    /// Fields that this version does not know, unchanged.
    pub extra: Map<String, Value>,
}

impl FromJson for OptionSpec {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut option = ObjectReader::new(value)?;
        let kind = OptionType::parse(&option.required::<String>("type")?);
        let validation = option.nested("validation", OptionConstraints::from_fields)?;
        let (label, description) = option
            .nested("display", |display| Ok((display.optional("label")?, display.optional("description")?)))?
            .unwrap_or_default();
        let own_description = option.optional("description")?;
        Ok(Self {
            secret: option.or_default("secret")? || kind.name() == "secret",
            required: option.or_default("required")?,
            default: option.take("default"),
            label,
            // The description of the option itself is the older field.
            description: own_description.or(description),
            transport: option.optional("transport")?,
            is_validated: validation.is_some(),
            constraints: validation.unwrap_or_default(),
            kind,
            extra: option.into_remaining(),
        })
    }
}

impl OptionSpec {
    /// The values of the default; empty without a default, or if it has another type.
    pub(crate) fn default_items(&self) -> Vec<SingleOptionValue<'_>> {
        let Some(default) = &self.default else { return Vec::new() };
        match self.kind {
            OptionType::One(scalar) => item(scalar, default).into_iter().collect(),
            OptionType::List(scalar) => {
                default.as_array().into_iter().flatten().filter_map(|value| item(scalar, value)).collect()
            }
            OptionType::Other(_) => Vec::new(),
        }
    }
}

/// One value of an option: the value itself, or one item of a list.
pub(crate) enum SingleOptionValue<'a> {
    Json(&'a Value),
    Bytes(Cow<'a, [u8]>),
}

fn item(scalar: ScalarType, value: &Value) -> Option<SingleOptionValue<'_>> {
    match scalar {
        ScalarType::Blob => bytes(value).map(|bytes| SingleOptionValue::Bytes(bytes.into())),
        _ => Some(SingleOptionValue::Json(value)),
    }
}

/// Decodes a blob: base64, or an array of signed bytes up to coral-server 1.0.
pub(crate) fn bytes(value: &Value) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    match value {
        Value::String(text) => {
            [STANDARD, URL_SAFE].iter().find_map(|alphabet| GeneralPurpose::new(alphabet, config).decode(text).ok())
        }
        Value::Array(bytes) => {
            let byte = |byte: &Value| Some(i8::try_from(byte.as_i64()?).ok()?.cast_unsigned());
            bytes.iter().map(byte).collect()
        }
        _ => None,
    }
}

/// Hides the default of a secret.
impl fmt::Debug for OptionSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            required,
            default,
            secret,
            label,
            description,
            transport,
            constraints,
            is_validated: _,
            extra,
        } = self;
        let hidden = Value::from("…");
        let default = default.as_ref().map(|default| if *secret { &hidden } else { default });
        f.debug_struct("OptionSpec")
            .field("kind", kind)
            .field("required", required)
            .field("default", &default)
            .field("secret", secret)
            .field("label", label)
            .field("description", description)
            .field("transport", transport)
            .field("constraints", constraints)
            .field("extra", extra)
            .finish()
    }
}

/// The type of an option. Servers accept only a value of exactly its [`value_type`](Self::value_type).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum OptionType {
    /// A single value.
    One(ScalarType),
    /// A list of values.
    List(ScalarType),
    /// An unknown type, by its name on the wire.
    Other(String),
}

impl OptionType {
    fn parse(name: &str) -> Self {
        let item = name.strip_prefix("list[").and_then(|rest| rest.strip_suffix(']'));
        let scalar = ScalarType::ALL.into_iter().find(|scalar| scalar.name() == item.unwrap_or(name));
        match (scalar, item) {
            (Some(scalar), None) => Self::One(scalar),
            (Some(scalar), Some(_)) if scalar.has_lists() => Self::List(scalar),
            _ => Self::Other(name.to_owned()),
        }
    }

    /// Its name on the wire, such as `list[u64]`.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::One(scalar) => scalar.name().to_owned(),
            Self::List(scalar) => format!("list[{}]", scalar.name()),
            Self::Other(name) => name.clone(),
        }
    }

    /// The name of the type that a value for this option has in a session request: `string` for `secret`, `f64` for
    /// `number`, and [`name`](Self::name) for all other types.
    ///
    /// Servers built before 7 February 2026 list options of type `secret` and `number`, which are not types of values.
    #[must_use]
    pub fn value_type(&self) -> String {
        match self {
            Self::One(ScalarType::Secret) => ScalarType::Text.name().to_owned(),
            Self::One(ScalarType::Number) => ScalarType::F64.name().to_owned(),
            other => other.name(),
        }
    }
}

impl ScalarType {
    /// Servers do not have lists of these types.
    fn has_lists(self) -> bool {
        !matches!(self, Self::Bool | Self::Secret | Self::Number)
    }
}

macro_rules! scalars {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// The type of a single value.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ScalarType {
            $($(#[$doc])* $variant,)*
        }

        impl ScalarType {
            const ALL: [Self; [$($name),*].len()] = [$(Self::$variant),*];

            /// Its name on the wire, such as `u64`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}
scalars! {
    /// A string.
    Text = "string";
    /// A byte string.
    Blob = "blob";
    /// A boolean.
    Bool = "bool";
    /// A signed 8-bit integer.
    I8 = "i8";
    /// A signed 16-bit integer.
    I16 = "i16";
    /// A signed 32-bit integer.
    I32 = "i32";
    /// A signed 64-bit integer.
    I64 = "i64";
    /// An unsigned 8-bit integer.
    U8 = "u8";
    /// An unsigned 16-bit integer.
    U16 = "u16";
    /// An unsigned 32-bit integer.
    U32 = "u32";
    /// An unsigned 64-bit integer; a string on the wire.
    U64 = "u64";
    /// A 32-bit floating-point number.
    F32 = "f32";
    /// A 64-bit floating-point number.
    F64 = "f64";
    /// A secret string of old servers. Its values are of type [`ScalarType::Text`].
    Secret = "secret";
    /// A number of old servers. Its values are of type [`ScalarType::F64`].
    Number = "number";
}
