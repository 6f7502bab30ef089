//! From tokens to the model. Rules about a single attribute are checked here, all others in [`check`](crate::check).

mod constraint;
mod derive_attribute;
mod param;
mod rename_rule;
pub(crate) mod value;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident};
use syn::Attribute;
use syn::ext::IdentExt;

pub(crate) use self::constraint::parse_number;
pub(crate) use self::value::ungrouped;
use crate::description::Description;
use crate::emit::emit;
use crate::errors::{AlreadyReported, Errors};
use crate::function::Function;
use crate::model::{Hint, Owner, SpannedName, Tool};
use crate::settings::{Setting, ToolKey};

/// Lowers a function, or a method of `owner`.
pub(crate) fn lower(
    settings: &[Setting<ToolKey>],
    mut function: Function,
    owner: Option<&Owner>,
    errors: &Errors,
) -> Tool {
    let param_attrs = function.take_param_attrs();
    let ident = &function.sig.ident;
    let mut tool = Tool {
        params: Vec::new(),
        crate_path: TokenStream::new(),
        name: SpannedName { text: ident.unraw().to_string(), span: ident.span() },
        arguments_type: owner.map_or_else(|| ident.clone(), |owner| method_arguments(owner, ident)),
        owner: owner.map(|owner| owner.ty.clone()),
        title: None,
        description: Description::from_doc_attrs(&function.attrs),
        hints: Vec::new(),
        timeout: None,
        once: None,
        blocking: None,
        function,
    };
    let rename_all = settings.iter().find(|setting| setting.key == ToolKey::RenameAll);
    let rename_all = rename_all.and_then(|setting| rename_rule::parse(setting, errors).ok());
    for setting in settings {
        // An invalid value does not stop the macro, so that all errors are reported at once.
        let _ = apply(&mut tool, setting, errors);
    }
    let params = tool.function.sig.inputs.iter().zip(param_attrs);
    tool.params =
        params.filter_map(|(param, attrs)| param::lower(param, &attrs, rename_all.as_ref(), errors)).collect();
    if tool.crate_path.is_empty() {
        tool.crate_path = crate_path();
    }
    tool
}

/// `Shop` and `find_pet` → `ShopFindPet`, which does not collide with a method of another `impl` block.
fn method_arguments(owner: &Owner, method: &Ident) -> Ident {
    let method_name = method.unraw().to_string();
    let camel_case: String = method_name.split('_').map(capitalized).collect();
    format_ident!("{}{}", owner.name.unraw(), camel_case, span = method.span())
}

fn capitalized(word: &str) -> String {
    let mut rest = word.chars();
    let first = rest.next().into_iter().flat_map(char::to_uppercase);
    first.chain(rest).collect()
}

fn apply(tool: &mut Tool, setting: &Setting<ToolKey>, errors: &Errors) -> Result<(), AlreadyReported> {
    match setting.key {
        ToolKey::Name => {
            let name = value::string(setting, errors)?;
            tool.name = SpannedName { text: name.value(), span: name.span() };
        }
        ToolKey::Title => tool.title = Some(value::text(setting, errors)?),
        ToolKey::Description => tool.description = Description::from_expr(&value::text(setting, errors)?),
        ToolKey::Timeout => tool.timeout = Some(value::duration(setting, &value::TIMEOUT, errors)?),
        ToolKey::Once => tool.once = Some(value::duration(setting, &value::ONCE, errors)?),
        ToolKey::Blocking => tool.blocking = value::flag(setting, errors)?.then(|| setting.ident.span()),
        ToolKey::Args => tool.arguments_type = value::ident(setting, errors)?,
        ToolKey::Crate => tool.crate_path = value::path(setting, errors)?.to_token_stream(),
        // Applied to each parameter.
        ToolKey::RenameAll => {}
        ToolKey::ReadOnly | ToolKey::Destructive | ToolKey::Idempotent | ToolKey::OpenWorld => {
            tool.hints.push(Hint { method: setting.ident.clone(), value: value::flag(setting, errors)? });
        }
    }
    Ok(())
}

/// Returns the path of the library, if no `crate = path` sets another.
pub(crate) fn crate_path() -> TokenStream {
    emit!(::coral_tools)
}

/// Returns the attributes with this name.
fn with_name<'a>(attrs: &'a [Attribute], name: &'a str) -> impl Iterator<Item = &'a Attribute> {
    attrs.iter().filter(move |attr| attr.path().is_ident(name))
}
