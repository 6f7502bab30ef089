use coral_tools::coral_tool;

/// Submits the report.
#[coral_tool(blocking)]
fn submit_report(title: String);

fn main() {}
