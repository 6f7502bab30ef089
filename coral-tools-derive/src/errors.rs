//! The errors of one attribute, collected so that all of them are reported at once.

use std::cell::RefCell;
use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// The errors so far. Panics if it is dropped before [`Errors::finish`], which would be a bug of this crate.
pub(crate) struct Errors {
    list: RefCell<Option<Vec<syn::Error>>>,
}

/// The error of a function that has added its errors to [`Errors`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct AlreadyReported(());

impl Errors {
    pub(crate) fn new() -> Self {
        Self { list: RefCell::new(Some(Vec::new())) }
    }

    /// Adds an error at `tokens`, from the first to the last.
    pub(crate) fn report(&self, tokens: impl ToTokens, message: impl Display) -> AlreadyReported {
        self.push(syn::Error::new_spanned(tokens, message))
    }

    /// Adds an error at a span.
    pub(crate) fn report_at(&self, span: Span, message: impl Display) -> AlreadyReported {
        self.push(syn::Error::new(span, message))
    }

    /// Adds an error of the parser.
    pub(crate) fn push(&self, error: syn::Error) -> AlreadyReported {
        if let Some(list) = &mut *self.list.borrow_mut() {
            list.push(error);
        }
        AlreadyReported(())
    }

    /// Returns all errors as `compile_error!` items; empty if there are none.
    pub(crate) fn finish(self) -> TokenStream {
        let list = self.list.take().unwrap_or_default();
        list.into_iter().map(|error| error.to_compile_error()).collect()
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        if self.list.get_mut().is_some() && !std::thread::panicking() {
            panic!("the errors of a macro were dropped");
        }
    }
}

/// Returns "did you mean `known`?", if a candidate is similar to `name` or starts with it.
pub(crate) fn did_you_mean(name: &str, candidates: &[&str]) -> Option<String> {
    let distance = |candidate: &str| strsim::damerau_levenshtein(name, candidate);
    let nearest = candidates
        .iter()
        .min_by_key(|candidate| distance(candidate))
        .filter(|candidate| distance(candidate) <= candidate.len().div_ceil(4));
    let with_prefix = candidates.iter().filter(|candidate| name.len() > 2 && candidate.starts_with(name));
    let mut suggestions: Vec<_> = match nearest {
        Some(nearest) => vec![format!("`{nearest}`")],
        None => with_prefix.map(|candidate| format!("`{candidate}`")).collect(),
    };
    let last = suggestions.pop()?;
    Some(match suggestions.is_empty() {
        true => format!("did you mean {last}?"),
        false => format!("did you mean {} or {last}?", suggestions.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::{Errors, did_you_mean};

    #[test]
    #[should_panic(expected = "were dropped")]
    fn dropping_errors_panics() {
        drop(Errors::new());
    }

    #[test]
    fn similar_and_unfinished_names_are_suggested() {
        let candidates = ["minimum", "min_length", "min_items", "title"];
        assert_eq!(did_you_mean("titel", &candidates).as_deref(), Some("did you mean `title`?"));
        assert_eq!(did_you_mean("min_l", &candidates).as_deref(), Some("did you mean `min_length`?"));
        assert_eq!(
            did_you_mean("min", &candidates).as_deref(),
            Some("did you mean `minimum`, `min_length` or `min_items`?")
        );
        assert_eq!(did_you_mean("mi", &candidates), None);
        assert_eq!(did_you_mean("tags", &candidates), None);
    }
}
