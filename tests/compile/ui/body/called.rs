use coral_tools::coral_tool;

/// Submits the report.
#[coral_tool]
fn submit_report(title: String);

fn main() {
    submit_report("Q4".to_owned());
}
