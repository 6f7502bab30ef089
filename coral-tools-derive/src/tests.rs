//! Snapshots of the expansion of every accepted form. Update with `INSTA_UPDATE=always cargo test -p coral-tools-derive`.

mod forms;
pub(crate) mod messages;

use std::str::FromStr;

use proc_macro2::TokenStream;

use crate::rules::CONSTRAINT_CASES;

/// Returns the formatted expansion of `#[coral_tool(args)] item`.
fn expanded(args: &str, item: &str) -> String {
    let tokens = |text| TokenStream::from_str(text).expect("tokens");
    let expansion = crate::pipeline::coral_tool(tokens(args), &tokens(item), false);
    let file = syn::parse2(expansion).expect("items");
    format!("// #[coral_tool({args})]\n// {}\n\n{}", item.replace('\n', "\n// "), prettyplease::unparse(&file))
}

/// Returns the formatted expansion of `#[coral_tools(args)] item`.
fn expanded_block(args: &str, item: &str) -> String {
    let tokens = |text| TokenStream::from_str(text).expect("tokens");
    let file = syn::parse2(crate::pipeline::coral_tools(tokens(args), &tokens(item))).expect("items");
    format!("// #[coral_tools({args})]\n// {}\n\n{}", item.replace('\n', "\n// "), prettyplease::unparse(&file))
}

#[test]
fn methods() {
    let block = "impl shop::Shop {\n    const LIMIT: u8 = { 3 };\n    /// Finds a pet.\n    #[coral_tool(read_only)]\n    \
        pub async fn find_pet(&self, name: String, #[context] call: CallContext) -> Option<Self::Pet> { todo() }\n    \
        /// Sells.\n    #[cfg(unix)]\n    #[coral_tool(blocking, args = Sale)]\n    fn sell(&self) {}\n    \
        fn helper(&self) -> [u8; 2] { [1, 2] }\n}";
    insta::assert_snapshot!("methods", expanded_block("toolset = shop_tools", block));
}

#[test]
fn methods_fallback() {
    let block = "impl Shop {\n    /// Finds a pet.\n    #[coral_tool]\n    fn find(self, name: String) {}\n}";
    insta::assert_snapshot!("methods_fallback", expanded_block("", block));
}

#[test]
fn methods_may_have_names_outside_of_ascii() {
    let block = "impl Shop { /// Lists the pets.\n #[coral_tool(name = \"list\")] fn übersicht_äußern(&self) {} }";
    let expanded = expanded_block("", block);
    assert!(expanded.contains("struct ShopÜbersichtÄußern"), "{expanded}");
    assert!(!expanded.contains("compile_error"), "{expanded}");
}

macro_rules! snapshots {
    ($($name:ident: $args:literal, $item:literal;)*) => {$(
        #[test]
        fn $name() {
            insta::assert_snapshot!(stringify!($name), expanded($args, $item));
        }
    )*};
}

snapshots! {
    no_parameters: "", "/// Answers at once.\nfn ping() {}";
    sync: "", "/// Adds.\npub fn add(/** One. */ a: u32, mut b: Option<u32>) -> u32 { a + b }";
    asynchronous: "", "/// Saves.\nasync fn save(title: String) -> Result<Receipt, ToolError> { todo() }";
    blocking: "blocking", "/// Saves.\nfn save(title: String) -> Receipt { todo() }";
    contexts: "", "/// Saves.\nasync fn save(title: String, #[context] State(app): State<App>, #[context] call: CallContext) {}";
    constraints: "", "/// Takes.\nfn take(#[arg(minimum = -1, maximum = 2.5)] a: f64, #[arg(min_length = 1, pattern = \"^a\")] b: String, #[arg(unique_items)] c: Vec<u8>) {}";
    constants: "title = TITLE, description = concat!(\"Takes \", \"it.\")", "fn take(#[arg(minimum = limits::LOW, maximum = 2 * HIGH)] a: u8, #[arg(min_length = MIN, pattern = CODE, default = DEFAULT)] b: String) {}";
    items: "", "/// Takes.\nfn take(#[arg(max_items = 3, items(min_length = 1, max_length = LIMIT))] a: Option<Vec<String>>, #[arg(items(minimum = LOW))] b: List) {}";
    defaults: "", "/// Takes.\nfn take(#[arg(default)] a: u8, #[arg(default = 1, example = 2)] b: u8) {}";
    defaults_of_collections: "", "/// Takes.\nfn take(#[arg(default = [])] a: Vec<u8>, #[arg(default = {})] b: Map, #[arg(default = [(\"a\", 1)])] c: Map, #[arg(default = Priority::High)] d: Priority) {}";
    renamed: "name = \"take-it\", args = TakeIt, title = \"Take it\"", "/// Takes.\nfn take(#[arg(rename = \"b\")] a: u8, r#type: u8) {}";
    renamed_by_a_rule: "rename_all = \"camelCase\"", "/// Orders.\nfn order(article_number: u64, #[arg(rename = \"how_many\")] number_of_items: u8, r#type: u8) {}";
    hints: "read_only, destructive = false, idempotent, open_world = true, timeout = \"2m\"", "/// Takes.\nfn take() {}";
    once: "once = \"10m\"", "/// Orders.\nfn order(article: String) {}";
    flattened: "", "/// Reports.\nfn report(#[arg(flatten)] report: Report) {}";
    flattened_beside_others: "", "/// Lists.\nfn list(author: String, #[arg(flatten)] page: Paging, #[arg(default = 1)] year: u16) {}";
    documented_by_a_file: "", "#[doc = include_str!(\"take.md\")]\n/// More.\nfn take() {}";
    attributes: "crate = my::tools", "#[deprecated]\n#[cfg(unix)]\n#[allow(dead_code)]\n#[must_use]\n/// Takes.\npub(crate) fn take(a: u8) -> u8 { a }";
    without_a_body: "", "/// Submits.\npub fn submit(/** The title. */ title: String, #[arg(minimum = 1)] stars: u8);";
    without_a_body_fallback: "blocking", "/// Submits.\nasync fn submit(title: String, #[context] call: CallContext) -> u8;";
    fallback: "titel = \"x\"", "/// Takes.\nfn take(#[arg(minimum = 1)] a: u8, b: &str) -> u8 { a }";
    not_a_function: "", "/// A report.\nstruct Report { title: String }";
}

#[test]
fn toolset() {
    let entries = "add, #[cfg(unix)] more::subtract, Generic<u8>";
    let expansion =
        crate::toolset::toolset(TokenStream::from_str(&format!("::coral_tools; {entries}")).expect("tokens"));
    let file = syn::parse2(quote::quote!(fn tools() -> Toolset { #expansion })).expect("items");
    insta::assert_snapshot!(format!("// toolset![{entries}]\n\n{}", prettyplease::unparse(&file)));
}

/// Whether `#[coral_tool]` accepts a function whose only parameter has these constraints.
fn is_accepted(ty: &str, constraints: &[(&str, &str)]) -> bool {
    let settings: Vec<_> = constraints.iter().map(|(key, value)| format!("{key} = {value}")).collect();
    let item = format!("/// Takes.\nfn take(#[arg({})] a: {ty}) {{}}", settings.join(", "));
    let tokens = TokenStream::from_str(&item).expect("tokens");
    !crate::pipeline::coral_tool(TokenStream::new(), &tokens, false).to_string().contains("compile_error")
}

#[test]
fn literal_defaults_are_compared_with_the_limits() {
    for (ty, limit, valid, invalid) in [
        ("String", ("min_length", "3"), r#""abc""#, r#""ab""#),
        ("String", ("max_length", "3"), r#""abc""#, r#""abcd""#),
        ("Vec<u8>", ("min_items", "1"), "[1]", "[]"),
        ("Vec<u8>", ("max_items", "1"), "[1]", "[1, 2]"),
        ("i8", ("minimum", "-3"), "-3", "-4"),
        ("i8", ("exclusive_minimum", "3"), "4", "3"),
        ("i8", ("exclusive_maximum", "3"), "2", "3"),
        ("i8", ("multiple_of", "3"), "-6", "7"),
    ] {
        assert!(is_accepted(ty, &[limit, ("default", valid)]), "{ty}: {limit:?}, {valid}");
        assert!(!is_accepted(ty, &[limit, ("default", invalid)]), "{ty}: {limit:?}, {invalid}");
    }
}

#[test]
fn a_default_is_not_compared_with_an_invalid_constraint() {
    assert!(!is_accepted("i8", &[("multiple_of", "0"), ("default", "0")]));
}

/// `coral-tools/src/schema/tests/constraints.rs` has the same test for the library.
#[test]
fn constraints_follow_the_rules_of_the_library() {
    for (ty, constraints, is_valid) in CONSTRAINT_CASES {
        assert_eq!(is_accepted(ty, constraints), *is_valid, "{ty}: {constraints:?}");
    }
}
