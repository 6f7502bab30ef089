//! The constraints of an argument: rows of its table, and checks of its type.

use proc_macro2::{Ident, Literal, Span, TokenStream};

use super::spans::const_check;
use crate::emit::emit;
use crate::model::{Argument, Constraint, ConstraintValue, NumberLiteral, Tool};

/// ```text
/// #[arg(minimum = 1)]   →   .constraints(&[Constraint::Minimum(Bound::Int(1))])
/// ```
pub(super) fn table(argument: &Argument) -> Option<TokenStream> {
    let constraints = argument.constraints.iter().map(constraint);
    (!argument.constraints.is_empty()).then(|| emit!(.constraints(&[#(#constraints),*])))
}

/// → `Constraint::Minimum(Bound::Int(1))`
fn constraint(Constraint { key, value, .. }: &Constraint) -> TokenStream {
    let variant = Ident::new(&format!("{key:?}"), Span::mixed_site());
    let value = match value {
        ConstraintValue::Number(NumberLiteral::Int(int)) => {
            let int = Literal::i128_unsuffixed(*int);
            emit!((__rt::Bound::Int(#int)))
        }
        ConstraintValue::Number(NumberLiteral::Float(float)) => {
            let float = Literal::f64_unsuffixed(*float);
            emit!((__rt::Bound::Float(#float)))
        }
        ConstraintValue::Count(count) => {
            let count = Literal::u64_unsuffixed(*count);
            emit!((#count))
        }
        ConstraintValue::String(text) => emit!((#text)),
        ConstraintValue::Flag => TokenStream::new(),
    };
    emit!(__rt::Constraint::#variant #value)
}

/// ```text
/// #[arg(min_length = 1)] a: u32     →   const _: () = check_constraint(ParameterType::<u32>::KIND, &…);
/// #[context] a: u32                 →   const _: () = check_context(ParameterType::<u32>::IS_PLAIN);
/// ```
///
/// The compiler reports the first at the constraint, the second at the type.
pub(super) fn checks(tool: &Tool) -> TokenStream {
    let constraints = tool.arguments().flat_map(|Argument { ty, constraints, .. }| {
        constraints.iter().map(move |one| {
            let constraint = constraint(one);
            let arguments = emit!(__rt::ParameterType::<#ty>::KIND, &#constraint);
            const_check(&one.tokens, &emit!(__rt::check_constraint), arguments)
        })
    });
    let contexts = tool.contexts().map(|ty| {
        let arguments = emit!(__rt::ParameterType::<#ty>::IS_PLAIN);
        const_check(ty, &emit!(__rt::check_context), arguments)
    });
    constraints.chain(contexts).collect()
}
