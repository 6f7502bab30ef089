//! Rules that the macros check at compile time and the library checks at run time.
//!
//! This file exists twice, as `coral-tools/src/rules.rs` and `coral-tools-derive/src/rules.rs`, because each package must
//! build alone. `tests/integration/shared_rules.rs` fails if the two differ. Edit one, then copy it over the other.

/// The longest name that every model provider accepts, in bytes.
const MAX_NAME_LENGTH: usize = 64;

/// The formats that `#[arg(format = "…")]` enforces.
pub(crate) const FORMATS: [&str; 9] = ["date-time", "date", "time", "email", "hostname", "ipv4", "ipv6", "uri", "uuid"];

/// Syntax of Rust's regular expressions that ECMA-262 does not have or that has another meaning there.
const UNSUPPORTED_REGEX_SYNTAX: [&str; 12] =
    ["\\A", "\\z", "[[:", "(?P", "(?i", "(?s", "(?m", "(?x", "(?U", "(?R", "(?u", "(?-"];

/// Returns why `name` is not a valid tool name, or `None` if it is.
///
/// Every model provider accepts the names that this rule accepts. `coral_` and `mcp_` are reserved: a custom tool with
/// such a name would silently replace a tool of Coral or MCP.
pub(crate) const fn tool_name_error(name: &str) -> Option<&'static str> {
    if !is_identifier(name, true) {
        return Some("start with a letter or `_`, then use at most 63 letters, digits, `_` or `-`");
    }
    if starts_with(name, "coral_") || starts_with(name, "mcp_") {
        return Some("names that start with `coral_` or `mcp_` are reserved for tools of Coral and MCP");
    }
    None
}

/// Returns why `name` is not a valid name of an argument, or `None` if it is. Model providers reject a list of tools that
/// contains an invalid one.
pub(crate) const fn argument_name_error(name: &str) -> Option<&'static str> {
    match is_identifier(name, false) {
        true => None,
        false => Some("start with a letter or `_`, then use at most 63 letters, digits or `_`"),
    }
}

/// Whether `name` has at most 64 ASCII letters, digits, `_` and, if allowed, `-`, and starts with a letter or `_`.
const fn is_identifier(name: &str, allows_hyphen: bool) -> bool {
    let name = name.as_bytes();
    if name.is_empty() || name.len() > MAX_NAME_LENGTH || !(name[0].is_ascii_alphabetic() || name[0] == b'_') {
        return false;
    }
    let mut i = 1;
    while i < name.len() {
        let is_allowed = name[i].is_ascii_alphanumeric() || name[i] == b'_' || (allows_hyphen && name[i] == b'-');
        if !is_allowed {
            return false;
        }
        i += 1;
    }
    true
}

const fn starts_with(name: &str, prefix: &str) -> bool {
    let (name, prefix) = (name.as_bytes(), prefix.as_bytes());
    let mut i = 0;
    while i < prefix.len() {
        if i >= name.len() || name[i] != prefix[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// Returns the first syntax in a regular expression that does not have the same meaning in JSON Schema (ECMA-262).
pub(crate) fn unsupported_regex_syntax(pattern: &str) -> Option<&'static str> {
    let pattern = pattern.replace("\\\\", "");
    UNSUPPORTED_REGEX_SYNTAX.into_iter().find(|syntax| pattern.contains(syntax))
}

/// The type of a parameter, the keys and values of its `#[arg(…)]`, and whether they are valid.
#[cfg(test)]
type ConstraintCase = (&'static str, &'static [(&'static str, &'static str)], bool);

/// Inputs on which both crates must agree. Each has a test that reads them.
#[cfg(test)]
pub(crate) const CONSTRAINT_CASES: &[ConstraintCase] = &[
    ("i64", &[("minimum", "3"), ("maximum", "3")], true),
    ("i64", &[("minimum", "5"), ("maximum", "3")], false),
    ("i64", &[("minimum", "-3"), ("maximum", "-5")], false),
    ("i64", &[("minimum", "1"), ("exclusive_maximum", "1")], false),
    ("i64", &[("exclusive_minimum", "1"), ("maximum", "1")], false),
    ("i64", &[("exclusive_minimum", "1"), ("maximum", "2")], true),
    ("i64", &[("exclusive_minimum", "1"), ("exclusive_maximum", "1")], false),
    ("i64", &[("exclusive_minimum", "1"), ("exclusive_maximum", "3")], true),
    ("i64", &[("multiple_of", "5")], true),
    ("i64", &[("multiple_of", "0")], false),
    ("i64", &[("multiple_of", "-5")], false),
    ("f64", &[("minimum", "0.5"), ("maximum", "0.5")], true),
    ("f64", &[("minimum", "1"), ("maximum", "0.5")], false),
    ("f64", &[("minimum", "1.5"), ("exclusive_maximum", "1.5")], false),
    ("f64", &[("exclusive_minimum", "-0.5"), ("exclusive_maximum", "0.5")], true),
    ("f64", &[("multiple_of", "0.01")], true),
    ("f64", &[("multiple_of", "-0.5")], false),
    ("f64", &[("maximum", "1e999")], false),
    ("String", &[("min_length", "2"), ("max_length", "2")], true),
    ("String", &[("min_length", "2"), ("max_length", "1")], false),
    ("String", &[("pattern", r#""^a+$""#)], true),
    ("String", &[("pattern", r#""[a""#)], false),
    ("String", &[("pattern", r#""(?=a)""#)], false),
    ("String", &[("pattern", r#""(?i)a""#)], false),
    ("String", &[("pattern", r#""(?P<n>a)""#)], false),
    ("String", &[("pattern", r#""[[:alpha:]]""#)], false),
    ("String", &[("pattern", r#""\\Aa\\z""#)], false),
    ("String", &[("pattern", r#""\\\\Aa""#)], true),
    ("String", &[("format", r#""date-time""#)], true),
    ("String", &[("format", r#""duration""#)], false),
    ("String", &[("format", r#""phone""#)], false),
    ("Vec<u8>", &[("min_items", "2"), ("max_items", "2")], true),
    ("Vec<u8>", &[("min_items", "2"), ("max_items", "1")], false),
];

#[cfg(test)]
mod tests {
    use super::{argument_name_error, tool_name_error};

    #[test]
    fn names_that_every_provider_accepts_are_valid() {
        for good in ["a", "_x", "submit_report", "get-price", &"x".repeat(64)] {
            assert_eq!(tool_name_error(good), None, "{good}");
        }
        for bad in ["", "1a", "a.b", "a b", "zoë", &"x".repeat(65), "coral_send", "mcp_x"] {
            assert!(tool_name_error(bad).is_some(), "{bad}");
        }
        for good in ["a", "_x", "order_id", &"x".repeat(64)] {
            assert_eq!(argument_name_error(good), None, "{good}");
        }
        for bad in ["", "1a", "a-b", "$filter", "page[size]", "größe", &"x".repeat(65)] {
            assert!(argument_name_error(bad).is_some(), "{bad}");
        }
    }
}
