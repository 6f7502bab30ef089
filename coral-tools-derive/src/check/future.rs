//! A return type that is a future: `impl Future`, `Pin<Box<dyn Future>>` or `BoxFuture`.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{GenericArgument, Path, PathArguments, PathSegment, Token, Type, TypeParamBound};

/// The output of a future, as far as its type shows.
#[derive(Clone, Copy)]
pub(super) enum Output<'a> {
    Type(&'a Type),
    Unknown,
}

/// Returns the output of a type that is a future.
pub(super) fn output(ty: &Type) -> Option<Output<'_>> {
    match ty {
        Type::ImplTrait(ty) => of_bounds(&ty.bounds),
        Type::TraitObject(ty) => of_bounds(&ty.bounds),
        Type::Paren(ty) => output(&ty.elem),
        Type::Group(ty) => output(&ty.elem),
        Type::Path(ty) => of_path(&ty.path),
        _ => None,
    }
}

pub(super) fn message(function: &Ident, output: Output<'_>) -> String {
    let returns = match output {
        Output::Type(Type::Tuple(unit)) if unit.elems.is_empty() => String::new(),
        Output::Type(ty) => format!(" -> {}", text(ty)),
        Output::Unknown => " -> Output".to_owned(),
    };
    format!("a tool returns a value, not a future: write `async fn {function}(…){returns}`")
}

fn of_bounds(bounds: &Punctuated<TypeParamBound, Token![+]>) -> Option<Output<'_>> {
    let mut paths = bounds.iter().filter_map(|bound| match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last(),
        _ => None,
    });
    let future = paths.find(|segment| segment.ident == "Future")?;
    let output = arguments(future).find_map(|argument| match argument {
        GenericArgument::AssocType(assoc) if assoc.ident == "Output" => Some(&assoc.ty),
        _ => None,
    });
    Some(output.map_or(Output::Unknown, Output::Type))
}

fn of_path(path: &Path) -> Option<Output<'_>> {
    let segment = path.segments.last()?;
    let last = arguments(segment).filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    let last = last.last()?;
    match segment.ident.to_string().as_str() {
        "BoxFuture" | "LocalBoxFuture" => Some(Output::Type(last)),
        "Pin" | "Box" => output(last),
        _ => None,
    }
}

fn arguments(segment: &PathSegment) -> impl Iterator<Item = &GenericArgument> {
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
        _ => None,
    };
    arguments.into_iter().flatten()
}

/// Returns a type as a user writes it.
fn text(ty: &Type) -> String {
    let text = ty.to_token_stream().to_string();
    [(" < ", "<"), (" >", ">"), ("< ", "<"), (" ,", ","), (" :: ", "::"), ("& ", "&")]
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to))
}
