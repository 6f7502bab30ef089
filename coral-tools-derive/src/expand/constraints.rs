//! The constraints of an argument: rows of its table, and checks of its type.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::format_ident;

use super::spans::{self, const_check};
use crate::emit::emit;
use crate::model::{Argument, Constraint, ConstraintValue, NumberLiteral, Tool};
use crate::settings::ArgKey;

/// ```text
/// #[arg(minimum = 1)]   →   .constraints(&[Constraint::Minimum(Bound::Int(1))])
/// ```
pub(super) fn table(index: usize, argument: &Argument) -> Option<TokenStream> {
    let constraints =
        argument.constraints.iter().enumerate().map(|(nth, one)| constraint(one, &constant_name(index, nth)));
    (!argument.constraints.is_empty()).then(|| emit!(.constraints(&[#(#constraints),*])))
}

/// → `Constraint::Minimum(Bound::Int(1))`
fn constraint(Constraint { key, value, .. }: &Constraint, constant_name: &Ident) -> TokenStream {
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
        ConstraintValue::Constant(_) => emit!((#constant_name)),
        ConstraintValue::Flag => TokenStream::new(),
    };
    emit!(__rt::Constraint::#variant #value)
}

/// ```text
/// #[arg(maximum = LIMIT)]   →   const CONSTRAINT_0_0: Bound = bound(LIMIT as f64);
/// #[arg(pattern = CODE)]    →   const CONSTRAINT_0_0: &str = CODE;
/// ```
///
/// Evaluated once, so that an error is reported once, at the value.
fn constant(constraint: &Constraint, name: &Ident) -> Option<TokenStream> {
    let ConstraintValue::Constant(value) = &constraint.value else { return None };
    let (ty, function) = match constraint.key {
        ArgKey::Pattern => return Some(emit!(const #name: &'static __rt::primitive::str = #value;)),
        ArgKey::MinLength | ArgKey::MaxLength | ArgKey::MinItems | ArgKey::MaxItems => {
            (emit!(__rt::primitive::u64), emit!(__rt::count))
        }
        _ => (emit!(__rt::Bound), emit!(__rt::bound)),
    };
    let number = spans::cast_to_f64(value);
    let value = spans::call(value, &function, number);
    Some(emit!(const #name: #ty = #value;))
}

fn constant_name(index: usize, nth: usize) -> Ident {
    format_ident!("__CONSTRAINT_{index}_{nth}", span = Span::mixed_site())
}

/// ```text
/// #[arg(min_length = 1)] a: u32     →   const _: () = check_constraint(ParameterType::<u32>::KIND, &…);
/// #[context] a: u32                 →   const _: () = check_context(ParameterType::<u32>::IS_PLAIN);
/// ```
///
/// The compiler reports the first at the constraint, the second at the type.
pub(super) fn checks(tool: &Tool) -> TokenStream {
    let constraints = tool.arguments().enumerate().flat_map(|(index, Argument { ty, constraints, .. })| {
        constraints.iter().enumerate().map(move |(nth, one)| {
            let name = constant_name(index, nth);
            let constant = constant(one, &name);
            let constraint = constraint(one, &name);
            let arguments = emit!(__rt::ParameterType::<#ty>::KIND, &#constraint);
            let check = const_check(&one.tokens, &emit!(__rt::check_constraint), arguments);
            emit!(#constant #check)
        })
    });
    let contexts = tool.contexts().map(|ty| {
        let arguments = emit!(__rt::ParameterType::<#ty>::IS_PLAIN);
        const_check(ty, &emit!(__rt::check_context), arguments)
    });
    constraints.chain(contexts).collect()
}
