//! The resources of a new session.

use std::fmt;

use serde_json::{Map, Value};

/// A resource that a new session can use: a file, a repository or a memory store.
#[derive(Clone, PartialEq)]
#[must_use]
pub struct Resource(Map<String, Value>);

impl Resource {
    /// An uploaded file.
    pub fn file(file_id: &str) -> Self {
        Self::other("file").extra("file_id", file_id)
    }

    /// A repository on GitHub, with a token that can read it.
    pub fn github_repository(url: &str, token: &str) -> Self {
        Self::other("github_repository").extra("url", url).extra("authorization_token", token)
    }

    /// A repository on another host. Use [`extra`](Self::extra) for its credentials.
    pub fn git_repository(url: &str) -> Self {
        Self::other("git_repository").extra("url", url)
    }

    /// A memory store that the agent can read and write.
    pub fn memory_store(id: &str) -> Self {
        Self::other("memory_store").extra("memory_store_id", id).extra("access", "read_write")
    }

    /// A memory store that the agent can only read.
    pub fn read_only_memory_store(id: &str) -> Self {
        Self::memory_store(id).extra("access", "read_only")
    }

    /// A resource of another type. Use [`extra`](Self::extra) for its fields.
    pub fn other(kind: &str) -> Self {
        Self(Map::from_iter([("type".to_owned(), kind.into())]))
    }

    /// The path of the file or repository in the environment. Default: chosen by Qoder.
    pub fn mount_path(self, path: &str) -> Self {
        self.extra("mount_path", path)
    }

    /// Sets any other field, such as `checkout` or `instructions`.
    pub fn extra(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    pub(crate) fn to_json(&self) -> Value {
        Value::Object(self.0.clone())
    }

    pub(crate) fn problems(&self) -> impl Iterator<Item = String> {
        let kind = self.kind();
        let empty = self.0.iter().filter(|(_, value)| value.as_str() == Some(""));
        empty.map(move |(key, _)| format!("`{key}` of a resource of type `{kind}` is empty"))
    }

    fn kind(&self) -> &str {
        self.0.get("type").and_then(Value::as_str).unwrap_or_default()
    }
}

/// Prints only the type, because the fields may contain a token.
impl fmt::Debug for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Resource({})", self.kind())
    }
}
