//! [`JsonText`]: reads JSON token by token.
//!
//! The types of arguments pull their values from it, so that a value is compared with the schema before its type receives it.

mod escapes;
mod number;
mod skip;
mod string;

use std::borrow::Cow;

/// The levels of arrays and objects that may be inside each other, as in `serde_json`.
const MAX_DEPTH: u8 = 127;

/// The text is not JSON, or nested too deeply. [`JsonText`] knows the position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InvalidJson;

/// A position in JSON text. A copy of it looks ahead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JsonText<'de> {
    text: &'de str,
    position: usize,
    /// The levels that may still be opened; `None` if there were too many.
    levels: Option<u8>,
}

impl<'de> JsonText<'de> {
    pub(crate) fn new(text: &'de str) -> Self {
        Self { text, position: 0, levels: Some(MAX_DEPTH) }
    }

    /// Whether arrays and objects were nested too deeply.
    pub(crate) fn is_too_deep(&self) -> bool {
        self.levels.is_none()
    }

    /// Returns the line and the column of the position, which start at 1. The end of the text is in the column of its last byte.
    pub(crate) fn line_and_column(&self) -> (usize, usize) {
        let position = self.position.min(self.text.len().saturating_sub(1));
        let before = &self.text.as_bytes()[..position];
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let lines = before.iter().filter(|byte| **byte == b'\n').count();
        (lines + 1, position - line_start + 1)
    }

    /// Skips white space and returns the next byte, which is not read.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        match self.byte(self.position) {
            Some(byte) if byte > b' ' => Some(byte),
            _ => self.skip_white_space(),
        }
    }

    #[inline]
    fn skip_white_space(&mut self) -> Option<u8> {
        let mut rest = self.rest();
        while let [b' ' | b'\n' | b'\r' | b'\t', after @ ..] = rest {
            // Bodies are often indented.
            rest = after;
            while let Some((chunk, after)) = rest.split_first_chunk()
                && chunk == b"    "
            {
                rest = after;
            }
        }
        self.position = self.text.len() - rest.len();
        rest.first().copied()
    }

    #[inline]
    fn rest(&self) -> &'de [u8] {
        &self.text.as_bytes()[self.position..]
    }

    #[inline]
    fn byte(&self, position: usize) -> Option<u8> {
        self.text.as_bytes().get(position).copied()
    }

    /// Returns the text that was read since a position.
    fn since(&self, start: usize) -> &'de str {
        self.text.get(start..self.position).unwrap_or_default()
    }

    /// Reads the bracket that opens an array or an object, which is the next byte.
    #[inline]
    pub(crate) fn open(&mut self) -> Result<(), InvalidJson> {
        self.levels = self.levels.and_then(|levels| levels.checked_sub(1));
        if self.is_too_deep() {
            return Err(InvalidJson);
        }
        self.position += 1;
        Ok(())
    }

    /// Reads the comma before the next item or member, or the bracket that closes the array or the object. Returns whether another
    /// one follows.
    #[inline]
    pub(crate) fn has_next(&mut self, is_first: bool, closing: u8) -> Result<bool, InvalidJson> {
        match self.peek() {
            Some(b',') if !is_first => {
                self.position += 1;
                Ok(true)
            }
            Some(byte) if byte == closing => {
                self.position += 1;
                self.levels = self.levels.map(|levels| levels + 1);
                Ok(false)
            }
            Some(_) if is_first => Ok(true),
            _ => Err(InvalidJson),
        }
    }

    /// Reads the key of a member, and the colon.
    #[inline]
    pub(crate) fn key(&mut self) -> Result<Cow<'de, str>, InvalidJson> {
        let key = match self.peek() {
            Some(b'"') => self.string()?,
            _ => return Err(InvalidJson),
        };
        match self.peek() {
            Some(b':') => self.position += 1,
            _ => return Err(InvalidJson),
        }
        Ok(key)
    }

    /// Reads `true`, `false` or `null`.
    pub(crate) fn literal(&mut self, literal: &str) -> Result<(), InvalidJson> {
        if !self.rest().starts_with(literal.as_bytes()) {
            return Err(InvalidJson);
        }
        self.position += literal.len();
        Ok(())
    }

    /// Returns an error if more than white space is left.
    pub(crate) fn end(&mut self) -> Result<(), InvalidJson> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(InvalidJson),
        }
    }
}
