use coral_tools::agent_options;

#[agent_options("registry/name-conflicts.json")]
struct Names;

fn main() {}
