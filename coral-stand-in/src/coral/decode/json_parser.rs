//! Parses JSON as the server does: unquoted words are values, and strings have UTF-16 escapes that need not be pairs.

use std::collections::HashMap;

use super::json_tree::JsonTree;
use super::{DecodeError, DecodeResult};

/// Deeper documents are rejected, because each level uses stack.
const MAX_DEPTH: usize = 512;

/// The characters that end an unquoted word.
const DELIMITERS: [char; 11] = [' ', '\t', '\n', '\r', ',', ':', '{', '}', '[', ']', '"'];

impl JsonTree {
    pub(in crate::coral) fn parse(text: &str) -> DecodeResult<Self> {
        JsonParser { rest: text }.document()
    }
}

/// A parser at a position of a document.
struct JsonParser<'a> {
    rest: &'a str,
}

impl JsonParser<'_> {
    /// Parses the whole text.
    fn document(mut self) -> DecodeResult<JsonTree> {
        let tree = self.value(0)?;
        self.skip_space();
        if self.rest.is_empty() { Ok(tree) } else { Err(malformed("text after the end")) }
    }

    fn value(&mut self, depth: usize) -> DecodeResult<JsonTree> {
        if depth > MAX_DEPTH {
            return Err(malformed("nested too deeply"));
        }
        self.skip_space();
        match self.rest.chars().next() {
            Some('{') => {
                self.items(['{', '}'], |parser| parser.member(depth)).map(|members| JsonTree::Object(last(members)))
            }
            Some('[') => self.items(['[', ']'], |parser| parser.value(depth + 1)).map(JsonTree::Array),
            Some('"') => self.string().map(JsonTree::String),
            _ => self.word(),
        }
    }

    /// Parses the items between two brackets, separated by commas.
    fn items<T>(
        &mut self,
        [open, close]: [char; 2],
        mut item: impl FnMut(&mut Self) -> DecodeResult<T>,
    ) -> DecodeResult<Vec<T>> {
        self.expect(open)?;
        let mut items = Vec::new();
        if self.skip(close) {
            return Ok(items);
        }
        loop {
            items.push(item(self)?);
            if self.skip(close) {
                return Ok(items);
            }
            self.expect(',')?;
        }
    }

    fn member(&mut self, depth: usize) -> DecodeResult<(String, JsonTree)> {
        self.skip_space();
        let key = self.string()?;
        self.expect(':')?;
        Ok((key, self.value(depth + 1)?))
    }

    fn word(&mut self) -> DecodeResult<JsonTree> {
        let (word, rest) = self.rest.split_at(self.rest.find(DELIMITERS).unwrap_or(self.rest.len()));
        self.rest = rest;
        match word {
            "" => Err(malformed("a value is missing")),
            "null" => Ok(JsonTree::Null),
            word => Ok(JsonTree::Unquoted(word.to_owned())),
        }
    }

    fn string(&mut self) -> DecodeResult<String> {
        self.expect('"')?;
        let mut units: Vec<u16> = Vec::new();
        loop {
            match self.next()? {
                '"' => return Ok(String::from_utf16_lossy(&units)),
                '\\' => units.push(self.escape()?),
                c if c < ' ' => return Err(malformed("a control character in a string")),
                c => units.extend_from_slice(c.encode_utf16(&mut [0; 2])),
            }
        }
    }

    /// Parses the rest of an escape sequence, which is one UTF-16 unit.
    fn escape(&mut self) -> DecodeResult<u16> {
        let unescaped = match self.next()? {
            c @ ('"' | '\\' | '/') => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.unit(),
            _ => return Err(malformed("an unknown escape sequence")),
        };
        u16::try_from(u32::from(unescaped)).map_err(|_| malformed("an unknown escape sequence"))
    }

    fn unit(&mut self) -> DecodeResult<u16> {
        let digits = self.rest.get(..4).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok());
        let unit = unit.ok_or_else(|| malformed("an escape sequence needs four hexadecimal digits"))?;
        self.rest = &self.rest[4..];
        Ok(unit)
    }

    fn next(&mut self) -> DecodeResult<char> {
        let mut chars = self.rest.chars();
        let next = chars.next().ok_or_else(|| malformed("the document ends early"))?;
        self.rest = chars.as_str();
        Ok(next)
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    /// Skips white space and `expected`, if it is next. Returns whether it was.
    fn skip(&mut self, expected: char) -> bool {
        self.skip_space();
        let rest = self.rest.strip_prefix(expected);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, expected: char) -> DecodeResult<()> {
        if self.skip(expected) { Ok(()) } else { Err(malformed(format!("expected `{expected}`"))) }
    }
}

/// A repeated key keeps its first position and its last value.
fn last(members: Vec<(String, JsonTree)>) -> Vec<(String, JsonTree)> {
    let mut positions = HashMap::new();
    let mut last: Vec<(String, JsonTree)> = Vec::new();
    for (key, value) in members {
        match positions.get(&key) {
            Some(&at) => {
                let (_, known): &mut (String, JsonTree) = &mut last[at];
                *known = value;
            }
            None => {
                positions.insert(key.clone(), last.len());
                last.push((key, value));
            }
        }
    }
    last
}

fn malformed(reason: impl Into<String>) -> DecodeError {
    DecodeError::new(reason)
}
