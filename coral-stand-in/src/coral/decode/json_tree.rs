//! JSON with the text of its numbers: a server accepts `50` and `5e1` as an integer, but not `50.0`.

/// A JSON document.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::coral) enum JsonTree {
    Null,
    /// A number, a boolean or any other word without quotation marks.
    Unquoted(String),
    String(String),
    Array(Vec<JsonTree>),
    /// Each key occurs once, with its last value.
    Object(Vec<(String, JsonTree)>),
}

impl JsonTree {
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Unquoted(word) if matches!(word.as_str(), "true" | "false") => "a boolean",
            Self::Unquoted(word) if word.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => "a number",
            Self::Unquoted(_) => "a word without quotation marks",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}
