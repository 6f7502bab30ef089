//! What people read of an entry. Its texts are somebody else's: they are shown, and never become a link, a list or code
//! that `cargo test` would run.

use serde_json::Value;

use super::document::Node;

/// A longer default is not shown.
const SHORT: usize = 60;

/// What the struct is, where the user says nothing.
pub(super) fn of_entry(name: &str, version: &str, description: Option<&str>) -> String {
    let about = description.map(|text| format!("\n\n{}", plain(text))).unwrap_or_default();
    format!("The options of {} {}.{about}", code(name), code(version))
}

/// Which options, by name and type, are no fields.
pub(super) fn left_out(options: &[(String, String)]) -> Option<String> {
    let names = options.iter().map(|(name, kind)| format!("{} of type {}", code(name), code(kind)));
    let names: Vec<_> = names.collect();
    (!names.is_empty()).then(|| format!("\n\nNo field, because no value is of such a type: {}.", names.join(", ")))
}

/// What an option is: `node` is its place in the entry.
pub(super) fn of_option(name: &str, type_name: &str, node: &Node<'_>, secret: bool) -> String {
    let label = node.at("display").at("label").value.as_str();
    let description = node.at("description").value.as_str().or(node.at("display").at("description").value.as_str());
    let mut docs: Vec<String> = Vec::new();
    match (label, description) {
        (Some(label), Some(description)) => docs.push(format!("{}: {}", plain(label), plain(description))),
        (Some(text), None) | (None, Some(text)) => docs.push(plain(text)),
        (None, None) => {}
    }
    let mut fact = format!("Option {}, {}", code(name), code(type_name));
    for limit in limits(&node.at("validation")) {
        fact.push_str(", ");
        fact.push_str(&limit);
    }
    fact.push('.');
    if secret {
        fact.push_str(" A secret.");
    }
    if let Some(default) = default(node.at("default").value).filter(|_| !secret) {
        fact.push_str(&format!(" By default {}.", code(&default)));
    }
    docs.push(fact);
    docs.join("\n\n")
}

fn default(value: &Value) -> Option<String> {
    (!value.is_null()).then(|| value.to_string()).filter(|text| text.len() <= SHORT)
}

fn limits(validation: &Node<'_>) -> Vec<String> {
    let shown = |key: &str| match validation.at(key).value {
        Value::Null => None,
        Value::String(text) => Some(code(text)),
        Value::Number(number) => Some(code(&number.to_string())),
        size => Some(code(&format!("{} {}", size.get("size")?, size.get("unit")?.as_str()?))),
    };
    let mut limits = Vec::new();
    let bounds = [
        ("min", "at least", ""),
        ("max", "at most", ""),
        ("min_length", "at least", " bytes"),
        ("max_length", "at most", " bytes"),
        ("min_size", "at least", ""),
        ("max_size", "at most", ""),
    ];
    for (key, bound, unit) in bounds {
        limits.extend(shown(key).map(|limit| format!("{bound} {limit}{unit}")));
    }
    limits.extend(shown("regex").map(|regex| format!("in the form of {regex}")));
    let variants = validation.at("variants").value.as_array().map(Vec::as_slice).unwrap_or_default();
    let variants: Vec<_> = variants.iter().map(|variant| code(&variant.to_string())).collect();
    if !variants.is_empty() {
        limits.push(format!("one of {}", variants.join(" ")));
    }
    limits
}

/// As words of one line, every sign of Markdown's meaning itself.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for c in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if c.is_ascii_punctuation()
            && !matches!(c, '.' | ',' | ';' | ':' | '\'' | '"' | '?' | '!' | '(' | ')' | '/' | '%' | '-')
        {
            plain.push('\\');
        }
        plain.push(c);
    }
    // A leading `-` would start a list.
    if plain.starts_with('-') { format!("\\{plain}") } else { plain }
}

/// As it is, on one line.
pub(super) fn code(text: &str) -> String {
    let text = text.replace('`', "'").escape_debug().to_string();
    let text = text.replace("\\\"", "\"").replace("\\'", "'").replace("\\\\", "\\");
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}
