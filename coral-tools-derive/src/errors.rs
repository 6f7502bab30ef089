//! Every mistake of one attribute, collected so that all are reported at once.

use std::cell::RefCell;
use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// The mistakes found so far. Dropping it unread is a bug of this crate, and panics.
pub(crate) struct Errors {
    found: RefCell<Option<Vec<syn::Error>>>,
}

impl Errors {
    pub(crate) fn new() -> Self {
        Self { found: RefCell::new(Some(Vec::new())) }
    }

    /// Blames `tokens`, from the first to the last.
    pub(crate) fn at(&self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    pub(crate) fn at_span(&self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    pub(crate) fn push(&self, error: syn::Error) {
        if let Some(found) = &mut *self.found.borrow_mut() {
            found.push(error);
        }
    }

    /// The value, or `None` with its error reported.
    pub(crate) fn keep<T>(&self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// Everything as `compile_error!`s; empty where nothing is wrong.
    pub(crate) fn finish(self) -> TokenStream {
        let found = self.found.take().unwrap_or_default();
        found.into_iter().map(|error| error.to_compile_error()).collect()
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        if self.found.get_mut().is_some() && !std::thread::panicking() {
            panic!("the errors of a macro were dropped unread");
        }
    }
}

/// "did you mean `known`?" for those of `known` that are near, if any is.
pub(crate) fn did_you_mean(written: &str, known: &[&str]) -> Option<String> {
    let distance = |name: &str| strsim::damerau_levenshtein(written, name);
    let nearest =
        known.iter().min_by_key(|name| distance(name)).filter(|name| distance(name) <= name.len().div_ceil(4));
    let begun = known.iter().filter(|name| written.len() > 2 && name.starts_with(written));
    let meant: Vec<_> = nearest.map_or_else(|| begun.map(quoted).collect(), |name| vec![quoted(name)]);
    (!meant.is_empty()).then(|| format!("did you mean {}?", meant.join(" or ")))
}

fn quoted(name: &&str) -> String {
    format!("`{name}`")
}

#[cfg(test)]
mod tests {
    use super::{Errors, did_you_mean};

    #[test]
    #[should_panic(expected = "dropped unread")]
    fn errors_that_no_one_reads_are_a_bug() {
        drop(Errors::new());
    }

    #[test]
    fn near_and_unfinished_words_are_meant() {
        let known = ["minimum", "min_length", "title"];
        assert_eq!(did_you_mean("titel", &known).as_deref(), Some("did you mean `title`?"));
        assert_eq!(did_you_mean("min", &known).as_deref(), Some("did you mean `minimum` or `min_length`?"));
        assert_eq!(did_you_mean("tags", &known), None);
    }
}
