//! One binary for all integration tests: linking is the slow part.

mod all_platforms;
mod caller;
mod calls;
mod client;
mod documents;
mod dynamic;
mod everruns;
mod harness;
mod hostile;
mod invalid_arguments;
mod macros;
mod methods;
mod middleware;
mod operations;
mod probe;
mod qoder;
mod registry;
mod sequence;
mod shared_rules;
mod shutdown;
mod state;
mod toolset;
mod typed_errors;
mod types;
mod webhook;
mod wire;
