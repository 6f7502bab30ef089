use coral_tools::coral_tool;

/// Submits the report.
#[coral_tool]
async fn submit_report(title: String);

fn main() {}
