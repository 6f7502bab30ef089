use coral_tools::agent_options;

#[agent_options("registry/names.json")]
struct Names;

fn main() {}
