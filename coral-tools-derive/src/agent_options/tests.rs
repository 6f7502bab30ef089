//! Snapshots of the expansion of every accepted form. Update them like those in `crate::tests`.

mod decoding;

use std::str::FromStr;

use proc_macro2::TokenStream;

use crate::tests::messages::messages_in;

fn tokens(text: &str) -> TokenStream {
    TokenStream::from_str(text).expect("tokens")
}

/// Returns the messages for the arguments of the attribute and a struct.
fn messages(args: &str, item: &str) -> Vec<String> {
    messages_in(super::agent_options(tokens(args), &tokens(item)))
}

fn expanded(args: &str, item: &str) -> String {
    let expansion = super::agent_options(tokens(args), &tokens(item));
    let file = syn::parse2(expansion).expect("items");
    format!("// #[agent_options({args})]\n// {item}\n\n{}", prettyplease::unparse(&file))
}

macro_rules! snapshots {
    ($($name:ident: $args:literal, $item:literal;)*) => {$(
        #[test]
        fn $name() {
            insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => true}, {
                insta::assert_snapshot!(stringify!($name), expanded($args, $item));
            });
        }
    )*};
}

snapshots! {
    every_kind: "\"src/agent_options/samples/every-kind.json\"", "pub(crate) struct Every;";
    remote: "\"src/agent_options/samples/remote.json\"", "/// Far.\n#[derive(Eq)] struct Far {}";
    linked: "\"src/agent_options/samples/linked.json\", crate = my::tools", "pub struct There;";
    fallback: "\"src/agent_options/tests.rs\"", "#[derive(Eq)] pub struct Wrong;";
    fallback_with_default: "\"src/agent_options/tests.rs\"", "#[derive(Default)] pub struct Wrong;";
}

#[test]
fn a_file_that_cannot_be_read_is_an_error() {
    for (path, message) in [
        ("missing.json", "`missing.json` does not exist in the folder of Cargo.toml"),
        ("src", "`src` cannot be read: "),
        (concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"), "the path must not be absolute"),
    ] {
        let expansion = super::agent_options(tokens(&format!("{path:?}")), &tokens("struct Wrong;"));
        assert!(!expansion.to_string().contains("include_bytes"), "{path}");
        let messages = messages_in(expansion);
        assert!(matches!(&messages[..], [one] if one.starts_with(message)), "{path}: {messages:?}");
    }
}

#[test]
fn a_trailing_comma_is_accepted() {
    let path = "\"src/agent_options/samples/linked.json\"";
    assert_eq!(messages(&format!("{path},"), "struct There;"), [""; 0]);
    assert_eq!(messages(&format!("{path}, crate = my::tools,"), "struct There;"), [""; 0]);
}

#[test]
fn fields_and_derives_that_are_generated_are_rejected() {
    let path = "\"src/agent_options/samples/linked.json\"";
    for (item, message) in [
        ("struct There { a: u8 }", "the fields are generated from the registry agent: write `;` instead"),
        ("struct There(u8);", "the fields are generated from the registry agent: write `;` instead"),
        ("#[derive(Clone)] struct There;", "`#[agent_options]` implements `Clone`: remove it from the derives"),
    ] {
        assert_eq!(messages(path, item), [message], "{item}");
    }
    assert_eq!(messages(path, "#[other(Clone)] struct There {}"), [""; 0]);
}
