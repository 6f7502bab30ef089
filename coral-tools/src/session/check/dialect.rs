//! Checks that a dialect supports everything that a request uses.

use super::names::agent_subject;
use crate::build_error::ProblemCollector;
use crate::session::agent::Agent;
use crate::session::dialect::{Dialect, TargetServerVersion};
use crate::session::namespace::NamespaceProvider;
use crate::session::request::SessionRequest;
use crate::session::runtime::Runtime;
use crate::session::settings::RuntimeSettings;

pub(super) fn request(request: &SessionRequest, dialect: Dialect, problems: &mut ProblemCollector) {
    if dialect == Dialect::Server1_0 {
        problems
            .add("session", "session requests of coral-server 1.0 are not supported; only `CustomTools::to_json` is");
        return;
    }
    let mut check = DialectCheck { dialect, problems };
    for agent in &request.agents {
        check.agent(agent);
    }
    check.session(request);
    check.settings(&request.settings);
}

pub(super) fn settings(settings: &RuntimeSettings, dialect: Dialect, problems: &mut ProblemCollector) {
    DialectCheck { dialect, problems }.settings(settings);
}

struct DialectCheck<'a> {
    dialect: Dialect,
    problems: &'a mut ProblemCollector,
}

impl DialectCheck<'_> {
    fn agent(&mut self, agent: &Agent) {
        let subject = agent_subject(agent);
        let is_prototype = *agent.provider.runtime() == Runtime::Prototype;
        self.require(TargetServerVersion::Server1_1, &subject, "`annotations`", !agent.annotations.is_empty());
        self.require(TargetServerVersion::Server1_2, &subject, "`proxies`", !agent.proxies.is_empty());
        self.require(TargetServerVersion::Server1_2, &subject, "runtime `prototype`", is_prototype);
        self.require(TargetServerVersion::Next, &subject, "`budgetSettings`", agent.budget.is_some());
    }

    fn session(&mut self, request: &SessionRequest) {
        self.require(TargetServerVersion::Server1_1, "session", "`annotations`", !request.annotations.is_empty());
        self.require(TargetServerVersion::Server1_1, "session", "execution `defer`", request.deferred);
        self.require(TargetServerVersion::Next, "session", "`budgetSettings`", request.budget.is_some());
        let subject = format!("namespace `{}`", request.namespace());
        match &request.namespace {
            NamespaceProvider::UseExisting(_) => {
                self.require(TargetServerVersion::Server1_1, &subject, "`use_existing`", true);
            }
            NamespaceProvider::CreateIfNotExists(namespace) => {
                self.require(
                    TargetServerVersion::Server1_1,
                    &subject,
                    "`annotations`",
                    !namespace.annotations.is_empty(),
                );
                let is_kept = !namespace.delete_on_last_session_exit;
                self.require(TargetServerVersion::Server1_1, &subject, "`deleteOnLastSessionExit`", is_kept);
            }
        }
    }

    fn settings(&mut self, settings: &RuntimeSettings) {
        self.require(TargetServerVersion::Server1_1, "session", "`extendedEndReport`", settings.extended_end_report);
    }

    fn require(&mut self, version: TargetServerVersion, subject: &str, field: &str, is_used: bool) {
        if is_used && self.dialect.server_version() < version {
            let message = format!("{field} requires {version}; `Dialect::{:?}` does not support it", self.dialect);
            self.problems.add(subject, message);
        }
    }
}
