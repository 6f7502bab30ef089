//! The fields of the struct: names in Rust for the options.

use proc_macro2::{Ident, Span};

use super::json_file::JsonFile;
use super::option_enum::pascal_case;
use super::option_type::ScalarType;
use super::registry_agent::RegistryAgent;
use super::registry_option::RegistryOption;
use crate::errors::Errors;

/// A field of the struct.
pub(super) struct GeneratedField<'a> {
    pub(super) ident: Ident,
    /// The end of the name of its enum, if it has one; the start is the name of the struct.
    pub(super) enum_suffix: String,
    pub(super) option: &'a RegistryOption,
}

pub(super) fn fields<'a>(
    agent: &'a RegistryAgent,
    document: &JsonFile<'_>,
    errors: &Errors,
) -> Vec<GeneratedField<'a>> {
    let mut fields: Vec<GeneratedField<'a>> = Vec::new();
    for option in &agent.options {
        match field(option, &fields) {
            Ok(field) => fields.push(field),
            Err(problem) => {
                let node = document.root().field("registryAgent").field("options").field(&option.name);
                let problem = format!("{problem}: set the options of the agent with `Agent::option` instead");
                document.report(&node, problem, errors);
            }
        }
    }
    fields
}

/// Returns the field of an option, or why its name is not possible.
fn field<'a>(option: &'a RegistryOption, fields: &[GeneratedField<'_>]) -> Result<GeneratedField<'a>, String> {
    let name = snake_case(&option.name);
    let Some(ident) = ident(&name) else {
        return Err("cannot be converted to a field name".to_owned());
    };
    if let Some(other) = fields.iter().find(|field| field.ident == ident) {
        return Err(format!("and option `{}` would both be field `{ident}`", other.option.name));
    }
    let enum_suffix = pascal_case(&name.split('_').collect::<Vec<_>>());
    let has_enum = |option: &RegistryOption| matches!(option.option_type.scalar, ScalarType::Enum(_));
    let has_same_enum = |field: &&GeneratedField<'_>| field.enum_suffix == enum_suffix && has_enum(field.option);
    if let Some(other) = fields.iter().find(has_same_enum).filter(|_| has_enum(option)) {
        return Err(format!("and option `{}` would have enums of the same name", other.option.name));
    }
    Ok(GeneratedField { ident, enum_suffix, option })
}

/// `MAX_ITERATIONS` and `maxIterations` → `max_iterations`. Characters that a name cannot have separate words.
fn snake_case(name: &str) -> String {
    let mut words = String::new();
    let mut previous = '_';
    for c in name.chars() {
        let starts_word = c.is_uppercase() && previous.is_lowercase();
        let is_separator = !c.is_alphanumeric();
        if (starts_word || is_separator) && !words.ends_with('_') {
            words.push('_');
        }
        if !is_separator {
            words.extend(c.to_lowercase());
        }
        previous = c;
    }
    let words = words.trim_matches('_');
    // A name cannot start with a digit.
    if words.starts_with(char::is_numeric) { format!("_{words}") } else { words.to_owned() }
}

/// A keyword becomes `r#type`; the few that cannot be raw become `self_`.
fn ident(name: &str) -> Option<Ident> {
    let spellings = [name.to_owned(), format!("r#{name}"), format!("{name}_")];
    let mut ident = spellings.iter().find_map(|name| syn::parse_str::<Ident>(name).ok())?;
    ident.set_span(Span::call_site());
    (!name.is_empty()).then_some(ident)
}

#[cfg(test)]
mod tests {
    use super::{ident, snake_case};

    #[test]
    fn option_names_are_converted_to_field_names() {
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
            assert_eq!(ident(&snake_case(name)).map(|ident| ident.to_string()).as_deref(), Some(field), "{name}");
        }
        assert_eq!(ident(&snake_case("_")), None);
        assert_eq!(ident(&snake_case("☃")), None);
    }
}
