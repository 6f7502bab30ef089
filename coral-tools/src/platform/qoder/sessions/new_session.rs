//! The request for a new session.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;

use serde_json::{Value, json};

use crate::build_error::BuildErrors;
use crate::platform::qoder::agents::AgentRef;
use crate::platform::qoder::body::BodyBuilder;
use crate::platform::qoder::sessions::new_event::NewEvent;
use crate::platform::qoder::sessions::resource::Resource;
use crate::toolset::Toolset;

const FLUSH_INTERVAL_MS: RangeInclusive<u64> = 50..=5_000;
const MAX_INITIAL_EVENTS: usize = 50;
const INITIAL_EVENTS: [&str; 3] = ["user.message", "user.define_outcome", "system.message"];
const KNOWN_FIELDS: [&str; 11] = [
    "agent",
    "environment_id",
    "title",
    "metadata",
    "delta_flush_interval_ms",
    "memory_store_ids",
    "resources",
    "vault_ids",
    "budget",
    "initial_events",
    "environment_variables",
];

/// The request for a new session.
///
/// ```
/// use coral_tools::platform::qoder::{AgentRef, NewSession, Resource};
/// use serde_json::json;
///
/// let session = NewSession::new(AgentRef::new("agent_1").version(2), "env_1")
///     .title("My session")
///     .metadata("purpose", "demo")
///     .resource(Resource::file("file_1"));
/// assert_eq!(
///     session.to_json()?,
///     json!({
///         "agent": {"id": "agent_1", "type": "agent", "version": 2},
///         "environment_id": "env_1",
///         "title": "My session",
///         "metadata": {"purpose": "demo"},
///         "resources": [{"type": "file", "file_id": "file_1"}],
///     }),
/// );
/// # Ok::<(), coral_tools::BuildErrors>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct NewSession {
    body: BodyBuilder,
    agent: AgentRef,
    resources: Vec<Resource>,
    initial_events: Vec<NewEvent>,
    variables: EnvironmentVariables,
}

impl NewSession {
    /// A session of an agent, given by its id or an [`AgentRef`], in an environment.
    pub fn new(agent: impl Into<AgentRef>, environment_id: &str) -> Self {
        let mut body = BodyBuilder::new("the session");
        body.set("environment_id", environment_id);
        if environment_id.is_empty() {
            body.problem("`environment_id` is empty");
        }
        Self {
            body,
            agent: agent.into(),
            resources: Vec::new(),
            initial_events: Vec::new(),
            variables: EnvironmentVariables::default(),
        }
    }

    /// Replaces the agent's tools in this session. It is uncertain whether Qoder accepts that, see [`AgentRef::tools`]; tools of
    /// the agent always work: [`NewAgent::tools`](crate::platform::qoder::NewAgent::tools).
    pub fn tools<S>(mut self, tools: &Toolset<S>) -> Self {
        self.agent = self.agent.tools(tools);
        self
    }

    /// A title for people.
    pub fn title(mut self, title: &str) -> Self {
        self.body.set("title", title);
        self
    }

    /// Adds a pair of metadata: at most 16 pairs, keys of 1 to 64 characters, values of at most 512 characters.
    pub fn metadata(mut self, key: &str, value: &str) -> Self {
        self.body.metadata(key, value);
        self
    }

    /// The interval between deltas of a message, 50 to 5000 ms. Newer servers do not support it.
    pub fn delta_flush_interval_ms(mut self, millis: u64) -> Self {
        if !FLUSH_INTERVAL_MS.contains(&millis) {
            self.body.problem("`delta_flush_interval_ms` must be between 50 and 5000");
        }
        self.body.set("delta_flush_interval_ms", millis);
        self
    }

    /// The ids of memory stores. Newer servers expect a [`Resource::memory_store`] instead.
    pub fn memory_store_ids<'a>(mut self, ids: impl IntoIterator<Item = &'a str>) -> Self {
        self.set_ids("memory_store_ids", ids);
        self
    }

    /// The ids of the vaults that the session can access.
    pub fn vault_ids<'a>(mut self, ids: impl IntoIterator<Item = &'a str>) -> Self {
        self.set_ids("vault_ids", ids);
        self
    }

    fn set_ids<'a>(&mut self, key: &str, ids: impl IntoIterator<Item = &'a str>) {
        let ids: Vec<&str> = ids.into_iter().collect();
        if ids.contains(&"") {
            self.body.problem(format!("`{key}` contains an empty id"));
        }
        self.body.set(key, ids);
    }

    /// Adds a resource.
    pub fn resource(mut self, resource: Resource) -> Self {
        self.resources.push(resource);
        self
    }

    /// The maximum cost in credits, a decimal number such as `12.50`.
    pub fn max_credit_cost(mut self, credits: &str) -> Self {
        let (whole, fraction) = credits.split_once('.').unwrap_or((credits, "0"));
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !(is_digits(whole) && is_digits(fraction)) {
            self.body.problem("`max_credit_cost` must be a decimal number, such as `12.50`");
        }
        self.body.set("budget", json!({"type": "limit", "max_credit_cost": credits}));
        self
    }

    /// Adds an event with which the session starts: a message, an outcome or a system message; at most 50.
    pub fn initial_event(mut self, event: NewEvent) -> Self {
        if !INITIAL_EVENTS.contains(&event.kind()) {
            self.body.problem(format!("`{}` cannot be an initial event", event.kind()));
        }
        self.initial_events.push(event);
        self
    }

    /// Sets an environment variable for the programs that the agent runs.
    pub fn environment_variable(mut self, name: &str, value: &str) -> Self {
        self.variables.values.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Sends the environment variables as one string, `A=1;B=2`, which some of Qoder's documents describe. Default: as an object.
    pub fn environment_variables_as_string(mut self) -> Self {
        self.variables.as_string = true;
        self
    }

    /// Sets a field that has no method here.
    pub fn extra(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.body.extra(key, value, &KNOWN_FIELDS);
        self
    }

    /// The request body.
    ///
    /// # Errors
    ///
    /// Returns every problem of the request and its tools.
    pub fn to_json(&self) -> Result<Value, BuildErrors> {
        let mut body = self.body.clone();
        body.part("agent", self.agent.to_json());
        for problem in self.resources.iter().flat_map(Resource::problems) {
            body.problem(problem);
        }
        if !self.resources.is_empty() {
            body.set("resources", self.resources.iter().map(Resource::to_json).collect::<Vec<_>>());
        }
        let events = self.initial_events.len();
        if events > MAX_INITIAL_EVENTS {
            body.problem(format!("there are {events} initial events; the maximum is {MAX_INITIAL_EVENTS}"));
        }
        if events > 0 {
            body.set("initial_events", self.initial_events.iter().map(NewEvent::to_json).collect::<Vec<_>>());
        }
        self.variables.add_to(&mut body);
        body.finish()
    }
}

/// The environment variables of a new session.
#[derive(Clone, Default)]
struct EnvironmentVariables {
    values: BTreeMap<String, String>,
    as_string: bool,
}

impl EnvironmentVariables {
    fn add_to(&self, body: &mut BodyBuilder) {
        if self.values.is_empty() {
            return;
        }
        for (name, value) in &self.values {
            if name.is_empty() || name.contains('=') {
                body.problem(format!("`{name}` is not a valid name of an environment variable"));
            }
            if self.as_string && (name.contains(';') || value.contains(';')) {
                body.problem(format!("the environment variable `{name}` contains `;`, which a string cannot express"));
            }
        }
        let value = if self.as_string {
            let pairs: Vec<String> = self.values.iter().map(|(name, value)| format!("{name}={value}")).collect();
            pairs.join(";").into()
        } else {
            json!(self.values)
        };
        body.set("environment_variables", value);
    }
}

/// Prints only the names, because values may contain secrets.
impl fmt::Debug for EnvironmentVariables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}
