//! Strings with escapes (RFC 8259, section 7).

use memchr::memchr;

use super::string::special_byte;
use super::{InvalidJson, JsonText};

impl JsonText<'_> {
    /// Reads a string, whose opening quote is the next byte.
    #[inline(never)]
    pub(super) fn escaped_string(&mut self) -> Result<String, InvalidJson> {
        self.position += 1;
        let mut string = String::with_capacity(memchr(b'"', self.rest()).unwrap_or_default());
        loop {
            let start = self.position;
            self.position += special_byte(self.rest());
            string.push_str(self.since(start));
            match self.byte(self.position) {
                Some(b'"') => {
                    self.position += 1;
                    return Ok(string);
                }
                Some(b'\\') => string.push(self.escape()?),
                _ => return Err(InvalidJson),
            }
        }
    }

    /// Reads a backslash and the character that it stands for.
    fn escape(&mut self) -> Result<char, InvalidJson> {
        let character = match self.byte(self.position + 1).ok_or(InvalidJson)? {
            byte @ (b'"' | b'\\' | b'/') => byte.into(),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => return Err(InvalidJson),
        };
        self.position += 2;
        Ok(character)
    }

    /// Reads `\u` and four hexadecimal digits, or two of them for a character of two UTF-16 units.
    fn unicode_escape(&mut self) -> Result<char, InvalidJson> {
        let first = self.utf16_unit()?;
        let character = match first {
            0xd800..0xdc00 => char::decode_utf16([first, self.utf16_unit()?]).next(),
            _ => char::decode_utf16([first]).next(),
        };
        character.and_then(Result::ok).ok_or(InvalidJson)
    }

    fn utf16_unit(&mut self) -> Result<u16, InvalidJson> {
        let Some([b'\\', b'u', digits @ ..]) = self.rest().first_chunk::<6>() else {
            return Err(InvalidJson);
        };
        let unit = digits.iter().try_fold(0, |unit, digit| Some(unit << 4 | char::from(*digit).to_digit(16)?));
        self.position += 6;
        unit.and_then(|unit| u16::try_from(unit).ok()).ok_or(InvalidJson)
    }
}
