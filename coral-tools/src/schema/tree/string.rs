//! Strings and their constraints.

use regex_lite::Regex;

use crate::rules::unsupported_regex_syntax;
use crate::schema::tree::format::EnforcedFormat;

/// A regular expression and its source.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    pub(crate) source: String,
    regex: Regex,
}

impl Pattern {
    /// Compiles a regular expression that has the same meaning in JSON Schema (ECMA-262) and in this crate.
    pub(crate) fn new(source: &str) -> Result<Self, String> {
        if let Some(syntax) = unsupported_regex_syntax(source) {
            return Err(format!("`{syntax}` is not part of JSON Schema's regular expressions"));
        }
        let regex = Regex::new(source).map_err(|error| error.to_string())?;
        Ok(Self { source: source.to_owned(), regex })
    }

    pub(crate) fn allows(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

/// A string and its constraints.
#[derive(Debug, Clone, Default)]
pub(crate) struct StringSchema {
    pub(crate) min_length: Option<u64>,
    pub(crate) max_length: Option<u64>,
    pub(crate) pattern: Option<Pattern>,
    /// The format in the JSON Schema.
    pub(crate) format: Option<String>,
    /// The format of `#[arg(format = "…")]`, which is enforced for every type.
    pub(crate) enforced: Option<EnforcedFormat>,
    /// The format that the schema of the type declares, which is enforced unless the type parses the string.
    pub(crate) declared: Option<EnforcedFormat>,
}

impl StringSchema {
    /// Whether the string is allowed. The declared format is not checked.
    #[inline]
    pub(crate) fn allows(&self, text: &str) -> bool {
        self.allows_in_any_format(text) && self.enforced.is_none_or(|format| format.allows(text))
    }

    /// Whether the string is allowed, apart from formats.
    #[inline]
    pub(crate) fn allows_in_any_format(&self, text: &str) -> bool {
        self.allows_length(text) && self.pattern.as_ref().is_none_or(|pattern| pattern.allows(text))
    }

    fn allows_length(&self, text: &str) -> bool {
        if self.min_length.is_none() && self.max_length.is_none() {
            return true;
        }
        within(text.chars().count(), self.min_length, self.max_length)
    }
}

/// Whether a count is within its bounds.
pub(crate) fn within(count: usize, min: Option<u64>, max: Option<u64>) -> bool {
    let count = count as u64;
    min.is_none_or(|min| count >= min) && max.is_none_or(|max| count <= max)
}
