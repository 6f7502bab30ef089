//! Rules for the names of tools.

/// The longest name that every model provider accepts.
const MAX_LENGTH: usize = 64;

/// Returns why `name` is not a valid tool name, or `None` if it is.
///
/// Every model provider accepts the names that this rule accepts. `coral_` and `mcp_` are reserved: a custom tool with
/// such a name would silently replace a tool of Coral or MCP.
pub(crate) const fn tool_name_error(name: &str) -> Option<&'static str> {
    if !is_identifier(name.as_bytes()) {
        return Some(
            "this is not a valid tool name: start with a letter or `_`, then use at most 63 letters, digits, `_` or `-`",
        );
    }
    if starts_with(name, "coral_") || starts_with(name, "mcp_") {
        return Some("names that start with `coral_` or `mcp_` are reserved for tools of Coral and MCP");
    }
    None
}

const fn is_identifier(name: &[u8]) -> bool {
    if name.is_empty() || name.len() > MAX_LENGTH || !(name[0].is_ascii_alphabetic() || name[0] == b'_') {
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
    use super::tool_name_error;

    #[test]
    fn names_that_every_provider_accepts_are_valid() {
        for good in ["a", "_x", "submit_report", "get-price", &"x".repeat(64)] {
            assert_eq!(tool_name_error(good), None, "{good}");
        }
        for bad in ["", "1a", "a.b", "a b", "zoë", &"x".repeat(65), "coral_send", "mcp_x"] {
            assert!(tool_name_error(bad).is_some(), "{bad}");
        }
    }
}
