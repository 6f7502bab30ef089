//! Texts that become an enum.

use proc_macro2::{Ident, Span};
use serde_json::Value;

/// Texts, each with the name of its variant.
pub(super) struct Choice {
    pub(super) variants: Vec<(String, Ident)>,
}

impl Choice {
    /// `None` where one of the texts makes no good name, or two make the same.
    pub(super) fn of(texts: &[Value]) -> Option<Self> {
        let mut variants: Vec<(String, Ident)> = Vec::new();
        for text in texts {
            let text = text.as_str()?;
            let name = Ident::new(&variant_name(text)?, Span::call_site());
            if variants.iter().any(|(_, taken)| *taken == name) {
                return None;
            }
            variants.push((text.to_owned(), name));
        }
        (!variants.is_empty()).then_some(Self { variants })
    }

    pub(super) fn variant(&self, text: &str) -> Option<&Ident> {
        self.variants.iter().find(|(known, _)| known == text).map(|(_, name)| name)
    }
}

/// `very-short` → `VeryShort`; `None` for a text with other signs in it, or of no words.
fn variant_name(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split(['-', '_', ' ']).collect();
    let is_word = |word: &&str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric());
    if !words.iter().all(is_word) {
        return None;
    }
    let name = pascal(&words);
    // `Self` is the one keyword that starts with a capital.
    (name.starts_with(|c: char| c.is_ascii_alphabetic()) && name != "Self").then_some(name)
}

/// One name of several words.
pub(super) fn pascal(words: &[&str]) -> String {
    let capitalized = words.iter().map(|word| {
        let mut rest = word.chars();
        let first: String = rest.next().into_iter().flat_map(char::to_uppercase).collect();
        // `HIGH` is a word in capitals, `veryShort` is two words.
        let in_capitals = !word.chars().any(char::is_lowercase);
        let rest = if in_capitals { rest.as_str().to_lowercase() } else { rest.as_str().to_owned() };
        first + &rest
    });
    capitalized.collect()
}
