//! What the compiler says of tools: see `compile.rs`.
