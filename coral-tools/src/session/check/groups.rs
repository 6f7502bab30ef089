//! Rules about the groups of a request.

use super::names::{agent_subject, quoted};
use crate::build_error::ProblemCollector;
use crate::session::request::SessionRequest;

pub(super) fn contain_agents(request: &SessionRequest, problems: &mut ProblemCollector) {
    for (i, group) in request.groups.iter().enumerate() {
        let subject = format!("group {}", i + 1);
        if group.is_empty() {
            problems.add(&subject, "the group is empty");
        }
        for name in group {
            if !request.agents.iter().any(|agent| agent.name == *name) {
                problems.add(&subject, format!("`{}` is not an agent of this session", quoted(name)));
            }
        }
    }
}

pub(super) fn connect_agents(request: &SessionRequest, problems: &mut ProblemCollector) {
    let is_connected = |name: &String| {
        let groups = request.groups.iter().filter(|group| group.contains(name));
        groups.flatten().any(|member| member != name)
    };
    if request.agents.len() < 2 {
        return;
    }
    for agent in request.agents.iter().filter(|agent| !is_connected(&agent.name)) {
        problems.add(
            agent_subject(agent),
            "it shares no group with another agent, so it cannot see any; add it to a group with `SessionRequest::group`",
        );
    }
}
