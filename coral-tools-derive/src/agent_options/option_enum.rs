//! Enums for options with a fixed set of strings.

use proc_macro2::{Ident, Span};
use serde_json::Value;

/// The enum of an option: strings and their variants.
pub(super) struct OptionEnum {
    pub(super) variants: Vec<(String, Ident)>,
}

impl OptionEnum {
    /// Returns `None` if a string cannot be converted to the name of a variant, or two have the same name.
    pub(super) fn from_strings(strings: &[Value]) -> Option<Self> {
        let mut variants: Vec<(String, Ident)> = Vec::new();
        for string in strings {
            let string = string.as_str()?;
            let name = Ident::new(&variant_name(string)?, Span::call_site());
            if variants.iter().any(|(_, other)| *other == name) {
                return None;
            }
            variants.push((string.to_owned(), name));
        }
        (!variants.is_empty()).then_some(Self { variants })
    }

    /// Returns the variant of a string.
    pub(super) fn variant(&self, string: &str) -> Option<&Ident> {
        self.variants.iter().find(|(known, _)| known == string).map(|(_, name)| name)
    }
}

/// `very-short` → `VeryShort`; `None` if the string has other punctuation or an empty word.
fn variant_name(string: &str) -> Option<String> {
    let words: Vec<&str> = string.split(['-', '_', ' ']).collect();
    let is_word = |word: &&str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric());
    if !words.iter().all(is_word) {
        return None;
    }
    let name = pascal_case(&words);
    // `Self` is the only keyword that starts with a capital letter.
    (name.starts_with(|c: char| c.is_ascii_alphabetic()) && name != "Self").then_some(name)
}

/// Joins words to a name in `PascalCase`.
pub(super) fn pascal_case(words: &[&str]) -> String {
    let capitalized = words.iter().map(|word| {
        let mut rest = word.chars();
        let first: String = rest.next().into_iter().flat_map(char::to_uppercase).collect();
        // `HIGH` is one word in capitals, `veryShort` is two words.
        let is_upper_case = !word.chars().any(char::is_lowercase);
        let rest = if is_upper_case { rest.as_str().to_lowercase() } else { rest.as_str().to_owned() };
        first + &rest
    });
    capitalized.collect()
}
