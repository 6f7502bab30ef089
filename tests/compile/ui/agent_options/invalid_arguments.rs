use coral_tools::agent_options;

#[agent_options]
struct NoPath;

#[agent_options(registry)]
struct NoString;

#[agent_options("registry/agent.json", name = "x")]
struct UnknownKey;

#[agent_options("registry/missing.json")]
struct NoFile;

#[agent_options("/etc/agent.json")]
struct Absolute;

#[agent_options("registry/truncated.json")]
struct NotJson;

fn main() {
    let _ = NoFile::default().docker();
}
