//! Places, in a value and in a type.

use std::fmt::Write;

/// Names that came with the call are quoted up to here.
pub(crate) const MAX_NAME: usize = 64;

/// Where in a value we are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Location(String);

impl Location {
    /// The place of a key inside of this one.
    pub(crate) fn enter(&mut self, key: &str) -> usize {
        let length = self.0.len();
        if length > 0 {
            self.0.push('.');
        }
        self.0.push_str(&shown(key));
        length
    }

    /// The place of an item inside of this one.
    pub(crate) fn enter_item(&mut self, index: usize) -> usize {
        let length = self.0.len();
        // Writing to a String cannot fail.
        let _ = write!(self.0, "[{index}]");
        length
    }

    pub(crate) fn leave(&mut self, length: usize) {
        self.0.truncate(length);
    }

    pub(crate) fn text(&self) -> String {
        self.0.clone()
    }
}

/// A name as it is quoted: short, on one line.
fn shown(name: &str) -> String {
    let plain = |c: char| {
        if c.is_control() || c == '`' { '\u{fffd}' } else { c }
    };
    let mut shown: String = name.chars().take(MAX_NAME).map(plain).collect();
    if name.chars().nth(MAX_NAME).is_some() {
        shown.push('…');
    }
    shown
}

/// The place of a field of a type.
pub(crate) fn join(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        _ => format!("{path}.{name}"),
    }
}
