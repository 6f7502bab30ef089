use coral_tools::IntoToolError;

#[derive(IntoToolError)]
fn order() {}

fn main() {}
