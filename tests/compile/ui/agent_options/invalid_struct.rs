use coral_tools::agent_options;

#[agent_options("registry/agent.json")]
enum Choice {
    A,
}

#[agent_options("registry/agent.json")]
fn function() {}

#[agent_options("registry/missing.json")]
#[derive(Debug, Hash, Default)]
struct Everything<T> {
    field: T,
}

#[agent_options("registry/agent.json")]
struct Tuple(u8);

fn main() {}
