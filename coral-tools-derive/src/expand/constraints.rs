//! The constraints of an argument: rows of its table, and checks of its type.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::format_ident;
use syn::{GenericArgument, PathArguments, Type};

use super::spans::{self, const_check};
use crate::emit::emit;
use crate::model::{Argument, Constraint, ConstraintValue, NumberLiteral, Tool};
use crate::settings::ArgKey;

/// ```text
/// #[arg(minimum = 1)]   →   .constraints(&[Constraint::Minimum(Bound::Int(1))])
/// ```
pub(super) fn table(index: usize, Argument { constraints, .. }: &Argument) -> Option<TokenStream> {
    let rows = rows(constraints, &prefix(index));
    (!constraints.is_empty()).then(|| emit!(.constraints(&[#rows])))
}

fn rows(constraints: &[Constraint], prefix: &Ident) -> TokenStream {
    let rows = constraints.iter().enumerate().map(|(nth, one)| constraint(one, &nested(prefix, nth)));
    emit!(#(#rows),*)
}

/// → `Constraint::Minimum(Bound::Int(1))`
fn constraint(Constraint { key, value, .. }: &Constraint, name: &Ident) -> TokenStream {
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
        ConstraintValue::Constant(_) => emit!((#name)),
        ConstraintValue::Items(constraints) => {
            let rows = rows(constraints, name);
            emit!((&[#rows]))
        }
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

/// The start of the names of an argument's constants.
fn prefix(index: usize) -> Ident {
    format_ident!("__CONSTRAINT_{index}", span = Span::mixed_site())
}

fn nested(prefix: &Ident, nth: usize) -> Ident {
    format_ident!("{prefix}_{nth}", span = Span::mixed_site())
}

/// ```text
/// #[arg(min_length = 1)] a: u32     →   const _: () = check_constraint(ParameterType::<u32>::KIND, &…);
/// #[context] a: u32                 →   const _: () = check_context(ParameterType::<u32>::IS_PLAIN);
/// ```
///
/// The compiler reports the first at the constraint, the second at the type.
pub(super) fn checks(tool: &Tool) -> TokenStream {
    let constraints = tool.arguments().enumerate();
    let constraints =
        constraints.map(|(index, argument)| checks_of_type(&argument.ty, &argument.constraints, &prefix(index)));
    let contexts = tool.contexts().map(|ty| {
        let arguments = emit!(__rt::ParameterType::<#ty>::IS_PLAIN);
        const_check(ty, &emit!(__rt::check_context), arguments)
    });
    constraints.chain(contexts).collect()
}

fn checks_of_type(ty: &Type, constraints: &[Constraint], prefix: &Ident) -> TokenStream {
    let checks = constraints.iter().enumerate().map(|(nth, one)| {
        let name = nested(prefix, nth);
        let items = match (&one.value, item_type(ty)) {
            (ConstraintValue::Items(constraints), Some(ty)) => checks_of_type(ty, constraints, &name),
            (ConstraintValue::Items(constraints), None) => constants(constraints, &name),
            _ => TokenStream::new(),
        };
        let constant = constant(one, &name);
        let constraint = constraint(one, &name);
        let arguments = emit!(__rt::ParameterType::<#ty>::KIND, &#constraint);
        let check = const_check(&one.tokens, &emit!(__rt::check_constraint), arguments);
        emit!(#items #constant #check)
    });
    checks.collect()
}

fn constants(constraints: &[Constraint], prefix: &Ident) -> TokenStream {
    constraints.iter().enumerate().filter_map(|(nth, one)| constant(one, &nested(prefix, nth))).collect()
}

/// Returns the type of the items of an array, as far as tokens show.
fn item_type(ty: &Type) -> Option<&Type> {
    let path = match ty {
        Type::Group(ty) => return item_type(&ty.elem),
        Type::Paren(ty) => return item_type(&ty.elem),
        Type::Array(ty) => return Some(&ty.elem),
        Type::Path(ty) => ty.path.segments.last()?,
        _ => return None,
    };
    let PathArguments::AngleBracketed(arguments) = &path.arguments else { return None };
    let Some(GenericArgument::Type(argument)) = arguments.args.first() else { return None };
    match path.ident.to_string().as_str() {
        "Option" => item_type(argument),
        "Vec" | "VecDeque" | "HashSet" | "BTreeSet" => Some(argument),
        _ => None,
    }
}
