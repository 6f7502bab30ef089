//! Documentation of the generated code. Strings of the registry agent are escaped, so that none becomes a link, a list or
//! code that `cargo test` would run.

use serde_json::Value;

use super::json_file::JsonNode;

/// The longest default that is shown, in bytes.
const MAX_DEFAULT_LENGTH: usize = 60;

/// Returns the documentation of the struct, if the user wrote none.
pub(super) fn struct_docs(name: &str, version: &str, description: Option<&str>) -> String {
    let description = description.map(|text| format!("\n\n{}", escape(text))).unwrap_or_default();
    format!("The options of {} {}.{description}", code(name), code(version))
}

/// Lists the options that are not fields, by name and type.
pub(super) fn unsupported_options(options: &[(String, String)]) -> Option<String> {
    let names = options.iter().map(|(name, type_name)| format!("{} of type {}", code(name), code(type_name)));
    let names: Vec<_> = names.collect();
    (!names.is_empty())
        .then(|| format!("\n\nOptions without a field, because their type is not supported: {}.", names.join(", ")))
}

/// Returns the documentation of an option.
pub(super) fn option_docs(name: &str, type_name: &str, node: &JsonNode<'_>, is_secret: bool) -> String {
    let display = node.field("display");
    let label = display.field("label").value.as_str();
    let description = node.field("description").value.as_str().or(display.field("description").value.as_str());
    let mut docs: Vec<String> = Vec::new();
    match (label, description) {
        (Some(label), Some(description)) => docs.push(format!("{}: {}", escape(label), escape(description))),
        (Some(text), None) | (None, Some(text)) => docs.push(escape(text)),
        (None, None) => {}
    }
    let mut facts = format!("Option {}, {}", code(name), code(type_name));
    for constraint in constraints(&node.field("validation")) {
        facts.push_str(", ");
        facts.push_str(&constraint);
    }
    facts.push('.');
    if is_secret {
        facts.push_str(" A secret.");
    }
    if let Some(default) = default(node.field("default").value).filter(|_| !is_secret) {
        facts.push_str(&format!(" Default: {}.", code(&default)));
    }
    docs.push(facts);
    docs.join("\n\n")
}

fn default(value: &Value) -> Option<String> {
    (!value.is_null()).then(|| value.to_string()).filter(|text| text.len() <= MAX_DEFAULT_LENGTH)
}

fn constraints(validation: &JsonNode<'_>) -> Vec<String> {
    let shown = |key: &str| match validation.field(key).value {
        Value::Null => None,
        Value::String(text) => Some(code(text)),
        Value::Number(number) => Some(code(&number.to_string())),
        size => Some(code(&format!("{} {}", size.get("size")?, size.get("unit")?.as_str()?))),
    };
    let mut constraints = Vec::new();
    let bounds = [
        ("min", "at least", ""),
        ("max", "at most", ""),
        ("min_length", "at least", " bytes"),
        ("max_length", "at most", " bytes"),
        ("min_size", "at least", ""),
        ("max_size", "at most", ""),
    ];
    for (key, bound, unit) in bounds {
        constraints.extend(shown(key).map(|value| format!("{bound} {value}{unit}")));
    }
    constraints.extend(shown("regex").map(|regex| format!("matching {regex}")));
    let variants = validation.field("variants").value.as_array().map(Vec::as_slice).unwrap_or_default();
    let variants: Vec<_> = variants.iter().map(|variant| code(&variant.to_string())).collect();
    if !variants.is_empty() {
        constraints.push(format!("one of {}", variants.join(" ")));
    }
    constraints
}

/// Escapes Markdown, and puts the text on one line.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if c.is_ascii_punctuation()
            && !matches!(c, '.' | ',' | ';' | ':' | '\'' | '"' | '?' | '!' | '(' | ')' | '/' | '%' | '-')
        {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    // A leading `-` would start a list.
    if escaped.starts_with('-') { format!("\\{escaped}") } else { escaped }
}

/// Formats the text as inline code on one line.
pub(super) fn code(text: &str) -> String {
    let text = text.replace('`', "'").escape_debug().to_string();
    let text = text.replace("\\\"", "\"").replace("\\'", "'").replace("\\\\", "\\");
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}
