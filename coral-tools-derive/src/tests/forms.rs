//! Single forms of functions, blocks and toolsets: those that are accepted, and the message for each that is not.

use std::str::FromStr;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

use super::messages::messages_in;

fn tokens(text: &str) -> TokenStream {
    TokenStream::from_str(text).expect("tokens")
}

/// A fragment of `macro_rules!`, which is in an invisible group.
fn fragment(text: &str) -> TokenTree {
    Group::new(Delimiter::None, tokens(text)).into()
}

fn expanded(args: &str, item: &TokenStream) -> TokenStream {
    crate::pipeline::coral_tool(tokens(args), item, false)
}

/// Returns the messages for a function with a description.
fn messages(args: &str, function: &str) -> Vec<String> {
    messages_in(expanded(args, &tokens(&format!("/// Takes.\n{function}"))))
}

fn expanded_toolset(entries: &TokenStream) -> String {
    crate::toolset::toolset(quote!(::coral_tools; #entries)).to_string()
}

#[test]
fn owned_types_are_accepted() {
    for function in [
        "fn take(a: Box<dyn Rule + 'static>) {}",
        "fn take(#[context] a: State<&'static Db>) {}",
        "fn take(#[context] a: Rc<dyn for<'a> Fn(&'a str)>) {}",
        "fn take() -> &'static str { \"\" }",
        "fn take() -> Vec<&'static str> { vec![] }",
    ] {
        assert_eq!(messages("", function), [""; 0], "{function}");
    }
}

#[test]
fn borrowed_types_are_rejected() {
    for (function, message) in [
        ("fn take(a: (u8, &str)) {}", "a parameter of a tool must be owned: use `String`"),
        ("fn take(a: &[u8]) {}", "a parameter of a tool must be owned: use `Vec<u8>`"),
        ("fn take(a: &(u8, u8)) {}", "a parameter of a tool must be owned: use the type without `&`"),
        ("fn take(#[context] a: &Db) {}", "a parameter of a tool must be owned: use the type without `&`"),
        ("fn take(#[context] a: &'a Db) {}", "a parameter of a tool must be owned: use the type without `&`"),
        ("fn take(#[context] a: Db<'a>) {}", "a parameter of a tool cannot borrow (`'a`): use `'static`"),
        ("fn take() -> Vec<&str> { vec![] }", "the return value of a tool must be owned: use `String`"),
        ("fn take() -> (&'static str, &str) { todo() }", "the return value of a tool must be owned: use `String`"),
    ] {
        assert_eq!(messages("", function), [message], "{function}");
    }
}

#[test]
fn a_returned_future_is_rejected_with_its_output() {
    for (ty, output) in [
        ("impl Future<Output = u8> + Send", " -> u8"),
        ("(impl Future<Output = u8>)", " -> u8"),
        ("impl Future<Output = ()>", ""),
        ("impl Future<Output = (u8, u8)>", " -> (u8 , u8)"),
        ("impl Future<Item = u8>", " -> Output"),
        ("impl Send + std::future::Future", " -> Output"),
        ("Pin<Box<dyn Future<Output = u8>>>", " -> u8"),
        ("BoxFuture<'static, u8>", " -> u8"),
        ("LocalBoxFuture<'static, u8>", " -> u8"),
    ] {
        let message = format!("a tool returns a value, not a future: write `async fn take(…){output}`");
        assert_eq!(messages("", &format!("fn take() -> {ty} {{ todo() }}")), [message.replace(" ,", ",")], "{ty}");
    }
    let future = fragment("impl Future<Output = u8>");
    let messages = messages_in(expanded("", &quote!(#[doc = "Takes."] fn take() -> #future {})));
    assert_eq!(messages, ["a tool returns a value, not a future: write `async fn take(…) -> u8`"]);
}

#[test]
fn a_function_in_an_impl_block_has_one_error_and_no_stub() {
    let expansion = crate::pipeline::coral_tool(TokenStream::new(), &tokens("/// Takes.\nfn take() {}"), true);
    assert!(!expansion.to_string().contains("struct take"), "{expansion}");
    let messages = messages_in(expansion);
    assert!(matches!(&messages[..], [one] if one.starts_with("a tool must be a free function")), "{messages:?}");
    let messages = self::messages("", "fn take(&self) {}");
    assert!(matches!(&messages[..], [one] if one.starts_with("a tool cannot be a method")), "{messages:?}");
}

#[test]
fn a_signature_that_is_not_finished_has_only_a_stub() {
    for function in [
        "pub fn take(a: u32, name: ) -> u32 { a }",
        "pub async fn take(a: u32, nam) -> u32 { a }",
        "fn take(a: Option<) {}",
        "pub fn take(a: u32) -> { a }",
        "fn take() -> {}",
    ] {
        let expansion = expanded("", &tokens(&format!("/// Takes.\n{function}")));
        assert!(expansion.to_string().contains("struct take"), "{function}: {expansion}");
        assert_eq!(messages_in(expansion), [""; 0], "{function}");
    }
}

#[test]
fn values_at_the_end_of_a_range_are_accepted() {
    for args in ["timeout = \"1ms\"", "timeout = \"10m\"", "once = \"24h\"", "once = \"1s\""] {
        assert_eq!(messages(args, "fn take() {}"), [""; 0], "{args}");
    }
    for args in ["timeout = \"600001ms\"", "timeout = \"11m\"", "once = \"86401s\""] {
        let messages = messages(args, "fn take() {}");
        assert!(matches!(&messages[..], [one] if one.contains("must be at most")), "{args}: {messages:?}");
    }
}

#[test]
fn a_path_of_a_trait_is_not_the_path_of_the_library() {
    let messages = messages("crate = <u8 as Trait>::tools", "fn take() {}");
    assert_eq!(messages, ["`crate` expects a path: `crate = my_crate::coral_tools`"]);
}

#[test]
fn the_items_of_a_list_may_repeat() {
    assert_eq!(messages("", "fn take(#[arg(items(unique_items = false))] a: Vec<Vec<u8>>) {}"), [""; 0]);
    let messages = messages("", "fn take(#[arg(items(default))] a: Vec<u8>) {}");
    assert_eq!(messages, ["`default` is not a constraint of items: write it beside `items(…)`"]);
}

/// Otherwise the constraints would only be compared with the schema when the tool is built.
#[test]
fn constraints_of_items_are_compared_with_the_type_of_the_items() {
    for ty in ["Vec<u8>", "[u8; 2]", "(Vec<u8>)", "Option<BTreeSet<u8>>"] {
        let item = tokens(&format!("/// Takes.\nfn take(#[arg(items(minimum = 1))] a: {ty}) {{}}"));
        let expansion = expanded("", &item).to_string();
        assert!(expansion.contains("ParameterType :: < u8 > :: KIND"), "{ty}: {expansion}");
    }
    let ty = fragment("Vec<u8>");
    let item = quote!(#[doc = "Takes."] fn take(#[arg(items(minimum = 1))] a: #ty) {});
    assert!(expanded("", &item).to_string().contains("ParameterType :: < u8 > :: KIND"));
}

#[test]
fn a_default_in_braces_is_empty_or_an_expression() {
    let default = |value: &str| {
        let item = tokens(&format!("/// Takes.\nfn take(#[arg(default = {value})] a: Map) {{}}"));
        expanded("", &item).to_string()
    };
    assert!(default("{}").contains("EmptyMap"));
    assert!(!default("{ map() }").contains("EmptyMap"));
    assert!(default("{ map() }").contains("map ()"));
}

/// The compiler reports a string that is not of the type at the string.
#[test]
fn a_string_as_default_has_the_type_of_a_string() {
    let item = tokens("/// Takes.\nfn take(#[arg(default = \"high\")] a: Priority) {}");
    assert!(expanded("", &item).to_string().contains("text_value (\"high\")"));
}

#[test]
fn attributes_of_derive_macros_are_rejected_with_a_replacement() {
    for (attribute, replacement) in [
        ("serde(rename = \"b\", default)", "write `#[arg(rename = \"…\", default)]`"),
        ("validate(email)", "write `#[arg(format = \"email\")]`"),
        ("serde(default, skip)", "write `#[arg(…)]`, or make"),
        ("serde", "write `#[arg(…)]`, or make"),
    ] {
        let messages = messages("", &format!("fn take(#[{attribute}] a: u8) {{}}"));
        assert!(matches!(&messages[..], [one] if one.contains(replacement)), "{attribute}: {messages:?}");
    }
}

#[test]
fn a_misspelled_context_is_one_error() {
    let messages = messages("", "fn take(#[contxt] State(app): State<App>) {}");
    assert_eq!(messages, ["unknown attribute: did you mean `#[context]`?"]);
}

#[test]
fn a_name_that_no_rule_makes_valid_is_an_error_of_the_name() {
    let messages = messages("rename_all = \"kebab-case\"", "fn take(größe: u8) {}");
    assert!(matches!(&messages[..], [one] if !one.contains("kebab-case")), "{messages:?}");
}

#[test]
fn only_doc_attributes_are_the_description() {
    let item = tokens("/// Takes.\n#[must_use = \"it is the receipt\"]\nfn take() -> u8 { 1 }");
    assert!(expanded("", &item).to_string().contains("Definition :: new (\"Takes.\")"));
    let text = fragment("\"Takes.\"");
    let item = quote!(#[doc = #text] fn take() {});
    assert!(expanded("", &item).to_string().contains("Definition :: new (\"Takes.\")"));
}

#[test]
fn blocks_with_a_where_clause_are_rejected() {
    let block = tokens("impl Shop where Shop: Clone { /// Takes.\n #[coral_tool] fn take(&self) {} }");
    let messages = messages_in(crate::pipeline::coral_tools(TokenStream::new(), &block));
    assert_eq!(messages, ["an `impl` block with tools cannot have a `where` clause: remove it"]);
}

#[test]
fn only_plain_paths_are_imported_by_a_toolset() {
    let tool = fragment("shop::take");
    assert!(expanded_toolset(&quote!(#tool)).contains("as __tool_0"));
    for entry in ["Self", "<Shop as Tools>::Take", "Take<u8>", "Generic<u8>::Take"] {
        let expansion = expanded_toolset(&tokens(entry));
        assert!(!expansion.contains("as __tool_0"), "{entry}: {expansion}");
    }
}
