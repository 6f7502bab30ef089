//! Rules about the groups of a request.

use super::names::{of_agent, shown};
use crate::build_error::Problems;
use crate::session::request::SessionRequest;

pub(super) fn have_agents(request: &SessionRequest, problems: &mut Problems) {
    for (i, group) in request.groups.iter().enumerate() {
        let subject = format!("group {}", i + 1);
        if group.is_empty() {
            problems.add(&subject, "nobody is in it");
        }
        for name in group {
            if !request.agents.iter().any(|agent| agent.name == *name) {
                problems.add(&subject, format!("`{}` is no agent of this session", shown(name)));
            }
        }
    }
}

pub(super) fn have_everyone(request: &SessionRequest, problems: &mut Problems) {
    let knows_someone = |name: &String| {
        let groups = request.groups.iter().filter(|group| group.contains(name));
        groups.flatten().any(|member| member != name)
    };
    if request.agents.len() < 2 {
        return;
    }
    for agent in request.agents.iter().filter(|agent| !knows_someone(&agent.name)) {
        problems.add(
            of_agent(agent),
            "it shares a group with nobody, so it knows of no other agent; say `SessionRequest::group`",
        );
    }
}
