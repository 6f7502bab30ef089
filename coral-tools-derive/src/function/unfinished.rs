//! A function whose signature is not finished, as an editor sends it while its user types.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::FnArg;

use super::Function;

/// The largest number of commas in the type of a parameter. Each end of a parameter that is not finished is tried.
const MAX_COMMAS: usize = 16;

/// Parses a function without the parameters that are not finished, and without a `->` that no type follows. The compiler
/// reports them itself.
pub(super) fn parse(item: &TokenStream) -> Option<Function> {
    let mut function: Function = syn::parse2(finished_parts(item)?).ok()?;
    function.is_unfinished = true;
    Some(function)
}

fn finished_parts(item: &TokenStream) -> Option<TokenStream> {
    let mut tokens: Vec<_> = item.clone().into_iter().collect();
    let keyword = tokens.iter().position(|token| matches!(token, TokenTree::Ident(ident) if ident == "fn"))?;
    let params = keyword + tokens[keyword..].iter().position(|token| is_group(token, Delimiter::Parenthesis))?;
    if let TokenTree::Group(group) = &tokens[params] {
        let mut finished = Group::new(Delimiter::Parenthesis, finished_params(group.stream())?);
        finished.set_span(group.span());
        tokens[params] = finished.into();
    }
    if let [minus, greater, body, ..] = &tokens[params + 1..]
        && is_punct(minus, "-")
        && is_punct(greater, ">")
        && is_group(body, Delimiter::Brace)
    {
        tokens.drain(params + 1..=params + 2);
    }
    Some(tokens.into_iter().collect())
}

/// Returns the parameters without those that are not finished; `None` if one is wrong in another way.
fn finished_params(tokens: TokenStream) -> Option<TokenStream> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    // A type may contain commas itself: a parameter is the shortest run of pieces that is one.
    let pieces: Vec<_> = tokens.split_inclusive(|token| is_punct(token, ",")).collect();
    let mut finished = Vec::new();
    let mut start = 0;
    while start < pieces.len() {
        let last_end = pieces.len().min(start + 1 + MAX_COMMAS);
        let param = (start + 1..=last_end).find_map(|end| {
            let param = without_comma(pieces[start..end].concat());
            is_param(&param).then_some((param, end))
        });
        match param {
            Some((param, end)) => {
                finished.push(param);
                start = end;
            }
            None if is_unfinished(&without_comma(pieces[start].to_vec())) => start += 1,
            None => return None,
        }
    }
    let finished = finished.into_iter().map(|param| param.into_iter().collect::<TokenStream>());
    Some(finished.map(|param| quote::quote!(#param,)).collect())
}

fn without_comma(mut piece: Vec<TokenTree>) -> Vec<TokenTree> {
    piece.pop_if(|last| is_punct(last, ","));
    piece
}

fn is_param(tokens: &[TokenTree]) -> bool {
    syn::parse2::<FnArg>(tokens.iter().cloned().collect()).is_ok()
}

/// Whether more tokens must follow: attributes alone, a name without a type, or an incomplete type.
fn is_unfinished(param: &[TokenTree]) -> bool {
    let mut param = param;
    while let [hash, attribute, rest @ ..] = param
        && is_punct(hash, "#")
        && is_group(attribute, Delimiter::Bracket)
    {
        param = rest;
    }
    match param {
        [] | [TokenTree::Ident(_)] => true,
        [TokenTree::Ident(keyword), TokenTree::Ident(_)] => keyword == "mut",
        [.., last] => [":", "<", "&"].iter().any(|punct| is_punct(last, punct)),
    }
}

fn is_punct(token: &TokenTree, punct: &str) -> bool {
    matches!(token, TokenTree::Punct(own) if punct.starts_with(own.as_char()))
}

fn is_group(token: &TokenTree, delimiter: Delimiter) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == delimiter)
}

#[cfg(test)]
mod tests {
    use super::finished_params;

    fn finished(params: &str) -> Option<String> {
        let tokens = params.parse().expect("tokens");
        finished_params(tokens).map(|tokens| tokens.to_string().replace(' ', ""))
    }

    #[test]
    fn parameters_that_are_not_finished_are_left_out() {
        let cases = [
            ("a: u32, name: ", "a:u32,"),
            ("name: , a: u32", "a:u32,"),
            ("nam", ""),
            ("a: u32, mut nam", "a:u32,"),
            ("name: Option<, a: HashMap<String, u32>", "a:HashMap<String,u32>,"),
            ("a: u32, name: &", "a:u32,"),
            ("#[arg(min_length = )] ", ""),
            ("#[arg(minimum = 1)] a: (u8, u8), name: std::", "#[arg(minimum=1)]a:(u8,u8),"),
            ("a: u32", "a:u32,"),
        ];
        for (params, expected) in cases {
            assert_eq!(finished(params).as_deref(), Some(expected), "{params}");
        }
    }

    /// Otherwise the work would grow with the cube of the number of parameters.
    #[test]
    fn the_commas_in_a_type_are_limited() {
        let with_commas = |commas: usize| finished(&format!("a: Wide<{}u8>, name: ", "u8, ".repeat(commas)));
        assert!(with_commas(16).is_some());
        assert_eq!(with_commas(17), None);
    }

    #[test]
    fn parameters_with_other_errors_are_not_left_out() {
        for params in ["a = 1", "a: u32 = 1", "1", "a: u32,, b: u32 = 2"] {
            assert_eq!(finished(params), None, "{params}");
        }
    }
}
