//! Empty; `cargo test` in this folder runs the tests.
