//! Names in Rust for the options of an entry.

use proc_macro2::{Ident, Span};

use super::choice::pascal;
use super::document::Document;
use super::entry::Entry;
use super::kind::Scalar;
use super::option::Opt;
use crate::errors::Errors;

/// A field of the struct.
pub(super) struct Field<'a> {
    pub(super) ident: Ident,
    /// The end of the name of its enum, if it has one.
    pub(super) choice: String,
    pub(super) option: &'a Opt,
}

pub(super) fn fields<'a>(entry: &'a Entry, document: &Document<'_>, errors: &Errors) -> Vec<Field<'a>> {
    let mut fields: Vec<Field<'a>> = Vec::new();
    for option in &entry.options {
        let node = document.root().at("registryAgent").at("options").at(&option.name);
        let snake = snake(&option.name);
        let Some(ident) = ident(&snake) else {
            document.fault(
                &node,
                "no name in Rust can be made of this; give the agent its options by `Agent::option`",
                errors,
            );
            continue;
        };
        if let Some(taken) = fields.iter().find(|field| field.ident == ident) {
            let message = format!(
                "option `{}` would become field `{ident}`, too; give the agent its options by `Agent::option`",
                taken.option.name
            );
            document.fault(&node, &message, errors);
            continue;
        }
        let choice = pascal(&snake.split('_').collect::<Vec<_>>());
        let is_choice = |option: &Opt| matches!(option.kind.scalar, Scalar::Choice(_));
        let same = |field: &&Field<'_>| field.choice == choice && is_choice(field.option);
        if let Some(taken) = fields.iter().find(same).filter(|_| is_choice(option)) {
            let message = format!(
                "the values of option `{}` would become an enum of the same name; give the agent its options by \
                 `Agent::option`",
                taken.option.name
            );
            document.fault(&node, &message, errors);
            continue;
        }
        fields.push(Field { ident, choice, option });
    }
    fields
}

/// `MAX_ITERATIONS` and `maxIterations` → `max_iterations`. What no name can have in it parts words.
fn snake(name: &str) -> String {
    let mut words = String::new();
    let mut before = '_';
    for c in name.chars() {
        let starts_word = c.is_uppercase() && before.is_lowercase();
        let parts = !c.is_alphanumeric();
        if (starts_word || parts) && !words.ends_with('_') {
            words.push('_');
        }
        if !parts {
            words.extend(c.to_lowercase());
        }
        before = c;
    }
    let words = words.trim_matches('_');
    // A name may not start with a digit.
    if words.starts_with(char::is_numeric) { format!("_{words}") } else { words.to_owned() }
}

/// A keyword becomes `r#type`; the few that cannot, `self_`.
fn ident(name: &str) -> Option<Ident> {
    let spelt = [name.to_owned(), format!("r#{name}"), format!("{name}_")];
    let mut ident = spelt.iter().find_map(|name| syn::parse_str::<Ident>(name).ok())?;
    ident.set_span(Span::call_site());
    (!name.is_empty()).then_some(ident)
}

#[cfg(test)]
mod tests {
    use super::{ident, snake};

    #[test]
    fn names_are_those_that_rust_has() {
        for (name, field) in [
            ("MAX_ITERATIONS", "max_iterations"),
            ("maxIterations", "max_iterations"),
            ("TOP3Results", "top3results"),
            ("HTTPServer", "httpserver"),
            ("$COST$$PER$ITEM", "cost_per_item"),
            ("__x__", "x"),
            ("TYPE", "r#type"),
            ("SELF", "self_"),
            ("3D", "_3d"),
            ("größe", "größe"),
        ] {
            assert_eq!(ident(&snake(name)).map(|ident| ident.to_string()).as_deref(), Some(field), "{name}");
        }
        assert_eq!(ident(&snake("_")), None);
        assert_eq!(ident(&snake("☃")), None);
    }
}
