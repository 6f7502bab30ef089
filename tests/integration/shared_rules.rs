//! The rules that the macros and the library share.

#[test]
fn both_crates_have_the_same_rules() {
    let library = include_str!("../../coral-tools/src/rules.rs");
    let macros = include_str!("../../coral-tools-derive/src/rules.rs");
    assert!(library == macros, "the files differ: copy the one that you edited over the other");
}
