//! The fields of an object, taken one by one until none is left.

use super::tree::Tree;
use super::{Decoded, Undecodable};

/// What has not been taken yet of an object.
pub(super) struct Fields(Vec<(String, Tree)>);

impl Fields {
    /// Reads an object by `read`, which has to take every field.
    pub(super) fn of<T>(tree: Tree, read: impl FnOnce(&mut Self) -> Decoded<T>) -> Decoded<T> {
        let Tree::Object(members) = tree else { return Err(Undecodable::expected("an object", &tree)) };
        let mut fields = Self(members);
        let value = read(&mut fields)?;
        match fields.0.first() {
            None => Ok(value),
            Some((key, _)) => Err(Undecodable::new("unknown key").inside(key)),
        }
    }

    fn take(&mut self, key: &str) -> Option<Tree> {
        let at = self.0.iter().position(|(name, _)| name == key)?;
        Some(self.0.remove(at).1)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(name, _)| name == key)
    }

    /// A field that must be there.
    pub(super) fn required<T>(&mut self, key: &str, read: impl FnOnce(Tree) -> Decoded<T>) -> Decoded<T> {
        let value = self.take(key).ok_or_else(|| Undecodable::new("missing").inside(key))?;
        read(value).map_err(|error| error.inside(key))
    }

    /// A field that may be absent or `null`.
    pub(super) fn nullable<T>(&mut self, key: &str, read: impl FnOnce(Tree) -> Decoded<T>) -> Decoded<Option<T>> {
        match self.take(key) {
            None | Some(Tree::Null) => Ok(None),
            Some(value) => read(value).map(Some).map_err(|error| error.inside(key)),
        }
    }

    /// A field that may be absent, but not `null`.
    pub(super) fn optional<T>(&mut self, key: &str, read: impl FnOnce(Tree) -> Decoded<T>) -> Decoded<Option<T>> {
        let value = self.take(key);
        value.map(|value| read(value).map_err(|error| error.inside(key))).transpose()
    }

    /// As [`Fields::optional`]; what is absent is the type's default.
    pub(super) fn or_default<T: Default>(&mut self, key: &str, read: impl FnOnce(Tree) -> Decoded<T>) -> Decoded<T> {
        Ok(self.optional(key, read)?.unwrap_or_default())
    }
}
