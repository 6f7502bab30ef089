//! The rules that the macros and the library share.

#[test]
fn both_crates_have_the_same_rules() {
    let library = include_str!("../../coral-tools/src/rules.rs");
    let macros = include_str!("../../coral-tools-derive/src/rules.rs");
    assert!(library == macros, "the files differ: copy the one that you edited over the other");
}

#[test]
fn both_crates_decode_blobs_alike() {
    let library = function(include_str!("../../coral-tools/src/registry/option.rs"));
    let macros = function(include_str!("../../coral-tools-derive/src/agent_options/default_value.rs"));
    assert!(library == macros, "the functions `bytes` differ: copy the one that you edited over the other");
}

/// Returns the source of the function `bytes`.
fn function(source: &str) -> &str {
    let (_, function) = source.split_once("fn bytes(").expect("the function");
    function.split_once("\n}\n").expect("its end").0
}
