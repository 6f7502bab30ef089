//! The messages for the invalid code in `tests/compile/ui`, without a compiler. Update them like the other snapshots.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Item, Meta};

const UI: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/compile/ui");

#[test]
fn messages() {
    let snapshot: Vec<_> = files(Path::new(UI)).iter().filter_map(|path| messages_of_file(path)).collect();
    insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => true}, {
        insta::assert_snapshot!("messages", snapshot.join("\n\n"));
    });
}

#[test]
fn accepted_code_has_no_messages() {
    let accepted = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/compile/pass"));
    for path in files(accepted) {
        assert_eq!(messages_of_file(&path), None);
    }
}

/// Returns the Rust files below a folder, in the order of their paths.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.extension() {
            _ if path.is_dir() => files.extend(self::files(&path)),
            Some(extension) if extension == "rs" => files.push(path),
            _ => {}
        }
    }
    files.sort();
    files
}

/// Returns the messages for one file, unless `syn` cannot parse it or the macros accept it.
fn messages_of_file(path: &Path) -> Option<String> {
    let source = fs::read_to_string(path).expect("a file").replace("\r\n", "\n");
    let items = syn::parse_file(&source).ok()?.items;
    let lines: Vec<_> = items.into_iter().flat_map(messages_of_item).map(|message| format!("  {message}")).collect();
    let name = path.strip_prefix(UI).unwrap_or(path).display().to_string().replace('\\', "/");
    (!lines.is_empty()).then(|| format!("{name}\n{}", lines.join("\n")))
}

/// Expands the macro on an item. Returns its messages.
fn messages_of_item(mut item: Item) -> Vec<String> {
    let Some(attributes) = attributes(&mut item) else {
        return Vec::new();
    };
    let is_macro = |attribute: &Attribute| {
        let last = attribute.path().segments.last().map(|segment| segment.ident.to_string());
        last.filter(|name| matches!(name.as_str(), "coral_tool" | "coral_tools" | "derive"))
    };
    let Some((index, name)) = attributes.iter().enumerate().find_map(|(index, it)| Some((index, is_macro(it)?))) else {
        return Vec::new();
    };
    let args = match attributes.remove(index).meta {
        Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    };
    let item = item.into_token_stream();
    let expansion = match name.as_str() {
        "coral_tool" => crate::pipeline::coral_tool(args, &item, false),
        "coral_tools" => crate::pipeline::coral_tools(args, &item),
        _ if args.to_string().contains("IntoToolError") => crate::tool_error::into_tool_error(item),
        _ => return Vec::new(),
    };
    messages_in(expansion)
}

/// Returns the string of every `compile_error!`.
pub(crate) fn messages_in(expansion: TokenStream) -> Vec<String> {
    let mut messages = Vec::new();
    collect_messages(expansion, &mut messages);
    messages
}

fn attributes(item: &mut Item) -> Option<&mut Vec<Attribute>> {
    Some(match item {
        Item::Fn(item) => &mut item.attrs,
        Item::Impl(item) => &mut item.attrs,
        Item::Struct(item) => &mut item.attrs,
        Item::Enum(item) => &mut item.attrs,
        Item::Union(item) => &mut item.attrs,
        Item::Mod(item) => &mut item.attrs,
        Item::Trait(item) => &mut item.attrs,
        _ => return None,
    })
}

/// Adds the string of every `compile_error!`.
fn collect_messages(tokens: TokenStream, messages: &mut Vec<String>) {
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(name) if name == "compile_error" => {
                let message = tokens.find_map(|token| match token {
                    TokenTree::Group(group) => syn::parse2::<syn::LitStr>(group.stream()).ok(),
                    _ => None,
                });
                messages.extend(message.map(|message| message.value()));
            }
            TokenTree::Group(group) => collect_messages(group.stream(), messages),
            _ => {}
        }
    }
}
