//! A session to be made: every field of the platform's request.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;

use serde_json::{Map, Value, json};

use crate::build_error::BuildErrors;
use crate::platform::qoder::agents::AgentRef;
use crate::platform::qoder::body::Written;
use crate::platform::qoder::sessions::NewEvent;
use crate::platform::qoder::sessions::Resource;
use crate::toolset::Toolset;

/// How often deltas may be sent, in milliseconds.
const FLUSH: RangeInclusive<u64> = 50..=5_000;
/// How many events a session may begin with.
const EVENTS: usize = 50;
/// With which.
const BEGINNINGS: [&str; 3] = ["user.message", "user.define_outcome", "system.message"];
const KNOWN: [&str; 10] = [
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
];

/// A session to be made.
///
/// ```
/// use coral_tools::platform::qoder::{AgentRef, NewSession, Resource};
/// use serde_json::json;
///
/// let session = NewSession::with_agent(AgentRef::id("agent_1").version(2), "env_1")
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
    written: Written,
    agent: AgentRef,
    resources: Vec<Resource>,
    initial_events: Vec<NewEvent>,
    variables: Variables,
}

impl NewSession {
    /// A session of an agent, by its id or as an [`AgentRef`], in an environment.
    pub fn with_agent(agent: impl Into<AgentRef>, environment_id: &str) -> Self {
        let mut written = Written::new("the session");
        written.set("environment_id", environment_id);
        if environment_id.is_empty() {
            written.fault("the id of its environment is empty");
        }
        Self {
            written,
            agent: agent.into(),
            resources: Vec::new(),
            initial_events: Vec::new(),
            variables: Variables::default(),
        }
    }

    /// These tools in this session, instead of the agent's own. Whether Qoder allows that is disputed, see
    /// [`AgentRef::with_tools`]; tools of an agent are certain: [`NewAgent::tools`](crate::platform::qoder::NewAgent::tools).
    pub fn tools<S>(mut self, tools: &Toolset<S>) -> Self {
        self.agent = self.agent.with_tools(tools);
        self
    }

    /// A title for people.
    pub fn title(mut self, title: &str) -> Self {
        self.written.set("title", title);
        self
    }

    /// Something to keep with it: at most 16 pairs, of 64 and 512 characters.
    pub fn metadata(mut self, key: &str, value: &str) -> Self {
        self.written.metadata(key, value);
        self
    }

    /// How often the pieces of a message are told, 50 to 5000 ms. Newer servers do not know it.
    pub fn delta_flush_interval_ms(mut self, millis: u64) -> Self {
        if !FLUSH.contains(&millis) {
            self.written.fault("`delta_flush_interval_ms` is 50 to 5000");
        }
        self.written.set("delta_flush_interval_ms", millis);
        self
    }

    /// Stores of memories by their ids. Newer servers have [`Resource::memory_store`] instead.
    pub fn memory_store_ids<'a>(mut self, ids: impl IntoIterator<Item = &'a str>) -> Self {
        self.ids("memory_store_ids", ids);
        self
    }

    /// The vaults that it may open.
    pub fn vault_ids<'a>(mut self, ids: impl IntoIterator<Item = &'a str>) -> Self {
        self.ids("vault_ids", ids);
        self
    }

    fn ids<'a>(&mut self, key: &str, ids: impl IntoIterator<Item = &'a str>) {
        let ids: Vec<&str> = ids.into_iter().collect();
        if ids.contains(&"") {
            self.written.fault(format!("an id of `{key}` is empty"));
        }
        self.written.set(key, ids);
    }

    /// Something that it is given to work with.
    pub fn resource(mut self, resource: Resource) -> Self {
        self.resources.push(resource);
        self
    }

    /// What it may cost at most, in credits, such as `12.50`.
    pub fn max_credit_cost(mut self, credits: &str) -> Self {
        let (whole, fraction) = credits.split_once('.').unwrap_or((credits, "0"));
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !(is_digits(whole) && is_digits(fraction)) {
            self.written.fault("`max_credit_cost` is a decimal number, such as `12.50`");
        }
        self.written.set("budget", json!({"type": "limit", "max_credit_cost": credits}));
        self
    }

    /// Something that is said at once, 50 at most: a message, the outcome that is asked for, what the system says.
    pub fn initial_event(mut self, event: NewEvent) -> Self {
        if !BEGINNINGS.contains(&event.kind()) {
            self.written.fault(format!("it cannot begin with `{}`", event.kind()));
        }
        self.initial_events.push(event);
        self
    }

    /// A variable of the environment that the agent's programs run in.
    pub fn environment_variable(mut self, name: &str, value: &str) -> Self {
        self.variables.map.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Sends the variables as one text, `A=1;B=2`, as some of Qoder's documents have it, instead of as an object.
    pub fn environment_variables_as_text(mut self) -> Self {
        self.variables.as_text = true;
        self
    }

    /// A field that this version does not know.
    pub fn extra(mut self, key: &str, value: impl Into<Value>) -> Self {
        let known = KNOWN.into_iter().chain(["environment_variables"]).collect::<Vec<_>>();
        self.written.extra(key, value, &known);
        self
    }

    /// The request's body.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub fn to_json(&self) -> Result<Value, BuildErrors> {
        let mut written = self.written.clone();
        written.part("agent", self.agent.to_json());
        for fault in self.resources.iter().flat_map(Resource::faults) {
            written.fault(fault);
        }
        if !self.resources.is_empty() {
            written.set("resources", self.resources.iter().map(Resource::to_json).collect::<Vec<_>>());
        }
        if self.initial_events.len() > EVENTS {
            written.fault(format!("it begins with {} events; {EVENTS} is the most", self.initial_events.len()));
        }
        if !self.initial_events.is_empty() {
            written.set("initial_events", self.initial_events.iter().map(NewEvent::to_json).collect::<Vec<_>>());
        }
        self.variables.write(&mut written);
        written.into_json()
    }
}

#[derive(Clone, Default)]
struct Variables {
    map: BTreeMap<String, String>,
    as_text: bool,
}

impl Variables {
    fn write(&self, written: &mut Written) {
        if self.map.is_empty() {
            return;
        }
        for (name, value) in &self.map {
            if name.is_empty() || name.contains('=') {
                written.fault(format!("an environment variable cannot be named `{name}`"));
            }
            if self.as_text && (name.contains(';') || value.contains(';')) {
                written.fault(format!("the environment variable `{name}` has a `;`, which ends it when sent as text"));
            }
        }
        let value = if self.as_text {
            let pairs: Vec<String> = self.map.iter().map(|(name, value)| format!("{name}={value}")).collect();
            pairs.join(";").into()
        } else {
            Value::Object(
                self.map.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect::<Map<_, _>>(),
            )
        };
        written.set("environment_variables", value);
    }
}

/// Names alone: there may be secrets in the values.
impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.map.keys()).finish()
    }
}
