//! What the compiler says of each mistake, and what it accepts. See `tests/ui/README.md`.

#[test]
fn mistakes_are_named_where_they_are() {
    trybuild::TestCases::new().compile_fail("ui/*/*.rs");
}

#[test]
fn every_accepted_shape_compiles_and_runs() {
    trybuild::TestCases::new().pass("pass/*.rs");
}
