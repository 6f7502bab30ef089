use coral_tools::coral_tool;

/// Submits the report.
#[coral_tool]
fn submit_report(title: String) -> Result<u64, coral_tools::ToolError>;

fn main() {}
