//! The limits of an argument: rows of its table, and checks against its type.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote_spanned;
use syn::ext::IdentExt;

use super::blame::blamed;
use crate::model::{Argument, Bound, Limit, Number, Tool};

/// ```text
/// #[arg(minimum = 1)]   →   .constraints(&[Constraint::Minimum(Bound::Int(1))])
/// ```
pub(super) fn table(tool: &Tool, argument: &Argument) -> Option<TokenStream> {
    let limits = argument.limits.iter().map(|one| limit(tool, one));
    (!argument.limits.is_empty()).then(|| quote_spanned!(Span::mixed_site()=> .constraints(&[#(#limits),*])))
}

fn limit(tool: &Tool, Limit { key, bound, .. }: &Limit) -> TokenStream {
    let rt = &tool.rt;
    let variant = variant(key);
    let value = match bound {
        Bound::Number(Number::Int(int)) => {
            let int = Literal::i128_unsuffixed(*int);
            quote_spanned!(Span::mixed_site()=> (#rt::Bound::Int(#int)))
        }
        Bound::Number(Number::Float(float)) => {
            let float = Literal::f64_unsuffixed(*float);
            quote_spanned!(Span::mixed_site()=> (#rt::Bound::Float(#float)))
        }
        Bound::Count(count) => {
            let count = Literal::u64_unsuffixed(*count);
            quote_spanned!(Span::mixed_site()=> (#count))
        }
        Bound::Text(text) => quote_spanned!(Span::mixed_site()=> (#text)),
        Bound::Flag => TokenStream::new(),
    };
    quote_spanned!(Span::mixed_site()=> #rt::Constraint::#variant #value)
}

/// `min_length` → `MinLength`
fn variant(key: &Ident) -> Ident {
    let words = key.unraw().to_string();
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    Ident::new(&words.split('_').map(capital).collect::<String>(), Span::mixed_site())
}

/// ```text
/// #[arg(min_length = 1)] a: u32     →   const _: () = check_constraint(ParameterType::<u32>::KIND, &…);
/// #[context] a: u32                 →   const _: () = check_context(ParameterType::<u32>::IS_PLAIN);
/// ```
///
/// The first stands at the limit, the second at the type: the tokens that the compiler then blames.
pub(super) fn checks(tool: &Tool) -> TokenStream {
    let rt = &tool.rt;
    let limits = tool.visible().flat_map(|argument| argument.limits.iter().map(move |limit| (argument, limit)));
    let limits = limits.map(|(Argument { ty, .. }, one)| {
        let limit = limit(tool, one);
        let arguments = quote_spanned!(Span::mixed_site()=> #rt::ParameterType::<#ty>::KIND, &#limit);
        blamed(&one.tokens, &quote_spanned!(Span::mixed_site()=> #rt::check_constraint), arguments)
    });
    let contexts = tool.contexts().map(|ty| {
        let arguments = quote_spanned!(Span::mixed_site()=> #rt::ParameterType::<#ty>::IS_PLAIN);
        blamed(ty, &quote_spanned!(Span::mixed_site()=> #rt::check_context), arguments)
    });
    limits.chain(contexts).collect()
}
