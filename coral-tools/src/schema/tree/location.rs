//! Locations in a JSON document and in a type.

use std::fmt::{Display, Formatter, Result};

/// Longer names, which callers may have sent, are cut when they are displayed.
pub(crate) const MAX_NAME: usize = 64;

/// One step from a value to a value inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LocationStep {
    /// To a member of an object.
    Key(String),
    /// To an item of an array.
    Index(usize),
    /// To every item of an array, in a type.
    AnyItem,
    /// To every additional property of an object, in a type.
    AnyKey,
}

/// A location in a JSON document, such as `order.items[2].price`, or in a type, such as `order.items[].price`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Location(Vec<LocationStep>);

impl Location {
    /// The location of a member of the root.
    pub(crate) fn from_key(key: &str) -> Self {
        Self::default().key(key)
    }

    pub(crate) fn steps(&self) -> &[LocationStep] {
        &self.0
    }

    /// The location of a member of the object here.
    pub(crate) fn key(&self, key: &str) -> Self {
        self.child(LocationStep::Key(key.to_owned()))
    }

    /// The location of every item of the array here.
    pub(crate) fn any_item(&self) -> Self {
        self.child(LocationStep::AnyItem)
    }

    /// The location of every additional property of the object here.
    pub(crate) fn any_key(&self) -> Self {
        self.child(LocationStep::AnyKey)
    }

    fn child(&self, step: LocationStep) -> Self {
        let mut child = self.clone();
        child.push(step);
        child
    }

    pub(crate) fn push_key(&mut self, key: &str) {
        self.push(LocationStep::Key(key.to_owned()));
    }

    pub(crate) fn push_index(&mut self, index: usize) {
        self.push(LocationStep::Index(index));
    }

    pub(crate) fn push(&mut self, step: LocationStep) {
        self.0.push(step);
    }

    pub(crate) fn pop(&mut self) {
        self.0.pop();
    }
}

impl Display for Location {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut text = String::new();
        for step in &self.0 {
            match step {
                LocationStep::Key(key) => push_name(&mut text, &displayed(key)),
                LocationStep::AnyKey => push_name(&mut text, "*"),
                LocationStep::Index(index) => text.push_str(&format!("[{index}]")),
                LocationStep::AnyItem => text.push_str("[]"),
            }
        }
        f.write_str(&text)
    }
}

fn push_name(text: &mut String, name: &str) {
    if !text.is_empty() {
        text.push('.');
    }
    text.push_str(name);
}

/// Cuts a name and replaces control characters and backticks, so that it can be quoted on one line. An empty name is shown as
/// two quotes.
fn displayed(name: &str) -> String {
    let replaced = |c: char| {
        if c.is_control() || c == '`' { '\u{fffd}' } else { c }
    };
    let mut displayed: String = name.chars().take(MAX_NAME).map(replaced).collect();
    if name.chars().nth(MAX_NAME).is_some() {
        displayed.push('…');
    }
    if name.is_empty() {
        displayed.push_str("\"\"");
    }
    displayed
}
