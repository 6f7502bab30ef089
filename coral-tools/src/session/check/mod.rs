//! What can be said of a request without a server: every rule, all at once.

mod agents;
mod entry;
mod groups;
mod limits;
mod names;
mod session;
mod tools;

#[cfg(feature = "dev")]
pub(crate) use self::entry::java::compile as compile_java;
use super::dialect::Dialect;
use super::request::SessionRequest;
use super::settings::RuntimeSettings;
use crate::build_error::{BuildError, BuildErrors};
use crate::registry::RegistryEntry;

/// Every rule, in the order in which a reader of the request meets what it is about.
const RULES: [fn(&SessionRequest, &mut Faults); 12] = [
    tools::are_sound,
    tools::have_one_name_each,
    agents::can_end,
    agents::have_one_name_each,
    agents::are_sound,
    entry::inspected,
    agents::call_given_tools,
    groups::have_agents,
    session::namespace_is_sound,
    session::settings_are_sound,
    session::deferred_has_no_settings,
    session::extras_are_new,
];

/// What is probably not meant.
const DOUBTS: [fn(&SessionRequest, &mut Faults); 3] = [tools::are_used, groups::have_everyone, entry::unchecked];

pub(super) fn request(request: &SessionRequest) -> Result<(), BuildErrors> {
    findings(request, &RULES).into_result()
}

pub(super) fn request_with<'e>(
    request: &SessionRequest,
    entries: impl IntoIterator<Item = &'e RegistryEntry>,
) -> Result<(), BuildErrors> {
    let mut faults = findings(request, &RULES);
    for entry in entries {
        entry::every_agent_of(request, entry, &mut faults);
    }
    faults.into_result()
}

pub(super) fn request_in(request: &SessionRequest, dialect: Dialect) -> Result<(), BuildErrors> {
    let mut faults = findings(request, &RULES);
    limits::request(request, dialect, &mut faults);
    faults.into_result()
}

pub(super) fn settings(settings: &RuntimeSettings, dialect: Dialect) -> Result<(), BuildErrors> {
    let mut faults = Faults::default();
    session::settings(settings, &mut faults);
    limits::settings(settings, dialect, &mut faults);
    faults.into_result()
}

pub(super) fn namespace(name: &str) -> Result<(), BuildErrors> {
    let mut faults = Faults::default();
    session::namespace(name, &mut faults);
    faults.into_result()
}

pub(super) fn warnings(request: &SessionRequest) -> Vec<BuildError> {
    findings(request, &DOUBTS).0
}

fn findings(request: &SessionRequest, rules: &[fn(&SessionRequest, &mut Faults)]) -> Faults {
    let mut faults = Faults::default();
    for rule in rules {
        rule(request, &mut faults);
    }
    faults
}

/// What has been found so far.
#[derive(Default)]
struct Faults(Vec<BuildError>);

impl Faults {
    fn add(&mut self, subject: impl Into<String>, message: impl Into<String>) {
        self.0.push(BuildError::new(subject, message));
    }

    fn add_all<'a>(&mut self, subject: &str, messages: impl IntoIterator<Item = &'a str>) {
        for message in messages {
            self.add(subject, message);
        }
    }

    /// Adds what has not been said yet.
    fn add_once(&mut self, subject: &str, message: impl Into<String>) {
        let error = BuildError::new(subject, message);
        if !self.0.contains(&error) {
            self.0.push(error);
        }
    }

    fn into_result(self) -> Result<(), BuildErrors> {
        if self.0.is_empty() { Ok(()) } else { Err(BuildErrors::new(self.0)) }
    }
}
