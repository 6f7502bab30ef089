//! The server's codec: an agent's arguments as the model wrote them, to the body of a call.
//!
//! Works from the text, because [`serde_json::Value`] has already forgotten what the server still sees, such as `-0`.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::number::reprint;

/// As deep as this codec goes; each level costs stack.
const DEPTH: usize = 512;

/// Why there is no body for some arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    NotJson,
    NotAnObject,
    TooDeep,
    /// The server itself fails on it.
    NotFinite,
}

/// The body for `arguments`: an object, or `null` for none.
pub(super) fn body(arguments: &str) -> Result<String, Fault> {
    match parse(arguments, 0)? {
        Tree::Literal(literal) if literal == "null" => Ok(literal),
        Tree::Object(members) => {
            let mut body = String::new();
            Tree::Object(members).print(0, &mut body);
            Ok(body)
        }
        _ => Err(Fault::NotAnObject),
    }
}

/// A JSON document, its scalars but strings as they are to be printed.
enum Tree {
    Literal(String),
    Text(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

fn parse(text: &str, depth: usize) -> Result<Tree, Fault> {
    if depth > DEPTH {
        return Err(Fault::TooDeep);
    }
    let text = text.trim();
    match text.as_bytes().first() {
        Some(b'"') => read(text).map(Tree::Text),
        Some(b'[') => {
            let items: Vec<&RawValue> = read(text)?;
            items.into_iter().map(|item| parse(item.get(), depth + 1)).collect::<Result<_, _>>().map(Tree::List)
        }
        Some(b'{') => {
            let Members(members) = read(text)?;
            let parsed = members.into_iter().map(|(key, value)| Ok((key, parse(value.get(), depth + 1)?)));
            parsed.collect::<Result<_, _>>().map(Tree::Object)
        }
        _ => literal(text),
    }
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|_| Fault::NotJson)
}

fn literal(text: &str) -> Result<Tree, Fault> {
    read::<&RawValue>(text)?;
    let printed = if matches!(text, "null" | "true" | "false") { Some(text.to_owned()) } else { reprint(text) };
    printed.map(Tree::Literal).ok_or(Fault::NotFinite)
}

/// The members of an object, each at the place where its key came first, with the value that came last.
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

impl Tree {
    fn print(&self, level: usize, out: &mut String) {
        match self {
            Self::Literal(literal) => out.push_str(literal),
            Self::Text(text) => quote(text, out),
            Self::List(items) => block(['[', ']'], items, level, out, |item, out| item.print(level + 1, out)),
            Self::Object(members) => block(['{', '}'], members, level, out, |(key, value), out| {
                quote(key, out);
                out.push_str(": ");
                value.print(level + 1, out);
            }),
        }
    }
}

/// One part a line, four spaces a level; nothing at all between the brackets of an empty one.
fn block<T>(
    [open, close]: [char; 2],
    parts: &[T],
    level: usize,
    out: &mut String,
    mut print: impl FnMut(&T, &mut String),
) {
    out.push(open);
    for (i, part) in parts.iter().enumerate() {
        out.push_str(if i == 0 { "\n" } else { ",\n" });
        indent(level + 1, out);
        print(part, out);
    }
    if !parts.is_empty() {
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
    use super::{Fault, body};

    #[test]
    fn bodies_are_those_of_the_server() {
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
            assert_eq!(body(written).as_deref(), Ok(printed), "{written}");
        }
    }

    #[test]
    fn only_what_must_be_escaped_is() {
        let written = r#"{"s":"\u002f<>\u2028\u007f\"\\\t\n\b\f\r\u0007\u001F\u0000"}"#;
        let printed = "{\n    \"s\": \"/<>\u{2028}\u{7f}\\\"\\\\\\t\\n\\b\\f\\r\\u0007\\u001f\\u0000\"\n}";
        assert_eq!(body(written).as_deref(), Ok(printed));
    }

    #[test]
    fn what_no_server_would_send_is_told() {
        for (written, fault) in [
            ("", Fault::NotJson),
            ("{", Fault::NotJson),
            ("{}x", Fault::NotJson),
            (r#"{"a":01}"#, Fault::NotJson),
            (r#"{"a":"\ud800"}"#, Fault::NotJson),
            ("[]", Fault::NotAnObject),
            ("5", Fault::NotAnObject),
            (r#"{"a":1e400}"#, Fault::NotFinite),
        ] {
            assert_eq!(body(written), Err(fault), "{written}");
        }
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(body(&deep), Err(Fault::TooDeep));
    }
}
