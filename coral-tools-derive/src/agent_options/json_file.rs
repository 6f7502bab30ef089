//! The JSON file of the registry agent, and errors with a location in it.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use serde_json::Value;
use syn::LitStr;

use crate::errors::{AlreadyReported, Errors};

/// A JSON file, and the token with its path.
pub(super) struct JsonFile<'a> {
    path: &'a LitStr,
    root: Value,
}

/// Reads the file at a path relative to the folder of Cargo.toml.
pub(super) fn read<'a>(path: &'a LitStr, errors: &Errors) -> Result<JsonFile<'a>, AlreadyReported> {
    let file = path.value();
    if Path::new(&file).is_absolute() {
        return Err(errors.report(
            path,
            "the path must not be absolute, so that the package builds on every machine: write it relative to the folder \
             of Cargo.toml",
        ));
    }
    let text = std::fs::read_to_string(manifest_dir().join(&file))
        .map_err(|error| errors.report(path, read_error(&file, &error)))?;
    match serde_json::from_str(&text) {
        Ok(root) => Ok(JsonFile { path, root }),
        Err(error) => Err(errors.report(path, format!("`{file}` is not JSON: {error}"))),
    }
}

/// The folder of the Cargo.toml of the user's package.
fn manifest_dir() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default()
}

fn read_error(file: &str, error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => format!(
            "`{file}` does not exist in the folder of Cargo.toml: save the response of \
             `GET /api/v1/registry/{{source}}/{{name}}/{{version}}` there"
        ),
        _ => format!("`{file}` cannot be read: {error}"),
    }
}

impl JsonFile<'_> {
    pub(super) fn root(&self) -> JsonNode<'_> {
        JsonNode { value: &self.root, location: String::new() }
    }

    /// Reports an error at one location of the file. `problem` continues the sentence: "is missing".
    pub(super) fn report(&self, node: &JsonNode<'_>, problem: impl Display, errors: &Errors) -> AlreadyReported {
        errors.report(self.path, format!("`{}`: `{}` {problem}", self.path.value(), node.location))
    }
}

/// A value in the document and its location. An absent value is `null`.
#[derive(Clone)]
pub(super) struct JsonNode<'a> {
    pub(super) value: &'a Value,
    location: String,
}

impl<'a> JsonNode<'a> {
    pub(super) fn field(&self, key: &str) -> Self {
        static NULL: Value = Value::Null;
        let dot = if self.location.is_empty() { "" } else { "." };
        Self { value: self.value.get(key).unwrap_or(&NULL), location: format!("{}{dot}{key}", self.location) }
    }

    pub(super) fn is_absent(&self) -> bool {
        self.value.is_null()
    }

    /// Returns the required string.
    pub(super) fn string(&self, document: &JsonFile<'_>, errors: &Errors) -> Result<&'a str, AlreadyReported> {
        self.value.as_str().ok_or_else(|| {
            document.report(self, if self.is_absent() { "is missing" } else { "must be a string" }, errors)
        })
    }

    /// Returns the optional boolean. Default: `false`.
    pub(super) fn boolean(&self, document: &JsonFile<'_>, errors: &Errors) -> bool {
        if !self.is_absent() && !self.value.is_boolean() {
            document.report(self, "must be a boolean", errors);
        }
        self.value.as_bool().unwrap_or_default()
    }

    /// Returns the members of the optional object without those that are `null`, sorted by name: `serde_json` keeps the
    /// order of the file only if some crate enables it, and the order of the parameters of `new` must not depend on that.
    pub(super) fn members(&self, document: &JsonFile<'_>, errors: &Errors) -> Vec<(&'a str, Self)> {
        if !self.is_absent() && !self.value.is_object() {
            document.report(self, "must be an object", errors);
        }
        let members = self.value.as_object().into_iter().flatten();
        let members = members.map(|(key, _)| (key.as_str(), self.field(key))).filter(|(_, node)| !node.is_absent());
        let mut members: Vec<_> = members.collect();
        members.sort_by_key(|(key, _)| *key);
        members
    }

    /// Returns the items of the optional array.
    pub(super) fn items(&self, document: &JsonFile<'_>, errors: &Errors) -> Vec<Self> {
        if !self.is_absent() && !self.value.is_array() {
            document.report(self, "must be an array", errors);
        }
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(|(index, value)| Self { value, location: format!("{}[{index}]", self.location) }).collect()
    }
}

/// Whether the file exists in the user's package.
pub(super) fn exists(file: &str) -> bool {
    !Path::new(file).is_absolute() && manifest_dir().join(file).is_file()
}

#[cfg(test)]
impl<'a> JsonFile<'a> {
    pub(super) fn new(path: &'a LitStr, root: Value) -> Self {
        Self { path, root }
    }
}
