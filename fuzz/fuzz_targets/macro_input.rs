//! Fuzz target: macro input. The first line is the name of a macro and its arguments; the tokens below it follow. For `options`, the
//! JSON file of the registry agent follows after an empty line.

#![no_main]
#![allow(dead_code, unused_imports, reason = "the modules of the proc-macro crate are also for its own root")]

/// The modules of the proc-macro crate, whose functions no other crate can call.
#[path = "../../coral-tools-derive/src"]
mod derive {
    pub(crate) mod agent_options;
    pub(crate) mod check;
    pub(crate) mod description;
    pub(crate) mod emit;
    pub(crate) mod errors;
    pub(crate) mod expand;
    pub(crate) mod function;
    pub(crate) mod lower;
    pub(crate) mod methods;
    pub(crate) mod model;
    pub(crate) mod pipeline;
    pub(crate) mod rules;
    pub(crate) mod settings;
    pub(crate) mod tool_error;
    pub(crate) mod toolset;
}
// The modules import each other as children of the root.
use derive::{
    agent_options, check, description, emit, errors, expand, function, lower, methods, model, pipeline, rules,
    settings, tool_error, toolset,
};

use std::fs;
use std::path::PathBuf;
use std::str::FromStr;
use std::thread;

use libfuzzer_sys::{Corpus, fuzz_target};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{File, Item};

/// `syn` calls itself for each nested type or expression, as the compiler does, which enlarges its stack.
const STACK_BYTES: usize = 1 << 30;

/// The file of the registry agent, relative to this package.
const AGENT_FILE: &str = "corpus/agent.json";

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(data) else { return Corpus::Reject };
    let check = || check_expansion(text).map_or(Corpus::Reject, |()| Corpus::Keep);
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, check).expect("a thread");
        thread.join().expect("no panic")
    })
});

/// Expands a macro and checks the result. Returns `None` for input that the compiler does not pass to a macro.
fn check_expansion(text: &str) -> Option<()> {
    let (head, below) = text.split_once('\n')?;
    let (name, args) = head.split_once(' ').unwrap_or((head, ""));
    let (below, json) = below.split_once("\n\n").unwrap_or((below, ""));
    let (args, item) = (TokenStream::from_str(args).ok()?, TokenStream::from_str(below).ok()?);
    match name {
        "tool" => check_item(&item, pipeline::coral_tool(args, &item, false)),
        "associated" => check_item(&item, pipeline::coral_tool(args, &item, true)),
        "tools" => check_item(&item, pipeline::coral_tools(args, &item)),
        "error" => {
            let is_type = matches!(syn::parse2(item.clone()), Ok(Item::Enum(_) | Item::Struct(_) | Item::Union(_)));
            check_generated(is_type, tool_error::into_tool_error(item));
        }
        "toolset" => {
            let entries = toolset::toolset(quote!(::coral_tools; #item));
            check_generated(true, quote!(fn tools() -> Toolset { #entries }));
        }
        "options" => {
            // Replaces the arguments, which name a file of the user's package.
            fs::write(manifest_dir().join(AGENT_FILE), json).expect("a file");
            check_item(&item, agent_options::agent_options(quote!(#AGENT_FILE), &item));
        }
        _ => return None,
    }
    Some(())
}

fn manifest_dir() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).expect("`cargo fuzz run` sets it")
}

/// The expansion of an attribute: items, if there was an item below the attribute.
fn check_item(item: &TokenStream, expansion: TokenStream) {
    let is_item = syn::parse2::<Item>(item.clone()).is_ok();
    if is_item {
        check_generated(is_item, expansion);
    }
}

/// Code that contains nothing of the input that is not parsed: items, which include an error if the input is invalid.
fn check_generated(is_valid: bool, expansion: TokenStream) {
    let text = expansion.to_string();
    if let Err(error) = syn::parse2::<File>(expansion) {
        panic!("{error}: {text}");
    }
    assert!(is_valid || text.contains("compile_error"), "no error: {text}");
}
