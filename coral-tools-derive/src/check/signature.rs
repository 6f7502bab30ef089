//! Signatures that a tool cannot have.

use syn::{FnArg, Receiver, ReceiverKind, Safety};

use crate::errors::Errors;
use crate::function::FORM;
use crate::model::Tool;

/// Checks `self`: a free function has none, a method takes `&self`.
pub(super) fn has_valid_receiver(tool: &Tool, errors: &Errors) {
    let receiver = match tool.function.sig.inputs.first() {
        Some(FnArg::Receiver(receiver)) => Some(receiver),
        _ => None,
    };
    match (&tool.owner, receiver) {
        (None, Some(receiver)) => reject_method(receiver, errors),
        (None, None) if tool.function.is_associated => {
            let message = format!(
                "a tool must be a free function, or a method of a block with `#[coral_tools]`: move it out of the `impl` block \
                 or trait\n\n{FORM}"
            );
            errors.report(&tool.function.sig.ident, message);
        }
        (Some(_), None) => {
            errors.report(
                &tool.function.sig.ident,
                "a tool in an `impl` block must take `&self`: add it, or move the function out of the block",
            );
        }
        (Some(_), Some(Receiver { kind: ReceiverKind::Reference(_, None, None), .. })) | (None, None) => {}
        (Some(_), Some(receiver)) => {
            errors.report(
                receiver,
                "a tool must take `&self`, because calls run at the same time: put a value that changes into a `Mutex`",
            );
        }
    }
}

fn reject_method(receiver: &Receiver, errors: &Errors) {
    errors.report(
        receiver,
        "a tool cannot be a method: take the application's state with `#[context] State(app): State<App>` instead of \
             `self`, or write `#[coral_tools]` above the `impl` block",
    );
}

pub(super) fn has_no_generics(tool: &Tool, errors: &Errors) {
    let generics = &tool.function.sig.generics;
    if !generics.params.is_empty() {
        errors.report(&generics.params, "a tool cannot be generic: use concrete types");
    } else if let Some(clause) = &generics.where_clause {
        errors.report(clause, "a tool cannot have a `where` clause: remove it");
    }
}

pub(super) fn has_no_qualifiers(tool: &Tool, errors: &Errors) {
    let sig = &tool.function.sig;
    if let Some(constness) = &sig.constness {
        errors.report(constness, "a tool cannot be `const`: remove it");
    }
    if let Safety::Unsafe(unsafety) = &sig.safety {
        errors.report(unsafety, "a tool cannot be `unsafe`, because agents may call it with any arguments: remove it");
    }
    if let Some(abi) = &sig.abi {
        errors.report(abi, "a tool cannot be `extern`: remove it");
    }
    if let Some(variadic) = &sig.variadic {
        errors.report(variadic, "a tool cannot be variadic: write a parameter for each argument");
    }
}

pub(super) fn is_not_async_and_blocking(tool: &Tool, errors: &Errors) {
    if let (true, Some(span)) = (tool.is_async(), tool.blocking) {
        errors.report_at(span, "a tool cannot be both `async` and `blocking`: remove one");
    }
}
