//! `emit!`: generated code.

/// `quote!` with hygiene: local names of the generated code neither see nor shadow the user's. Paths still resolve at the
/// user's item.
macro_rules! emit {
    ($($tokens:tt)*) => {
        ::quote::quote_spanned!(::proc_macro2::Span::mixed_site()=> $($tokens)*)
    };
}

pub(crate) use emit;
