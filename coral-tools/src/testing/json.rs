//! Encodes the body of a call as the server does: parses the arguments that the model wrote, and prints them again.
//!
//! [`serde_json::Value`] does not keep details that the server keeps, such as `-0`, so this works on the text.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::number::format_number;

/// Arguments that are nested deeper are rejected, because each level uses stack.
const MAX_DEPTH: usize = 512;

/// The reason why arguments have no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyError {
    NotJson,
    NotAnObject,
    TooDeep,
    /// A number is too large for a double; the server fails, too.
    NotFinite,
}

/// Returns the body for `arguments`: an object, or `null` for no arguments.
pub(super) fn encode_body(arguments: &str) -> Result<String, BodyError> {
    match parse(arguments, 0)? {
        JsonTree::Literal(literal) if literal == "null" => Ok(literal),
        JsonTree::Object(members) => {
            let mut body = String::new();
            JsonTree::Object(members).print(0, &mut body);
            Ok(body)
        }
        _ => Err(BodyError::NotAnObject),
    }
}

/// A JSON document.
enum JsonTree {
    /// A number, a boolean or `null`, as it will be printed.
    Literal(String),
    String(String),
    Array(Vec<JsonTree>),
    Object(Vec<(String, JsonTree)>),
}

fn parse(text: &str, depth: usize) -> Result<JsonTree, BodyError> {
    if depth > MAX_DEPTH {
        return Err(BodyError::TooDeep);
    }
    let text = text.trim();
    match text.as_bytes().first() {
        Some(b'"') => read(text).map(JsonTree::String),
        Some(b'[') => {
            let items: Vec<&RawValue> = read(text)?;
            items.into_iter().map(|item| parse(item.get(), depth + 1)).collect::<Result<_, _>>().map(JsonTree::Array)
        }
        Some(b'{') => {
            let Members(members) = read(text)?;
            let parsed = members.into_iter().map(|(key, value)| Ok((key, parse(value.get(), depth + 1)?)));
            parsed.collect::<Result<_, _>>().map(JsonTree::Object)
        }
        _ => literal(text),
    }
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, BodyError> {
    serde_json::from_str(text).map_err(|_| BodyError::NotJson)
}

fn literal(text: &str) -> Result<JsonTree, BodyError> {
    read::<&RawValue>(text)?;
    let printed = if matches!(text, "null" | "true" | "false") { Some(text.to_owned()) } else { format_number(text) };
    printed.map(JsonTree::Literal).ok_or(BodyError::NotFinite)
}

/// The members of an object. A repeated key keeps its first position and its last value.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members: Vec<(String, &RawValue)> = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, &RawValue>()? {
            match members.iter_mut().find(|(known, _)| *known == key) {
                Some((_, known)) => *known = value,
                None => members.push((key, value)),
            }
        }
        Ok(Members(members))
    }
}

impl JsonTree {
    fn print(&self, level: usize, out: &mut String) {
        match self {
            Self::Literal(literal) => out.push_str(literal),
            Self::String(text) => quote(text, out),
            Self::Array(items) => print_items(['[', ']'], items, level, out, |item, out| item.print(level + 1, out)),
            Self::Object(members) => print_items(['{', '}'], members, level, out, |(key, value), out| {
                quote(key, out);
                out.push_str(": ");
                value.print(level + 1, out);
            }),
        }
    }
}

/// Prints one item per line, indented by four spaces per level. An empty array or object is `[]` or `{}`.
fn print_items<T>(
    [open, close]: [char; 2],
    items: &[T],
    level: usize,
    out: &mut String,
    mut print: impl FnMut(&T, &mut String),
) {
    out.push(open);
    for (i, item) in items.iter().enumerate() {
        out.push_str(if i == 0 { "\n" } else { ",\n" });
        indent(level + 1, out);
        print(item, out);
    }
    if !items.is_empty() {
        out.push('\n');
        indent(level, out);
    }
    out.push(close);
}

fn indent(level: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("    ", level));
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\0'..='\u{1f}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::{BodyError, encode_body};

    #[test]
    fn bodies_are_printed_as_by_the_server() {
        for (written, printed) in [
            ("null", "null"),
            (" {} ", "{}"),
            (r##"{"title":"Q4","content":"# Done"}"##, "{\n    \"title\": \"Q4\",\n    \"content\": \"# Done\"\n}"),
            (r#"{"name":"Zo\u00eb ☃"}"#, "{\n    \"name\": \"Zoë ☃\"\n}"),
            (
                r#"{"a":1.00,"n":null,"tags":["x","y"],"o":{},"l":[ ]}"#,
                "{\n    \"a\": 1.0,\n    \"n\": null,\n    \"tags\": [\n        \"x\",\n        \"y\"\n    ],\n    \"o\": {},\n    \"l\": []\n}",
            ),
            (r#"{"a":1,"b":true,"a":-0}"#, "{\n    \"a\": 0,\n    \"b\": true\n}"),
        ] {
            assert_eq!(encode_body(written).as_deref(), Ok(printed), "{written}");
        }
    }

    #[test]
    fn only_required_characters_are_escaped() {
        let written = r#"{"s":"\u002f<>\u2028\u007f\"\\\t\n\b\f\r\u0007\u001F\u0000"}"#;
        let printed = "{\n    \"s\": \"/<>\u{2028}\u{7f}\\\"\\\\\\t\\n\\b\\f\\r\\u0007\\u001f\\u0000\"\n}";
        assert_eq!(encode_body(written).as_deref(), Ok(printed));
    }

    #[test]
    fn arguments_that_no_server_sends_are_rejected() {
        for (written, error) in [
            ("", BodyError::NotJson),
            ("{", BodyError::NotJson),
            ("{}x", BodyError::NotJson),
            (r#"{"a":01}"#, BodyError::NotJson),
            (r#"{"a":"\ud800"}"#, BodyError::NotJson),
            ("[]", BodyError::NotAnObject),
            ("5", BodyError::NotAnObject),
            (r#"{"a":1e400}"#, BodyError::NotFinite),
        ] {
            assert_eq!(encode_body(written), Err(error), "{written}");
        }
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(encode_body(&deep), Err(BodyError::TooDeep));
    }
}
