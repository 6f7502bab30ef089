//! Tools without a body.

#![deny(warnings)]

use coral_tools::store::MemoryStore;
use coral_tools::{AgentName, BuildErrors, CallContext, Toolset, coral_tool, toolset};

mod reports {
    /// Submits the report.
    #[coral_tools::coral_tool(name = "submit_report", args = Report, read_only = false, timeout = "2s")]
    pub fn submit(
        /// The title.
        title: String,
        #[arg(minimum = 1, default = 3)] stars: u8,
    );
}

/// Gives up.
#[coral_tool]
fn give_up(#[context] _: CallContext, #[context] AgentName(agent): AgentName);

fn main() -> Result<(), BuildErrors> {
    let tools: Toolset = toolset![reports::Report, give_up];
    let errors = tools.check().expect_err("a toolset without a store").to_string();
    assert_eq!(errors.lines().count(), 2, "{errors}");
    let tools = tools.with_store(MemoryStore::new());
    tools.check()?;
    assert!(tools.descriptor("submit_report").is_some());
    assert_eq!(reports::Report { title: "Q4".into(), stars: 3 }.title, "Q4");
    Ok(())
}
