//! What a session is given to work with.

use std::fmt;

use serde_json::{Map, Value};

/// Something that a session is given to work with.
#[derive(Clone, PartialEq)]
#[must_use]
pub struct Resource(Map<String, Value>);

impl Resource {
    fn of(kind: &str, fields: &[(&str, &str)]) -> Self {
        let mut resource = Self(Map::from_iter([("type".to_owned(), kind.into())]));
        for (key, value) in fields {
            resource = resource.with(key, *value);
        }
        resource
    }

    /// A file that was uploaded.
    pub fn file(file_id: &str) -> Self {
        Self::of("file", &[("file_id", file_id)])
    }

    /// A repository on GitHub, with a token that may read it.
    pub fn github_repository(url: &str, token: &str) -> Self {
        Self::of("github_repository", &[("url", url), ("authorization_token", token)])
    }

    /// A repository elsewhere; what it needs is added by [`with`](Self::with).
    pub fn git_repository(url: &str) -> Self {
        Self::of("git_repository", &[("url", url)])
    }

    /// A store of memories that the agent reads and writes.
    pub fn memory_store(id: &str) -> Self {
        Self::of("memory_store", &[("memory_store_id", id), ("access", "read_write")])
    }

    /// A store of memories that it only reads.
    pub fn read_only_memory_store(id: &str) -> Self {
        Self::of("memory_store", &[("memory_store_id", id), ("access", "read_only")])
    }

    /// One of another kind, as it is written.
    pub fn other(kind: &str) -> Self {
        Self::of(kind, &[])
    }

    /// Where a file or repository is put, instead of where Qoder puts it.
    pub fn mounted_at(self, path: &str) -> Self {
        self.with("mount_path", path)
    }

    /// Any other field of it, such as `checkout` or `instructions`.
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    pub(crate) fn to_json(&self) -> Value {
        Value::Object(self.0.clone())
    }

    /// What is wrong with it.
    pub(crate) fn faults(&self) -> impl Iterator<Item = String> {
        let kind = self.0.get("type").and_then(Value::as_str).unwrap_or_default();
        let empty = self.0.iter().filter(|(_, value)| value.as_str() == Some(""));
        empty.map(move |(key, _)| format!("`{key}` of a resource `{kind}` is empty"))
    }
}

/// The kind alone: there may be a token in the rest.
impl fmt::Debug for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Resource({})", self.0.get("type").and_then(Value::as_str).unwrap_or_default())
    }
}
