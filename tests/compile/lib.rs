//! Tests of compiler messages: see `compile.rs`.
