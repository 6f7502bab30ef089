//! What a dialect cannot say.

use super::names::of_agent;
use crate::build_error::Problems;
use crate::session::agent::Agent;
use crate::session::dialect::{Dialect, ServerVersion};
use crate::session::namespace::NamespaceProvider;
use crate::session::request::SessionRequest;
use crate::session::runtime::Runtime;
use crate::session::settings::RuntimeSettings;

pub(super) fn request(request: &SessionRequest, dialect: Dialect, problems: &mut Problems) {
    if dialect == Dialect::Server1_0 {
        problems.add(
            "session",
            "coral-server 1.0 takes another request, with an application's key in it; only `customTools` can be written for it",
        );
        return;
    }
    let mut limits = DialectCheck { dialect, problems };
    for agent in &request.agents {
        limits.agent(agent);
    }
    limits.session(request);
    limits.settings(&request.settings);
}

pub(super) fn settings(settings: &RuntimeSettings, dialect: Dialect, problems: &mut Problems) {
    DialectCheck { dialect, problems }.settings(settings);
}

struct DialectCheck<'a> {
    dialect: Dialect,
    problems: &'a mut Problems,
}

impl DialectCheck<'_> {
    fn agent(&mut self, agent: &Agent) {
        let subject = of_agent(agent);
        let prototype = agent.provider.runtime() == Runtime::Prototype;
        self.since(ServerVersion::Server1_1, &subject, "annotations", !agent.annotations.is_empty());
        self.since(ServerVersion::Server1_2, &subject, "proxies", !agent.proxies.is_empty());
        self.since(ServerVersion::Server1_2, &subject, "runtime `prototype`", prototype);
        self.since(ServerVersion::Next, &subject, "budgetSettings", agent.budget.is_some());
    }

    fn session(&mut self, request: &SessionRequest) {
        self.since(ServerVersion::Server1_1, "session", "annotations", !request.annotations.is_empty());
        self.since(ServerVersion::Server1_1, "session", "execution `defer`", request.deferred);
        self.since(ServerVersion::Next, "session", "budgetSettings", request.budget.is_some());
        let subject = format!("namespace `{}`", request.namespace());
        match &request.namespace {
            NamespaceProvider::UseExisting(_) => self.since(ServerVersion::Server1_1, &subject, "use_existing", true),
            NamespaceProvider::CreateIfNotExists(namespace) => {
                self.since(ServerVersion::Server1_1, &subject, "annotations", !namespace.annotations.is_empty());
                let kept = !namespace.delete_on_last_session_exit;
                self.since(ServerVersion::Server1_1, &subject, "deleteOnLastSessionExit", kept);
            }
        }
    }

    fn settings(&mut self, settings: &RuntimeSettings) {
        self.since(ServerVersion::Server1_1, "session", "extendedEndReport", settings.extended_end_report);
    }

    fn since(&mut self, since: ServerVersion, subject: &str, field: &str, is_said: bool) {
        if is_said && self.dialect.server_version() < since {
            let message = format!("{field} came with {since}; `Dialect::{:?}` cannot say it", self.dialect);
            self.problems.add(subject, message);
        }
    }
}
