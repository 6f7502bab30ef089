//! The parts that all events have in common.

use serde_json::{Map, Value};

use crate::json::{DecodeError, FromJson, ObjectReader, TaggedUnion, Timestamp};

/// The fields that all events have in common.
pub(super) struct EventEnvelope<K> {
    pub(super) timestamp: Option<Timestamp>,
    pub(super) kind: K,
    pub(super) extra: Map<String, Value>,
}

impl<K: TaggedUnion> FromJson for EventEnvelope<K> {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let timestamp = timestamp(&value)?;
        let (kind, mut rest) = tagged(value)?;
        rest.take("timestamp");
        Ok(Self { timestamp, kind, extra: rest.into_remaining() })
    }
}

/// Reads the time without taking it, because an unknown event is kept whole.
fn timestamp(event: &Value) -> Result<Option<Timestamp>, DecodeError> {
    let time = event.get("timestamp").filter(|time| !time.is_null());
    time.cloned().map(Timestamp::from_json).transpose().map_err(|error| error.in_field("timestamp"))
}

/// Reads an object as a tagged union. Returns the variant and the remaining fields, of which an unknown variant leaves none.
pub(super) fn tagged<K: TaggedUnion>(value: Value) -> Result<(K, ObjectReader), DecodeError> {
    let tag = value.get(K::TAG).and_then(Value::as_str).map(str::to_owned);
    let mut fields = ObjectReader::new(value)?;
    let variant = match tag {
        Some(tag) => K::from_tag(&tag, &mut fields)?,
        None => None,
    };
    let Some(variant) = variant else {
        return Ok((K::unknown(Value::Object(fields.into_remaining())), ObjectReader::default()));
    };
    fields.take(K::TAG);
    Ok((variant, fields))
}

/// The non-negative integer at `key`.
pub(super) fn number<N: TryFrom<u64>>(fields: &mut ObjectReader, key: &str) -> Result<Option<N>, DecodeError> {
    let number = match fields.take(key) {
        None => return Ok(None),
        Some(Value::Number(number)) => number.as_u64().and_then(|number| N::try_from(number).ok()),
        Some(other) => return Err(DecodeError::expected("a number", &other).in_field(key)),
    };
    let error = || DecodeError::new("expected a non-negative integer in range").in_field(key);
    number.map(Some).ok_or_else(error)
}
