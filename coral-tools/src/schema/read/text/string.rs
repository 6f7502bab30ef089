//! Strings.

use std::borrow::Cow;

use memchr::memchr2;

use super::{InvalidJson, JsonText};

/// From this length on, the search of `memchr` costs less.
const SHORT: usize = 32;

impl<'de> JsonText<'de> {
    /// Reads a string, whose opening quote is the next byte. It is borrowed if it has no escapes.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<Cow<'de, str>, InvalidJson> {
        let start = self.position + 1;
        let end = start + special_byte(&self.text.as_bytes()[start..]);
        match self.byte(end) {
            Some(b'"') => {
                self.position = end + 1;
                Ok(Cow::Borrowed(self.text.get(start..end).unwrap_or_default()))
            }
            Some(b'\\') => self.escaped_string().map(Cow::Owned),
            _ => {
                self.position = end;
                Err(InvalidJson)
            }
        }
    }
}

/// Returns the index of the first quote, backslash or control character, or the length if there is none.
#[inline]
pub(super) fn special_byte(text: &[u8]) -> usize {
    let mut rest = text;
    while let Some((word, after)) = rest.split_first_chunk() {
        let found = special_bytes(u64::from_le_bytes(*word));
        let start = text.len() - rest.len();
        if found != 0 {
            return start + found.trailing_zeros() as usize / 8;
        }
        if start >= SHORT {
            return start + special_byte_of_long(rest);
        }
        rest = after;
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | ..b' ');
    text.len() - rest.len() + rest.iter().position(is_special).unwrap_or(rest.len())
}

/// Compares eight bytes at once. The highest bit is set in the first byte that is a quote, a backslash or a control character, and in
/// none before it.
#[inline]
fn special_bytes(word: u64) -> u64 {
    const ONE: u64 = u64::from_le_bytes([1; 8]);
    // A subtraction below zero sets the highest bit of a byte, which is not set in ASCII.
    let is_below = |word: u64, limit: u8| word.wrapping_sub(ONE * u64::from(limit)) & !word;
    let equals = |byte: u8| is_below(word ^ (ONE * u64::from(byte)), 1);
    (is_below(word, b' ') | equals(b'"') | equals(b'\\')) & (ONE << 7)
}

#[inline(never)]
fn special_byte_of_long(text: &[u8]) -> usize {
    let end = memchr2(b'"', b'\\', text).unwrap_or(text.len());
    // Without an early exit, so that the compiler compares several bytes at once.
    let has_control = text[..end].iter().fold(false, |found, byte| found | (*byte < b' '));
    match has_control {
        true => text.iter().position(|byte| *byte < b' ').unwrap_or(end),
        false => end,
    }
}
