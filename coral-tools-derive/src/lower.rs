//! From what is written to what it means. What needs one attribute alone to be judged is judged here.

mod limit;
mod param;
mod value;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Attribute;
use syn::ext::IdentExt;

use crate::args::Setting;
use crate::docs::{self, Text};
use crate::errors::Errors;
use crate::item::Item;
use crate::model::{Hint, Name, Tool};

pub(crate) fn lower(settings: &[Setting], mut item: Item, errors: &Errors) -> Tool {
    let attrs = item.take_param_attrs();
    let mut tool = Tool {
        params: Vec::new(),
        krate: TokenStream::new(),
        rt: Ident::new("__rt", Span::mixed_site()),
        name: Name { text: item.sig.ident.unraw().to_string(), span: item.sig.ident.span() },
        arguments: item.sig.ident.clone(),
        title: None,
        description: docs::text(&item.attrs),
        hints: Vec::new(),
        timeout: None,
        blocking: None,
        item,
    };
    for setting in settings {
        // A value that cannot be read has been reported, and leaves the tool as it is.
        let _ = apply(&mut tool, setting, errors);
    }
    let params = tool.item.sig.inputs.iter().zip(attrs);
    tool.params = params.filter_map(|(param, attrs)| param::lower(param, &attrs, errors)).collect();
    if tool.krate.is_empty() {
        tool.krate = crate_path();
    }
    tool
}

fn apply(tool: &mut Tool, setting: &Setting, errors: &Errors) -> Option<()> {
    match setting.key.unraw().to_string().as_str() {
        "name" => {
            let name = value::text(setting, errors)?;
            tool.name = Name { text: name.value(), span: name.span() };
        }
        "title" => tool.title = Some(value::text(setting, errors)?),
        "description" => tool.description = Text::literal(&value::text(setting, errors)?),
        "timeout" => tool.timeout = Some(value::duration(setting, errors)?),
        "blocking" => tool.blocking = value::flag(setting, errors)?.then(|| setting.key.span()),
        "args" => tool.arguments = value::ident(setting, errors)?,
        "crate" => tool.krate = value::path(setting, errors)?.to_token_stream(),
        _ => tool.hints.push(Hint { method: setting.key.clone(), value: value::flag(setting, errors)? }),
    }
    Some(())
}

/// The runtime crate under the name that the user's manifest gives it.
pub(crate) fn crate_path() -> TokenStream {
    use proc_macro_crate::{FoundCrate, crate_name};
    let name = match crate_name("coral-tools") {
        Ok(FoundCrate::Name(name)) => name,
        // Its own tests see it by its name; so does whoever gets it from elsewhere than the manifest.
        Ok(FoundCrate::Itself) | Err(_) => "coral_tools".to_owned(),
    };
    let name = Ident::new(&name, Span::mixed_site());
    quote_spanned!(Span::mixed_site()=> ::#name)
}

/// The attributes of this name.
fn named<'a>(attrs: &'a [Attribute], name: &'a str) -> impl Iterator<Item = &'a Attribute> {
    attrs.iter().filter(move |attr| attr.path().is_ident(name))
}
