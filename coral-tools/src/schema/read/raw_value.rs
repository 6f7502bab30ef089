//! `RawValue` of `serde_json`, which needs a feature of it that users may enable.

use std::fmt;

use serde::de::{IgnoredAny, MapAccess, Visitor};

/// The name of the newtype, and the key of the map that it is deserialized from.
pub(crate) const RAW_VALUE: &str = "$serde_json::private::RawValue";

/// Returns the JSON text of a value that is deserialized as a newtype with the name [`RAW_VALUE`].
pub(crate) struct RawTextVisitor;

impl<'de> Visitor<'de> for RawTextVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<String, A::Error> {
        map.next_key::<IgnoredAny>()?;
        map.next_value()
    }
}
