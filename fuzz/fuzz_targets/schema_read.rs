//! Fuzz target: arbitrary arguments of a tool, which the first byte selects.

#![no_main]

#[allow(dead_code, reason = "requests are for the other target")]
#[path = "../../tests/integration/hostile/oracle.rs"]
mod oracle;
#[path = "../../tests/integration/types.rs"]
mod types;
mod wide_union;

use std::sync::LazyLock;

use coral_tools::{Call, Toolset, coral_tool, toolset};
use libfuzzer_sys::{Corpus, fuzz_target};
use tokio::runtime::{Builder, Runtime};

static TOOLS: LazyLock<Toolset> = LazyLock::new(|| oracle::tools().merge(&toolset![wide]).expect("unique names"));
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_time().build().expect("a runtime"));

/// Returns the value.
#[coral_tool]
fn wide(value: wide_union::Wide) -> wide_union::Wide {
    value
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((first, arguments)) = data.split_first() else { return Corpus::Reject };
    let Some(tool) = TOOLS.descriptors().nth((*first).into()) else { return Corpus::Reject };
    let call = Call::new(tool.name(), arguments).in_session("session");
    let response = RUNTIME.block_on(TOOLS.dispatch(call, &())).into_json();
    if let Err(problem) = oracle::check_call_response(&response, arguments) {
        panic!("{}: {problem}", tool.name());
    }
    Corpus::Keep
});
