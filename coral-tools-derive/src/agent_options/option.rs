//! One option of an entry.

use proc_macro2::{Ident, Span};
use serde_json::Value;

use super::choice::Choice;
use super::default;
use super::document::{Document, Node};
use super::kind::{Kind, Scalar};
use super::texts;
use crate::errors::Errors;

pub(super) struct Opt {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) presence: Presence,
    pub(super) secret: bool,
    /// What is said of it, in Markdown.
    pub(super) docs: String,
}

/// Whether it must be given.
pub(super) enum Presence {
    Required,
    /// As the entry has it, and of the type.
    Default(Value),
    Optional,
}

pub(super) enum Read {
    Option(Box<Opt>),
    /// It may be left out, and there is no value of this type.
    LeftOut(String),
    /// What is wrong has been reported.
    Faulty,
}

pub(super) fn read(name: &str, node: &Node<'_>, document: &Document<'_>, errors: &Errors) -> Read {
    if !node.value.is_object() {
        document.fault(node, "expected an object", errors);
        return Read::Faulty;
    }
    let type_node = node.at("type");
    let Some(type_name) = type_node.text(document, errors) else { return Read::Faulty };
    let required = node.at("required").flag(document, errors);
    let secret = node.at("secret").flag(document, errors);
    let default = node.at("default");
    let Some(mut kind) = Kind::of(type_name) else {
        if required && default.is_absent() {
            let message = format!("it is required, and there is no value of type `{type_name}`");
            document.fault(&type_node, &message, errors);
            return Read::Faulty;
        }
        return Read::LeftOut(type_name.to_owned());
    };
    if let Some(choice) = choice(&kind, node, secret) {
        kind.scalar = Scalar::Choice(choice);
    }
    let Some(presence) = presence(&kind, required, &default) else {
        document.fault(&default, &format!("it is no `{type_name}`"), errors);
        return Read::Faulty;
    };
    let docs = texts::of_option(name, type_name, node, secret);
    Read::Option(Box::new(Opt { name: name.to_owned(), kind, presence, secret, docs }))
}

/// The variants of a text, if they make good names in Rust and the default is one of them.
fn choice(kind: &Kind, node: &Node<'_>, secret: bool) -> Option<Choice> {
    if secret || !matches!(kind.scalar, Scalar::Text) {
        return None;
    }
    let choice = Choice::of(node.at("validation").at("variants").value.as_array()?)?;
    let default = node.at("default").value;
    let mut used = default.as_array().map_or(std::slice::from_ref(default), Vec::as_slice).iter();
    let has = |value: &Value| value.is_null() || value.as_str().is_some_and(|text| choice.variant(text).is_some());
    used.all(has).then_some(choice)
}

/// `None` where the default is of another type.
fn presence(kind: &Kind, required: bool, default: &Node<'_>) -> Option<Presence> {
    if !default.is_absent() {
        let any = Ident::new("Any", Span::call_site());
        return default::tokens(kind, default.value, &any).map(|_| Presence::Default(default.value.clone()));
    }
    Some(match (kind.is_list, required) {
        // Without a value, a list is empty.
        (true, _) => Presence::Default(Value::Array(Vec::new())),
        (false, true) => Presence::Required,
        (false, false) => Presence::Optional,
    })
}
