//! coral-tools

#[cfg_attr(
    not(test),
    expect(dead_code, reason = "what calls it is built on top of it")
)]
pub mod schema;
