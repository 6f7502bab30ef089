//! The generated code passes every lint that users may deny.
#![forbid(missing_docs)]
#![deny(
    warnings,
    missing_debug_implementations,
    missing_copy_implementations,
    non_camel_case_types,
    non_snake_case,
    unreachable_pub,
    unused_qualifications,
    unused_results,
    unused_lifetimes,
    single_use_lifetimes,
    let_underscore_drop,
    absolute_paths_not_starting_with_crate,
    unsafe_code,
    future_incompatible,
    nonstandard_style,
    rust_2018_idioms,
    clippy::all,
    clippy::pedantic
)]

use coral_tools::{Call, CallContext, Toolset, coral_tool, toolset};

/// Public tools.
pub mod tools {
    use coral_tools::{CallContext, Namespace, SessionId, coral_tool};

    /// Adds.
    #[must_use]
    #[coral_tool]
    pub fn add(
        /// One number.
        #[arg(minimum = 0, default = 1, example = 2)]
        a: u32,
        b: Option<u32>,
        #[context] _call: CallContext,
    ) -> u32 {
        a + b.unwrap_or_default()
    }

    /// Waits.
    ///
    /// # Errors
    ///
    /// Never.
    #[coral_tool(blocking, read_only)]
    pub(crate) fn wait(#[context] _session: SessionId, #[context] _namespace: Option<Namespace>) -> Result<(), std::fmt::Error> {
        Ok(())
    }
}

#[deprecated(note = "use `add`")]
#[coral_tool]
/// Adds, deprecated.
fn old_add(a: u32, b: u32) -> u32 {
    a + b
}

#[allow(non_snake_case)]
/// Adds; its name is not in snake case.
#[coral_tool]
async fn Add_In_Capitals(A: u32, #[allow(unused_variables)] b: u32) -> u32 {
    A
}

/// Has unused parameters.
#[coral_tool]
async fn unused(_call_me: Option<String>, #[context] _call: CallContext) {}

fn main() {
    #[allow(deprecated)]
    let tools: Toolset = toolset![tools::add, tools::wait, old_add, Add_In_Capitals, unused];
    assert_eq!(tools.len(), 5);
    assert!(tools.descriptor("add").is_some());
    drop(Call::new("add", b"{}"));
}
