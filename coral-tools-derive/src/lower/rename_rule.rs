//! `rename_all = "…"`: serde's rules for the names of fields.

use std::cell::Cell;

use proc_macro2::Ident;
use syn::LitStr;
use syn::ext::IdentExt;

use super::value;
use crate::errors::{AlreadyReported, Errors, did_you_mean};
use crate::model::SpannedName;
use crate::rules::argument_name_error;
use crate::settings::{Setting, ToolKey};

type RenameFn = fn(&str) -> String;

/// The names of the rules, as in serde, and what they do with a name in snake case.
const RULES: [(&str, RenameFn); 8] = [
    ("lowercase", str::to_owned),
    ("UPPERCASE", str::to_ascii_uppercase),
    ("PascalCase", pascal_case),
    ("camelCase", camel_case),
    ("snake_case", str::to_owned),
    ("SCREAMING_SNAKE_CASE", str::to_ascii_uppercase),
    ("kebab-case", kebab_case),
    ("SCREAMING-KEBAB-CASE", |name| kebab_case(&name.to_ascii_uppercase())),
];

/// A rule for the names of all arguments without `rename`.
pub(super) struct RenameRule {
    literal: LitStr,
    rename: RenameFn,
    /// Set once, so that a rule is one error.
    error: Cell<Option<AlreadyReported>>,
}

pub(super) fn parse(setting: &Setting<ToolKey>, errors: &Errors) -> Result<RenameRule, AlreadyReported> {
    let literal = value::string(setting, errors)?;
    let name = literal.value();
    if let Some((_, rename)) = RULES.iter().find(|(known, _)| *known == name) {
        return Ok(RenameRule { literal, rename: *rename, error: Cell::new(None) });
    }
    let names = RULES.map(|(name, _)| name);
    let hint = did_you_mean(&name, &names).unwrap_or_else(|| format!("use one of `{}`", names.join("`, `")));
    Err(errors.report(&literal, format!("unknown rule `{name}`: {hint}")))
}

impl RenameRule {
    /// Returns the name of an argument for agents. A name that is not valid only because of the rule is an error of the rule.
    pub(super) fn apply(&self, ident: &Ident, errors: &Errors) -> Result<SpannedName, AlreadyReported> {
        let original = ident.unraw().to_string();
        let text = (self.rename)(&original);
        match argument_name_error(&text) {
            Some(reason) if argument_name_error(&original).is_none() => {
                Err(self.report(&original, &text, reason, errors))
            }
            _ => Ok(SpannedName { text, span: ident.span() }),
        }
    }

    fn report(&self, original: &str, text: &str, reason: &str, errors: &Errors) -> AlreadyReported {
        let error = self.error.get().unwrap_or_else(|| {
            let message = format!(
                "`{}` renames `{original}` to `{text}`, which is not a valid argument name: {reason}; use `camelCase` or \
                 another rule without hyphens",
                self.literal.value()
            );
            errors.report(&self.literal, message)
        });
        self.error.set(Some(error));
        error
    }
}

fn pascal_case(name: &str) -> String {
    let words = name.split('_').filter(|word| !word.is_empty());
    words.map(capitalized).collect()
}

/// A first letter outside of ASCII stays as it is: the name is not valid anyway.
fn capitalized(word: &str) -> String {
    let mut word = word.to_owned();
    if let Some(first) = word.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    word
}

fn camel_case(name: &str) -> String {
    let name = pascal_case(name);
    match name.chars().next() {
        Some(first) => first.to_ascii_lowercase().to_string() + &name[first.len_utf8()..],
        None => name,
    }
}

fn kebab_case(name: &str) -> String {
    name.replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::RULES;

    /// serde's own table of fields, in `serde_derive/src/internals/case.rs`.
    #[test]
    fn names_are_those_of_serde() {
        let renamed = |name: &str| RULES.map(|(_, rename)| rename(name)).join(" ");
        assert_eq!(renamed("outcome"), "outcome OUTCOME Outcome outcome outcome OUTCOME outcome OUTCOME");
        assert_eq!(
            renamed("very_tasty"),
            "very_tasty VERY_TASTY VeryTasty veryTasty very_tasty VERY_TASTY very-tasty VERY-TASTY"
        );
        assert_eq!(renamed("a"), "a A A a a A a A");
        assert_eq!(renamed("z42"), "z42 Z42 Z42 z42 z42 Z42 z42 Z42");
    }

    #[test]
    fn letters_outside_of_ascii_are_kept() {
        let renamed = |name: &str| RULES.map(|(_, rename)| rename(name)).join(" ");
        assert_eq!(renamed("ä_ö"), "ä_ö ä_ö äö äö ä_ö ä_ö ä-ö ä-ö");
    }
}
