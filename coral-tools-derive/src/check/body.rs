//! Tools without a body, whose calls are only recorded.

use syn::ReturnType;

use crate::errors::Errors;
use crate::model::Tool;

/// Rejects what has no meaning without a body.
pub(super) fn is_needed(tool: &Tool, errors: &Errors) {
    let function = &tool.function;
    if function.has_body() {
        return;
    }
    if let Some(asyncness) = &function.sig.asyncness {
        errors.report(asyncness, "a tool without a body is not `async`: remove it, or write a body");
    }
    if let Some(span) = tool.blocking {
        errors.report_at(span, "a tool without a body is not `blocking`: remove it, or write a body");
    }
    if let ReturnType::Type(_, ty) = &function.sig.output {
        errors.report(
            ty,
            "a tool without a body returns nothing: remove the return type, or write a body; the application awaits the \
             call with `Session::next_call`",
        );
    }
}
