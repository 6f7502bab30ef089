//! A request that has been checked, written in a dialect.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::agent::Agent;
use super::dialect::Dialect;
use super::namespace::{NamespaceProvider, NewNamespace};
use super::request::SessionRequest;
use super::settings::{Persistence, RuntimeSettings, SessionEndTarget};
use crate::json::ObjectWriter;
use crate::registry::{AgentTypeId, RegistrySource};
use crate::state::report::SessionEndReport;

pub(super) fn request(request: &SessionRequest, dialect: Dialect) -> Value {
    let writes_empty = dialect.writes_empties();
    let settings = settings(&request.settings, Some(request), dialect);
    let body = ObjectWriter::new().field("agentGraphRequest", graph(request, dialect));
    let body = if dialect == Dialect::Nested {
        // The namespace is in the path.
        body.non_empty("sessionRuntimeSettings", settings)
    } else {
        body.field("namespaceProvider", namespace(&request.namespace, dialect))
            .field("execution", execution(request.deferred, settings))
            .collection("annotations", request.annotations.clone(), writes_empty)
    };
    body.optional("budgetSettings", request.budget.as_ref().map(|budget| json!(budget)))
        .extend(&request.extra)
        .into_value()
}

fn graph(request: &SessionRequest, dialect: Dialect) -> Value {
    let writes_empty = dialect.writes_empties();
    let tools: Map<String, Value> = request.tool_sets().flat_map(|set| set.entries(dialect)).collect();
    ObjectWriter::new()
        .field("agents", request.agents.iter().map(|one| agent(one, dialect)).collect::<Value>())
        .collection("groups", json!(request.groups), writes_empty)
        .collection("customTools", tools, writes_empty)
        .into_value()
}

fn agent(agent: &Agent, dialect: Dialect) -> Value {
    let writes_empty = dialect.writes_empties();
    let options: Map<String, Value> =
        agent.options.iter().map(|(name, value)| (name.clone(), value.to_json(dialect))).collect();
    let plugins: Vec<Value> =
        agent.can_close_session.then(|| json!({"type": "close_session_tool"})).into_iter().collect();
    ObjectWriter::new()
        .field("id", agent_type(&agent.id, dialect))
        .field("name", agent.name.as_str())
        .field("provider", json!(agent.provider))
        .optional("description", agent.description.as_deref())
        .optional("systemPrompt", agent.system_prompt.as_deref())
        .optional("blocking", agent.blocking)
        .collection("options", options, writes_empty)
        .collection("customToolAccess", json!(agent.tools), writes_empty)
        .collection("plugins", plugins, writes_empty)
        .collection("x402Budgets", json!(agent.x402_budgets), writes_empty)
        // Servers before 1.2 have no such field, not even an empty one.
        .non_empty("proxies", agent.proxies.clone())
        .collection("annotations", agent.annotations.clone(), writes_empty)
        .optional("budgetSettings", agent.budget.as_ref().map(|budget| json!(budget)))
        .extend(&agent.extra)
        .into_value()
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
    let writes_empty = dialect.writes_empties();
    ObjectWriter::new()
        .field("name", namespace.name.as_str())
        .field("deleteOnLastSessionExit", namespace.delete_on_last_session_exit)
        .collection("annotations", namespace.annotations.clone(), writes_empty)
        .into_value()
}

fn execution(deferred: bool, settings: Value) -> Value {
    if deferred {
        return json!({"mode": "defer"});
    }
    ObjectWriter::new().field("mode", "immediate").non_empty("runtimeSettings", settings).into_value()
}

/// Without a request there are no tools to be beside of.
pub(super) fn settings(settings: &RuntimeSettings, request: Option<&SessionRequest>, dialect: Dialect) -> Value {
    let url = match &settings.session_end {
        Some(SessionEndTarget::At(Ok(url))) => Some(url.as_str().to_owned()),
        Some(SessionEndTarget::BesideTools) => request
            .and_then(|request| request.tool_sets().next())
            .map(|tools| tools.base_url().join(SessionEndReport::PATH)),
        Some(SessionEndTarget::At(Err(_))) | None => None,
    };
    ObjectWriter::new()
        .optional("ttl", settings.ttl.map(millis))
        .optional("extendedEndReport", settings.extended_end_report.then_some(true))
        .optional("persistenceMode", persistence(settings.persistence, dialect))
        .optional("webhooks", url.map(|url| json!({"sessionEnd": {"url": url}})))
        .into_value()
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
