//! A request that has been checked, written in a dialect.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::agent::Agent;
use super::dialect::Dialect;
use super::namespace::{NamespaceProvider, NewNamespace};
use super::request::SessionRequest;
use super::settings::{Persistence, RuntimeSettings, SessionEnd};
use crate::registry::{AgentTypeId, RegistrySource};
use crate::state::report::SessionEndReport;

pub(super) fn request(request: &SessionRequest, dialect: Dialect) -> Value {
    let settings = settings(&request.settings, Some(request), dialect);
    let body = Object::new(dialect).put("agentGraphRequest", graph(request, dialect));
    let body = if dialect == Dialect::Nested {
        // The namespace is in the path.
        body.unless_empty("sessionRuntimeSettings", settings)
    } else {
        body.put("namespaceProvider", namespace(&request.namespace, dialect))
            .put("execution", execution(request.deferred, settings, dialect))
            .filled("annotations", request.annotations.clone())
    };
    body.given("budgetSettings", request.budget.as_ref().map(|budget| json!(budget))).extended(&request.extra)
}

fn graph(request: &SessionRequest, dialect: Dialect) -> Value {
    let tools: Map<String, Value> = request.tool_sets().flat_map(|set| set.entries(dialect)).collect();
    Object::new(dialect)
        .put("agents", request.agents.iter().map(|one| agent(one, dialect)).collect::<Value>())
        .filled("groups", json!(request.groups))
        .filled("customTools", tools)
        .done()
}

fn agent(agent: &Agent, dialect: Dialect) -> Value {
    let options: Map<String, Value> =
        agent.options.iter().map(|(name, value)| (name.clone(), value.to_json(dialect))).collect();
    let plugins: Vec<Value> =
        agent.can_close_session.then(|| json!({"type": "close_session_tool"})).into_iter().collect();
    Object::new(dialect)
        .put("id", agent_type(&agent.id, dialect))
        .put("name", agent.name.as_str())
        .put("provider", json!(agent.provider))
        .given("description", agent.description.as_deref())
        .given("systemPrompt", agent.system_prompt.as_deref())
        .given("blocking", agent.blocking)
        .filled("options", options)
        .filled("customToolAccess", json!(agent.tools))
        .filled("plugins", plugins)
        .filled("x402Budgets", json!(agent.x402_budgets))
        // Servers before 1.2 have no such field, not even an empty one.
        .unless_empty("proxies", agent.proxies.clone())
        .filled("annotations", agent.annotations.clone())
        .given("budgetSettings", agent.budget.as_ref().map(|budget| json!(budget)))
        .extended(&agent.extra)
}

fn agent_type(id: &AgentTypeId, dialect: Dialect) -> Value {
    let AgentTypeId { source, name, version } = id;
    match (dialect, source) {
        (Dialect::Cloud, RegistrySource::Local) => json!({"name": name, "version": version, "source": "local"}),
        (Dialect::Cloud, RegistrySource::Marketplace) => {
            json!({"name": name, "version": version, "source": "marketplace"})
        }
        // The guide has no word for a linked one; the reference of "Create session" does.
        _ => json!({"name": name, "version": version, "registrySourceId": source}),
    }
}

fn namespace(provider: &NamespaceProvider, dialect: Dialect) -> Value {
    match provider {
        NamespaceProvider::UseExisting(name) => json!({"type": "use_existing", "name": name}),
        NamespaceProvider::CreateIfNotExists(namespace) => {
            json!({"type": "create_if_not_exists", "namespaceRequest": new_namespace(namespace, dialect)})
        }
    }
}

/// Also the whole body that creates one by itself.
pub(super) fn new_namespace(namespace: &NewNamespace, dialect: Dialect) -> Value {
    Object::new(dialect)
        .put("name", namespace.name.as_str())
        .put("deleteOnLastSessionExit", namespace.delete_on_last_session_exit)
        .filled("annotations", namespace.annotations.clone())
        .done()
}

fn execution(deferred: bool, settings: Value, dialect: Dialect) -> Value {
    if deferred {
        return json!({"mode": "defer"});
    }
    Object::new(dialect).put("mode", "immediate").unless_empty("runtimeSettings", settings).done()
}

/// Without a request there are no tools to be beside of.
pub(super) fn settings(settings: &RuntimeSettings, request: Option<&SessionRequest>, dialect: Dialect) -> Value {
    let url = match &settings.session_end {
        Some(SessionEnd::At(Ok(url))) => Some(url.as_str().to_owned()),
        Some(SessionEnd::BesideTools) => request
            .and_then(|request| request.tool_sets().next())
            .map(|tools| tools.base_url().join(SessionEndReport::PATH)),
        Some(SessionEnd::At(Err(_))) | None => None,
    };
    Object::new(dialect)
        .given("ttl", settings.ttl.map(millis))
        .given("extendedEndReport", settings.extended_end_report.then_some(true))
        .given("persistenceMode", persistence(settings.persistence, dialect))
        .given("webhooks", url.map(|url| json!({"sessionEnd": {"url": url}})))
        .done()
}

fn persistence(persistence: Persistence, dialect: Dialect) -> Option<Value> {
    match persistence {
        Persistence::Off => None,
        Persistence::MinimumTime(time) => Some(json!({"mode": "minimum_time", "time": millis(time)})),
        Persistence::HoldAfterExit(time) if dialect == Dialect::Cloud => {
            Some(json!({"type": "HoldAfterExit", "holdTime": millis(time)}))
        }
        Persistence::HoldAfterExit(time) => Some(json!({"mode": "hold_after_exit", "duration": millis(time)})),
    }
}

/// More than an `i64` of them have been refused.
fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// An object of a dialect. Nothing is ever `null`: servers refuse it where a field may be left out.
struct Object {
    fields: Map<String, Value>,
    writes_empties: bool,
}

impl Object {
    fn new(dialect: Dialect) -> Self {
        Self { fields: Map::new(), writes_empties: dialect.writes_empties() }
    }

    fn put(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(key.to_owned(), value.into());
        self
    }

    fn given(self, key: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.put(key, value),
            None => self,
        }
    }

    /// A map or list, which is left out if it is empty and the dialect has it so.
    fn filled(self, key: &str, value: impl Into<Value>) -> Self {
        if self.writes_empties { self.put(key, value) } else { self.unless_empty(key, value) }
    }

    fn unless_empty(self, key: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        let is_empty = value.as_object().is_some_and(Map::is_empty) || value.as_array().is_some_and(Vec::is_empty);
        if is_empty { self } else { self.put(key, value) }
    }

    fn extended(mut self, extra: &Map<String, Value>) -> Value {
        self.fields.extend(extra.clone());
        self.done()
    }

    fn done(self) -> Value {
        self.fields.into()
    }
}
