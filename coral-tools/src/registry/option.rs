//! One option of an agent.

use std::borrow::Cow;
use std::fmt;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

use super::OptionConstraints;
use crate::json::{DecodeError, FromJson, ObjectReader};

/// What an option of an agent is.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct OptionSpec {
    /// The type of its value.
    pub kind: OptionType,
    /// Whether a session must give it a value if it has no default.
    pub required: bool,
    /// The value without one of yours, as it came. A list without any is empty.
    pub default: Option<Value>,
    /// Whether its value is a secret, which no log shows.
    pub secret: bool,
    /// A name for people.
    pub label: Option<String>,
    /// What it does, for people.
    pub description: Option<String>,
    /// How the agent gets it: `env` for a variable of its environment, `fs` for a file.
    pub transport: Option<String>,
    /// What its value must hold to; `None` where nothing is said.
    pub constraints: OptionConstraints,
    /// Whether the entry says anything of that kind. If so, servers parse even a default.
    pub(crate) is_validated: bool,
    /// Every key that this version does not know, as it came.
    pub extra: Map<String, Value>,
}

impl FromJson for OptionSpec {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut option = ObjectReader::new(value)?;
        let kind = OptionType::of(&option.required::<String>("type")?);
        let validation = option.nested("validation", OptionConstraints::of)?;
        let (label, description) = option
            .nested("display", |display| Ok((display.optional("label")?, display.optional("description")?)))?
            .unwrap_or_default();
        let own_description = option.optional("description")?;
        Ok(Self {
            secret: option.or_default("secret")? || kind.name() == "secret",
            required: option.or_default("required")?,
            default: option.take("default"),
            label,
            // Of the two, the one of the option itself is the older.
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
    /// The values that are in the default; none where there is no default, or one that is not of the type.
    pub(crate) fn default_items(&self) -> Vec<OptionItem<'_>> {
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
pub(crate) enum OptionItem<'a> {
    Json(&'a Value),
    Bytes(Cow<'a, [u8]>),
}

fn item(scalar: ScalarType, value: &Value) -> Option<OptionItem<'_>> {
    match scalar {
        ScalarType::Blob => bytes(value).map(|bytes| OptionItem::Bytes(bytes.into())),
        _ => Some(OptionItem::Json(value)),
    }
}

/// Base64, or up to coral-server 1.0 signed bytes.
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

/// Without the default of a secret.
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

/// The type of an option's value. A server takes a value of exactly this type, and no other.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum OptionType {
    /// One value.
    One(ScalarType),
    /// Any number of values of one type.
    List(ScalarType),
    /// One that this version does not know, by its name on the wire.
    Other(String),
}

impl OptionType {
    fn of(name: &str) -> Self {
        let item = name.strip_prefix("list[").and_then(|rest| rest.strip_suffix(']'));
        let scalar = ScalarType::ALL.into_iter().find(|scalar| scalar.name() == item.unwrap_or(name));
        match (scalar, item) {
            (Some(scalar), None) => Self::One(scalar),
            // There is no list of `bool`.
            (Some(scalar), Some(_)) if scalar != ScalarType::Bool => Self::List(scalar),
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
}

macro_rules! scalars {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// The type of one value.
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
    /// Text.
    Text = "string";
    /// Bytes.
    Blob = "blob";
    /// Yes or no.
    Bool = "bool";
    /// A whole number of 8 bits.
    I8 = "i8";
    /// A whole number of 16 bits.
    I16 = "i16";
    /// A whole number of 32 bits.
    I32 = "i32";
    /// A whole number of 64 bits.
    I64 = "i64";
    /// A whole number of 8 bits without a sign.
    U8 = "u8";
    /// A whole number of 16 bits without a sign.
    U16 = "u16";
    /// A whole number of 32 bits without a sign.
    U32 = "u32";
    /// A whole number of 64 bits without a sign; text on the wire.
    U64 = "u64";
    /// A number with a fraction, of 32 bits.
    F32 = "f32";
    /// A number with a fraction, of 64 bits.
    F64 = "f64";
}
