//! Strings and their constraints.

use regex_lite::{Regex, RegexBuilder};

use crate::rules::unsupported_regex_syntax;
use crate::schema::tree::format::EnforcedFormat;

/// A regular expression and its source.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    pub(crate) source: String,
    regex: Regex,
    /// The work for each byte of a string, in steps of a call's budget.
    steps_per_byte: usize,
}

/// The bytes of a compiled regular expression whose work for a byte is one step. Measured with counted repetitions, in which
/// every state is active.
const PROGRAM_BYTES_PER_STEP: usize = 128;

impl Pattern {
    /// Compiles a regular expression that has the same meaning in JSON Schema (ECMA-262) and in this crate.
    pub(crate) fn new(source: &str) -> Result<Self, String> {
        if let Some(syntax) = unsupported_regex_syntax(source) {
            return Err(format!("`{syntax}` is not part of JSON Schema's regular expressions"));
        }
        let regex = Regex::new(source).map_err(|error| error.to_string())?;
        let steps_per_byte = program_size(source) / PROGRAM_BYTES_PER_STEP;
        Ok(Self { source: source.to_owned(), regex, steps_per_byte })
    }

    /// Returns the work of a search, in steps of a call's budget. It is proportional to the length of the text and to the
    /// size of the compiled pattern, in which counted repetitions are repeated.
    pub(crate) fn steps(&self, text: &str) -> usize {
        text.len().saturating_mul(self.steps_per_byte)
    }

    pub(crate) fn allows(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

/// Returns the size of a compiled regular expression, rounded up to a power of two.
fn program_size(source: &str) -> usize {
    let fits = |size: &usize| RegexBuilder::new(source).size_limit(*size).build().is_ok();
    std::iter::successors(Some(64), |size: &usize| size.checked_mul(2)).find(fits).unwrap_or(usize::MAX)
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
    /// Returns the work of [`Self::allows`], in steps of a call's budget.
    #[inline]
    pub(crate) fn steps(&self, text: &str) -> usize {
        match &self.pattern {
            Some(pattern) if self.allows_length(text) => pattern.steps(text),
            _ => 0,
        }
    }

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
