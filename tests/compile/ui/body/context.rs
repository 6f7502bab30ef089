use coral_tools::{CallContext, coral_tool};

/// Submits the report.
#[coral_tool]
fn submit_report(title: String, #[context] call: CallContext);

fn main() {}
