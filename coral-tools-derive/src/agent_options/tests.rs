//! Snapshots of the expansion of every accepted form. Update them like those in `crate::tests`.

use std::str::FromStr;

use proc_macro2::TokenStream;

fn expanded(args: &str, item: &str) -> String {
    let tokens = |text| TokenStream::from_str(text).expect("tokens");
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
