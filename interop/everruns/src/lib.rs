//! Nothing; see the tests. `cargo test` in this folder runs them.
