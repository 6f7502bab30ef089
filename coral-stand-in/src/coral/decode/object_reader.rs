//! Reads the fields of a JSON object, and rejects unknown ones.

use super::json_tree::JsonTree;
use super::{DecodeError, DecodeResult};

/// The fields of an object that are not read yet.
pub(super) struct ObjectReader(Vec<(String, JsonTree)>);

impl ObjectReader {
    /// Reads an object with `read`. Fields that `read` does not take are errors.
    pub(super) fn read<T>(tree: JsonTree, read: impl FnOnce(&mut Self) -> DecodeResult<T>) -> DecodeResult<T> {
        let JsonTree::Object(members) = tree else { return Err(DecodeError::expected("an object", &tree)) };
        let mut fields = Self(members);
        let value = read(&mut fields)?;
        match fields.0.first() {
            None => Ok(value),
            Some((key, _)) => Err(DecodeError::new("unknown key").in_field(key)),
        }
    }

    fn take(&mut self, key: &str) -> Option<JsonTree> {
        let at = self.0.iter().position(|(name, _)| name == key)?;
        Some(self.0.remove(at).1)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(name, _)| name == key)
    }

    /// Reads a required field.
    pub(super) fn required<T>(&mut self, key: &str, read: impl FnOnce(JsonTree) -> DecodeResult<T>) -> DecodeResult<T> {
        let value = self.take(key).ok_or_else(|| DecodeError::new("missing").in_field(key))?;
        read(value).map_err(|error| error.in_field(key))
    }

    /// Reads a field that may be missing or `null`.
    pub(super) fn nullable<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(JsonTree) -> DecodeResult<T>,
    ) -> DecodeResult<Option<T>> {
        match self.take(key) {
            None | Some(JsonTree::Null) => Ok(None),
            Some(value) => read(value).map(Some).map_err(|error| error.in_field(key)),
        }
    }

    /// Reads a field that may be missing, but not `null`.
    pub(super) fn optional<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(JsonTree) -> DecodeResult<T>,
    ) -> DecodeResult<Option<T>> {
        let value = self.take(key);
        value.map(|value| read(value).map_err(|error| error.in_field(key))).transpose()
    }

    /// Like [`ObjectReader::optional`], with the default of the type for a missing field.
    pub(super) fn or_default<T: Default>(
        &mut self,
        key: &str,
        read: impl FnOnce(JsonTree) -> DecodeResult<T>,
    ) -> DecodeResult<T> {
        Ok(self.optional(key, read)?.unwrap_or_default())
    }
}
