//! The saved entry: a file, and where in it something is wrong.

use std::path::{Path, PathBuf};

use serde_json::Value;
use syn::LitStr;

use crate::errors::Errors;

/// A document, and the token that names it.
pub(super) struct Document<'a> {
    pub(super) path: &'a LitStr,
    root: Value,
}

/// Reads the file, or reports why not.
pub(super) fn read<'a>(path: &'a LitStr, errors: &Errors) -> Option<Document<'a>> {
    let file = path.value();
    if Path::new(&file).is_absolute() {
        errors
            .at(path, "the path starts at the folder of Cargo.toml, so that others can build it; write it without `/`");
        return None;
    }
    let text = match std::fs::read_to_string(package().join(&file)) {
        Ok(text) => text,
        Err(error) => {
            errors.at(path, unreadable(&file, &error));
            return None;
        }
    };
    match serde_json::from_str(&text) {
        Ok(root) => Some(Document { path, root }),
        Err(error) => {
            errors.at(path, format!("`{file}` is not JSON: {error}"));
            None
        }
    }
}

/// The folder of the Cargo.toml of whoever uses the macro.
fn package() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default()
}

fn unreadable(file: &str, error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => format!(
            "there is no file `{file}` in the folder of Cargo.toml; save what `GET /api/v1/registry/{{source}}/{{name}}/{{version}}` answers there"
        ),
        _ => format!("`{file}` cannot be read: {error}"),
    }
}

impl Document<'_> {
    pub(super) fn root(&self) -> Node<'_> {
        Node { value: &self.root, path: String::new() }
    }

    /// Reports what is wrong at one place of the document.
    pub(super) fn fault(&self, node: &Node<'_>, message: &str, errors: &Errors) {
        let colon = if node.path.is_empty() { "" } else { ": " };
        errors.at(self.path, format!("`{}`: {}{colon}{message}", self.path.value(), node.path));
    }
}

/// A value in the document and the way to it. What is not there is `null`.
#[derive(Clone)]
pub(super) struct Node<'a> {
    pub(super) value: &'a Value,
    path: String,
}

impl<'a> Node<'a> {
    pub(super) fn at(&self, key: &str) -> Self {
        static NOTHING: Value = Value::Null;
        let dot = if self.path.is_empty() { "" } else { "." };
        Self { value: self.value.get(key).unwrap_or(&NOTHING), path: format!("{}{dot}{key}", self.path) }
    }

    pub(super) fn is_absent(&self) -> bool {
        self.value.is_null()
    }

    /// The text that must be here.
    pub(super) fn text(&self, document: &Document<'_>, errors: &Errors) -> Option<&'a str> {
        let text = self.value.as_str();
        if text.is_none() {
            document.fault(self, if self.is_absent() { "it is missing" } else { "expected a string" }, errors);
        }
        text
    }

    /// The boolean that may be here.
    pub(super) fn flag(&self, document: &Document<'_>, errors: &Errors) -> bool {
        if !self.is_absent() && !self.value.is_boolean() {
            document.fault(self, "expected a boolean", errors);
        }
        self.value.as_bool().unwrap_or_default()
    }

    /// The members of the object that may be here, by name, without those that are `null`. The order of the file is only
    /// known where some crate asks `serde_json` for it, and `new` must not depend on that.
    pub(super) fn members(&self, document: &Document<'_>, errors: &Errors) -> Vec<(&'a str, Self)> {
        if !self.is_absent() && !self.value.is_object() {
            document.fault(self, "expected an object", errors);
        }
        let members = self.value.as_object().into_iter().flatten();
        let members = members.map(|(key, _)| (key.as_str(), self.at(key))).filter(|(_, node)| !node.is_absent());
        let mut members: Vec<_> = members.collect();
        members.sort_by_key(|(key, _)| *key);
        members
    }

    /// The items of the list that may be here.
    pub(super) fn items(&self, document: &Document<'_>, errors: &Errors) -> Vec<Self> {
        if !self.is_absent() && !self.value.is_array() {
            document.fault(self, "expected a list", errors);
        }
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(|(index, value)| Self { value, path: format!("{}[{index}]", self.path) }).collect()
    }
}

/// Whether the file is one of the package's.
pub(super) fn exists(file: &str) -> bool {
    !Path::new(file).is_absolute() && package().join(file).is_file()
}
