//! One binary for all integration tests: linking is the slow part.

mod caller;
mod harness;
mod macros;
mod ui;
mod webhook;
mod wire;
