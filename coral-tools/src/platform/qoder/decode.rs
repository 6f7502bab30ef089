//! Fields that every object of the API has.

use crate::json::{DecodeError, ObjectReader, Timestamp};

/// Takes the `id`, the only field that must be present.
pub(crate) fn take_id(fields: &mut ObjectReader) -> Result<String, DecodeError> {
    let id: String = fields.required("id")?;
    if id.is_empty() { Err(DecodeError::new("the id is empty").in_field("id")) } else { Ok(id) }
}

/// Takes an RFC 3339 timestamp. A value in another notation stays in the object.
pub(crate) fn take_timestamp(fields: &mut ObjectReader, key: &str) -> Option<Timestamp> {
    fields.lenient_with(key, |value| value.as_str()?.parse().ok())
}
