//! Values of an agent's options.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::dialect::{Dialect, TargetServerVersion};
use crate::registry::SingleOptionValue;

/// The value of an agent's option, with its type on the wire.
///
/// Coral accepts a value only if its type is exactly that of the option, and the type follows from the Rust type: an
/// `i32` becomes an `i32`, a `Vec<u8>` a `list[u8]`. Use [`blob`](Self::blob) for bytes as one value. Lists of `bool`
/// do not exist.
///
/// ```
/// use coral_tools::session::OptionValue;
/// use coral_tools::{Agent, Runtime};
///
/// let agent = Agent::local("natural-tone-agent", "1.1.0", Runtime::Docker)
///     .option("EXTRA_USER_PROMPT", "Be brief.")
///     .option("MAX_ITERATIONS", 50)
///     .option("SEED", 7_u64)
///     .option("TOPICS", ["sales", "costs"])
///     .option("LOGO", OptionValue::blob(b"\x89PNG"));
/// ```
#[derive(Clone, PartialEq)]
pub struct OptionValue(Result<TypedValue, NotFinite>);

/// A value with its type on the wire.
#[derive(Clone, PartialEq)]
pub(crate) enum TypedValue {
    Json { tag: &'static str, value: Value },
    Blob(Vec<u8>),
    Blobs(Vec<Vec<u8>>),
}

/// The value is or contains an infinite or NaN number, which JSON cannot represent.
#[derive(Clone, PartialEq)]
struct NotFinite;

impl OptionValue {
    /// A byte string, as Coral's `blob`.
    #[must_use]
    pub fn blob(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Ok(TypedValue::Blob(bytes.into())))
    }

    /// Several byte strings, as Coral's `list[blob]`.
    #[must_use]
    pub fn blobs<B: Into<Vec<u8>>>(blobs: impl IntoIterator<Item = B>) -> Self {
        Self(Ok(TypedValue::Blobs(blobs.into_iter().map(Into::into).collect())))
    }

    /// `None` if it is or contains an infinite or NaN number.
    pub(crate) fn typed(&self) -> Option<&TypedValue> {
        self.0.as_ref().ok()
    }

    fn tagged(tag: &'static str, value: Option<Value>) -> Self {
        Self(value.map(|value| TypedValue::Json { tag, value }).ok_or(NotFinite))
    }
}

impl TypedValue {
    /// The name of its type on the wire.
    pub(crate) fn tag(&self) -> &'static str {
        match self {
            Self::Json { tag, .. } => tag,
            Self::Blob(_) => "blob",
            Self::Blobs(_) => "list[blob]",
        }
    }

    /// The single value, or the items of the list.
    pub(crate) fn items(&self) -> Vec<SingleOptionValue<'_>> {
        match self {
            Self::Json { value: Value::Array(items), .. } => items.iter().map(SingleOptionValue::Json).collect(),
            Self::Json { value, .. } => vec![SingleOptionValue::Json(value)],
            Self::Blob(bytes) => vec![SingleOptionValue::Bytes(bytes.into())],
            Self::Blobs(blobs) => blobs.iter().map(|bytes| SingleOptionValue::Bytes(bytes.into())).collect(),
        }
    }

    pub(crate) fn to_json(&self, dialect: Dialect) -> Value {
        match self {
            Self::Json { tag, value } => json!({"type": tag, "value": value}),
            Self::Blob(bytes) => json!({"type": "blob", "value": blob(bytes, dialect)}),
            Self::Blobs(blobs) => {
                let blobs = blobs.iter().map(|bytes| blob(bytes, dialect));
                json!({"type": "list[blob]", "value": blobs.collect::<Value>()})
            }
        }
    }
}

/// Only the type, because the value may be a secret.
impl fmt::Debug for OptionValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OptionValue({}, …)", self.typed().map_or("not finite", TypedValue::tag))
    }
}

/// Only the type, because the value may be a secret.
impl fmt::Debug for TypedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TypedValue({}, …)", self.tag())
    }
}

/// Base64 since coral-server 1.1, an array of signed bytes before.
fn blob(bytes: &[u8], dialect: Dialect) -> Value {
    if dialect.server_version() >= TargetServerVersion::Server1_1 {
        STANDARD.encode(bytes).into()
    } else {
        bytes.iter().map(|byte| Value::from(byte.cast_signed())).collect()
    }
}

/// A type of a single value; `None` for a number that JSON cannot represent.
trait ToScalarJson {
    fn to_value(&self) -> Option<Value>;
}

macro_rules! scalar {
    ($($rust:ty, |$value:ident| $written:expr;)*) => {$(
        impl ToScalarJson for $rust {
            fn to_value(&self) -> Option<Value> {
                let $value = self;
                $written
            }
        }
    )*};
}
scalar! {
    &str, |text| Some((*text).into());
    String, |text| Some(text.as_str().into());
    bool, |is| Some((*is).into());
    i8, |number| Some((*number).into());
    i16, |number| Some((*number).into());
    i32, |number| Some((*number).into());
    i64, |number| Some((*number).into());
    u8, |number| Some((*number).into());
    u16, |number| Some((*number).into());
    u32, |number| Some((*number).into());
    // Servers reject a JSON number of that size.
    u64, |number| Some(number.to_string().into());
    f32, |number| number.is_finite().then(|| (*number).into());
    f64, |number| number.is_finite().then(|| (*number).into());
}

macro_rules! from_one {
    ($($rust:ty => $tag:literal),* $(,)?) => {$(
        #[doc = concat!("Coral's `", $tag, "`.")]
        impl From<$rust> for OptionValue {
            fn from(value: $rust) -> Self {
                Self::tagged($tag, value.to_value())
            }
        }
    )*};
}

macro_rules! from_list {
    ($($rust:ty => $tag:literal),* $(,)?) => {$(
        #[doc = concat!("Coral's `", $tag, "`.")]
        impl From<Vec<$rust>> for OptionValue {
            fn from(values: Vec<$rust>) -> Self {
                Self::from(values.as_slice())
            }
        }

        #[doc = concat!("Coral's `", $tag, "`.")]
        impl From<&[$rust]> for OptionValue {
            fn from(values: &[$rust]) -> Self {
                Self::tagged($tag, values.iter().map(ToScalarJson::to_value).collect())
            }
        }

        #[doc = concat!("Coral's `", $tag, "`.")]
        impl<const N: usize> From<[$rust; N]> for OptionValue {
            fn from(values: [$rust; N]) -> Self {
                Self::from(values.as_slice())
            }
        }
    )*};
}

from_one! {
    &str => "string", String => "string", bool => "bool",
    i8 => "i8", i16 => "i16", i32 => "i32", i64 => "i64",
    u8 => "u8", u16 => "u16", u32 => "u32", u64 => "u64",
    f32 => "f32", f64 => "f64",
}
from_list! {
    &str => "list[string]", String => "list[string]",
    i8 => "list[i8]", i16 => "list[i16]", i32 => "list[i32]", i64 => "list[i64]",
    u8 => "list[u8]", u16 => "list[u16]", u32 => "list[u32]", u64 => "list[u64]",
    f32 => "list[f32]", f64 => "list[f64]",
}

/// Coral's `string`.
impl From<&String> for OptionValue {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}
