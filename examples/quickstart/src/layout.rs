//! Formats text for the width of a terminal.

use std::borrow::Cow;

use serde_json::Value;
use textwrap::{Options, WordSplitter};

/// Formats JSON in lines of at most `width` columns, if possible. A value that fits on a line is not broken.
pub(crate) fn json(value: &Value, width: usize) -> String {
    let mut out = String::new();
    write(value, 0, width, 0, &mut out);
    out
}

/// Appends a value to a line of which `used` columns are filled.
fn write(value: &Value, indent: usize, width: usize, used: usize, out: &mut String) {
    let flat = flat(value);
    if used + flat.chars().count() < width {
        return out.push_str(&flat);
    }
    match value {
        Value::Object(members) if !members.is_empty() => {
            let members = members.iter().map(|(key, value)| (format!("{}: ", Value::from(key.as_str())), value));
            block(['{', '}'], members, indent, width, out);
        }
        Value::Array(items) if !items.is_empty() => {
            block(['[', ']'], items.iter().map(|item| (String::new(), item)), indent, width, out);
        }
        _ => out.push_str(&flat),
    }
}

/// Appends an object or an array, with each part on its own line.
fn block<'a>(
    [open, close]: [char; 2],
    parts: impl Iterator<Item = (String, &'a Value)>,
    indent: usize,
    width: usize,
    out: &mut String,
) {
    let inner = indent + 2;
    out.push(open);
    for (i, (key, value)) in parts.enumerate() {
        out.push_str(if i == 0 { "\n" } else { ",\n" });
        out.push_str(&" ".repeat(inner));
        out.push_str(&key);
        write(value, inner, width, inner + key.chars().count(), out);
    }
    out.push('\n');
    out.push_str(&" ".repeat(indent));
    out.push(close);
}

/// Formats JSON on one line, with a space after each colon and comma.
fn flat(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<_> =
                members.iter().map(|(k, v)| format!("{}: {}", Value::from(k.as_str()), flat(v))).collect();
            format!("{{{}}}", members.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(flat).collect::<Vec<_>>().join(", ")),
        scalar => scalar.to_string(),
    }
}

/// Breaks text into lines of at most `width` columns, at spaces if possible.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let options = Options::new(width).word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(text, options).into_iter().map(Cow::into_owned).collect()
}
