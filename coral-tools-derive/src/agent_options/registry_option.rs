//! The specification of an option.

use proc_macro2::{Ident, Span};
use serde_json::Value;

use super::json_file::{JsonFile, JsonNode};
use super::option_enum::OptionEnum;
use super::option_type::{RegistryOptionType, ScalarType};
use super::{default_value, docs};
use crate::errors::{AlreadyReported, Errors};

pub(super) struct RegistryOption {
    pub(super) name: String,
    pub(super) option_type: RegistryOptionType,
    pub(super) presence: Presence,
    pub(super) is_secret: bool,
    /// The documentation of its field, in Markdown.
    pub(super) docs: String,
}

/// Whether a session must set the option.
pub(super) enum Presence {
    Required,
    /// The default value, which is of the option's type.
    Default(Value),
    Optional,
}

pub(super) enum OptionSupport {
    Supported(Box<RegistryOption>),
    /// An optional option whose type, with this name, is unknown.
    Unsupported(String),
}

pub(super) fn decode(
    name: &str,
    node: &JsonNode<'_>,
    document: &JsonFile<'_>,
    errors: &Errors,
) -> Result<OptionSupport, AlreadyReported> {
    if !node.value.is_object() {
        return Err(document.report(node, "must be an object", errors));
    }
    let type_node = node.field("type");
    let type_name = type_node.string(document, errors)?;
    let required = node.field("required").boolean(document, errors);
    let is_secret = node.field("secret").boolean(document, errors) || type_name == "secret";
    let default = node.field("default");
    let Some(mut option_type) = RegistryOptionType::parse(type_name) else {
        if required && default.is_absent() {
            let problem = format!("is `{type_name}`, which is not supported, and the option is required");
            return Err(document.report(&type_node, problem, errors));
        }
        return Ok(OptionSupport::Unsupported(type_name.to_owned()));
    };
    if let Some(option_enum) = option_enum(&option_type, node, is_secret) {
        option_type.scalar = ScalarType::Enum(option_enum);
    }
    let Some(presence) = presence(&option_type, required, &default) else {
        return Err(document.report(&default, format!("must be of type `{type_name}`"), errors));
    };
    let docs = docs::option_docs(name, type_name, node, is_secret);
    let name = name.to_owned();
    Ok(OptionSupport::Supported(Box::new(RegistryOption { name, option_type, presence, is_secret, docs })))
}

/// Returns the enum of a string with variants, if they can be converted to names and the default is one of them.
fn option_enum(option_type: &RegistryOptionType, node: &JsonNode<'_>, is_secret: bool) -> Option<OptionEnum> {
    if is_secret || !matches!(option_type.scalar, ScalarType::String) {
        return None;
    }
    let option_enum = OptionEnum::from_strings(node.field("validation").field("variants").value.as_array()?)?;
    let default = node.field("default").value;
    let mut defaults = default.as_array().map_or(std::slice::from_ref(default), Vec::as_slice).iter();
    let is_variant =
        |value: &Value| value.is_null() || value.as_str().is_some_and(|text| option_enum.variant(text).is_some());
    defaults.all(is_variant).then_some(option_enum)
}

/// Returns `None` if the default is of another type.
fn presence(option_type: &RegistryOptionType, required: bool, default: &JsonNode<'_>) -> Option<Presence> {
    if !default.is_absent() {
        let any_name = Ident::new("Any", Span::call_site());
        return default_value::tokens(option_type, default.value, &any_name)
            .map(|_| Presence::Default(default.value.clone()));
    }
    Some(match (option_type.is_list, required) {
        // A list without a default is empty.
        (true, _) => Presence::Default(Value::Array(Vec::new())),
        (false, true) => Presence::Required,
        (false, false) => Presence::Optional,
    })
}
