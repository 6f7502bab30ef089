//! What a function that is a tool may not be.

use syn::{FnArg, Safety};

use crate::errors::Errors;
use crate::model::Tool;

pub(super) fn is_a_free_function(tool: &Tool, errors: &Errors) {
    if let Some(FnArg::Receiver(receiver)) = tool.item.sig.inputs.first() {
        errors.at(
            receiver,
            "a tool is a free function: take the application's state with `#[context] State(app): State<App>` instead of `self`",
        );
    }
}

pub(super) fn has_no_generics(tool: &Tool, errors: &Errors) {
    let generics = &tool.item.sig.generics;
    if !generics.params.is_empty() {
        errors.at(&generics.params, "a tool has no generics: agents are told about one function with types of its own");
    } else if let Some(clause) = &generics.where_clause {
        errors.at(clause, "a tool has no generics, so this clause has nothing to say: remove it");
    }
}

pub(super) fn has_no_qualifiers(tool: &Tool, errors: &Errors) {
    let sig = &tool.item.sig;
    if let Some(constness) = &sig.constness {
        errors.at(constness, "a tool runs when an agent calls it, never in a constant: remove `const`");
    }
    if let Safety::Unsafe(unsafety) = &sig.safety {
        errors.at(unsafety, "agents call a tool with any arguments they like: it cannot be `unsafe`");
    }
    if let Some(abi) = &sig.abi {
        errors.at(abi, "a tool is an ordinary Rust function: remove `extern`");
    }
    if let Some(variadic) = &sig.variadic {
        errors.at(variadic, "agents give arguments by name: name each one instead of `...`");
    }
}

pub(super) fn blocks_only_if_not_async(tool: &Tool, errors: &Errors) {
    if let (true, Some(span)) = (tool.is_async(), tool.blocking) {
        errors.at_span(span, "`blocking` is for a function that is not `async`: remove one of the two");
    }
}
