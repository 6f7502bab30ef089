//! Which names every consumer takes.

/// The longest name that every model provider accepts.
const LONGEST: usize = 64;

/// What is wrong with `name` as a tool's name, or `None`.
///
/// The rule is the common ground of the model providers; `coral_` and `mcp_` belong to Coral's and to MCP's own tools,
/// and a custom tool of such a name would silently replace them.
pub(crate) const fn tool_name_fault(name: &str) -> Option<&'static str> {
    if !is_identifier(name.as_bytes()) {
        return Some("a tool's name is a letter or `_`, then at most 63 letters, digits, `_` or `-`");
    }
    if starts_with(name, "coral_") || starts_with(name, "mcp_") {
        return Some("names that start with `coral_` or `mcp_` belong to Coral's and MCP's own tools");
    }
    None
}

const fn is_identifier(name: &[u8]) -> bool {
    if name.is_empty() || name.len() > LONGEST || !(name[0].is_ascii_alphabetic() || name[0] == b'_') {
        return false;
    }
    let mut i = 1;
    while i < name.len() {
        if !(name[i].is_ascii_alphanumeric() || name[i] == b'_' || name[i] == b'-') {
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

#[cfg(test)]
mod tests {
    use super::tool_name_fault;

    #[test]
    fn names_are_what_every_provider_takes() {
        for good in ["a", "_x", "submit_report", "get-price", &"x".repeat(64)] {
            assert_eq!(tool_name_fault(good), None, "{good}");
        }
        for bad in ["", "1a", "a.b", "a b", "zoë", &"x".repeat(65), "coral_send", "mcp_x"] {
            assert!(tool_name_fault(bad).is_some(), "{bad}");
        }
    }
}
