//! One reader and one writer of JSON, used for everything that servers send and receive.
//!
//! Reading is tolerant: [`ObjectReader`] takes known keys out of an object and leaves unknown ones. Writing never emits
//! `null`, because servers reject it for a field that may be absent.

mod canonical;
mod error;
mod object_builder;
mod reader;
mod timestamp;

pub(crate) use self::canonical::canonical_arguments;
pub use self::error::DecodeError;
pub(crate) use self::object_builder::ObjectBuilder;
pub use self::reader::FromJson;
pub(crate) use self::reader::{ObjectReader, TaggedUnion, deserialize};
pub use self::timestamp::Timestamp;

/// Decodes a document that a Coral server sends: a session's [state](crate::state), an event, the report of a session's
/// end, the contents of a [registry](crate::registry), or a `Vec` of them.
///
/// # Errors
///
/// Returns an error if `json` is not valid JSON, or if a value has a shape that no server sends. The error has the
/// location.
pub fn from_json<T: FromJson>(json: &[u8]) -> Result<T, DecodeError> {
    let value = serde_json::from_slice(json).map_err(|error| DecodeError::new(format!("not JSON: {error}")))?;
    T::from_json(value)
}
