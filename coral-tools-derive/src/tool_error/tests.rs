//! Snapshots of the expansion of every accepted form. Update them like those in `crate::tests`.

use std::str::FromStr;

use proc_macro2::TokenStream;

fn expanded(item: &str) -> String {
    let expansion = super::into_tool_error(TokenStream::from_str(item).expect("tokens"));
    let file = syn::parse2(expansion).expect("items");
    format!("// {}\n\n{}", item.replace('\n', "\n// "), prettyplease::unparse(&file))
}

macro_rules! snapshots {
    ($($name:ident: $item:literal;)*) => {$(
        #[test]
        fn $name() {
            insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => true}, {
                insta::assert_snapshot!(stringify!($name), expanded($item));
            });
        }
    )*};
}

snapshots! {
    every_message: "enum E {\n    Unmarked(Db),\n    #[tool_error(display)]\n    Own { id: u8 },\n    #[tool_error(message = \"full\")]\n    Fixed,\n    #[tool_error(message = FULL)]\n    Constant,\n    #[tool_error(internal)]\n    Hidden,\n    #[tool_error(unknown_session)]\n    Unknown(String),\n    #[tool_error(transparent)]\n    Inner(Inner),\n    #[tool_error(transparent)]\n    NamedInner { inner: ToolError },\n}";
    default_of_enum: "#[tool_error(display, crate = my::tools)]\nenum E {\n    A,\n    #[tool_error(internal)]\n    B(Db),\n}";
    empty_enum: "enum E {}";
    unmarked_struct: "struct E { source: Db }";
    displayed_struct: "#[tool_error(display)]\nstruct E;";
    transparent_struct: "#[tool_error(transparent)]\nstruct E(Inner);";
    generic: "#[tool_error(display)]\nenum E<'a, T: Debug = u8, const N: usize> where T: Clone { A(&'a [T; N]) }";
    fallback: "enum E {\n    #[tool_error(display, message = \"x\")]\n    A,\n}";
}
