//! Renders a checked request in a dialect.

use serde_json::{Map, Value, json};

use super::check::{CheckedAgent, CheckedPersistence, CheckedRequest, CheckedSettings};
use super::custom_tools::CustomTools;
use super::dialect::Dialect;
use super::namespace::{NamespaceProvider, NewNamespace};
use crate::json::ObjectBuilder;
use crate::registry::{AgentTypeId, RegistrySource};

pub(super) fn request(checked: &CheckedRequest<'_>, dialect: Dialect) -> Value {
    let request = checked.request();
    let settings = settings(checked.settings(), dialect);
    let body = ObjectBuilder::new().field("agentGraphRequest", graph(checked, dialect));
    let body = if dialect == Dialect::Nested {
        // The namespace is in the path.
        body.non_empty("sessionRuntimeSettings", settings)
    } else {
        body.field("namespaceProvider", namespace(&request.namespace, dialect))
            .field("execution", execution(request.deferred, settings))
            .collection("annotations", request.annotations.clone(), dialect.writes_empty())
    };
    body.optional("budgetSettings", request.budget.as_ref().map(|budget| json!(budget)))
        .extend(&request.extra)
        .into_value()
}

fn graph(checked: &CheckedRequest<'_>, dialect: Dialect) -> Value {
    let entries = |tools: &&CustomTools| tools.entries(dialect, checked.binding()).collect::<Vec<_>>();
    let tools: Map<String, Value> = checked.tools().iter().flat_map(entries).collect();
    ObjectBuilder::new()
        .field("agents", checked.agents().iter().map(|checked| agent(checked, dialect)).collect::<Value>())
        .collection("groups", json!(checked.request().groups), dialect.writes_empty())
        .collection("customTools", tools, dialect.writes_empty())
        .into_value()
}

fn agent(checked: &CheckedAgent<'_>, dialect: Dialect) -> Value {
    let CheckedAgent { agent, options, tools } = checked;
    let writes_empty = dialect.writes_empty();
    let options: Map<String, Value> =
        options.iter().map(|(name, value)| ((*name).to_owned(), value.to_json(dialect))).collect();
    let plugins: Vec<Value> =
        agent.can_close_session.then(|| json!({"type": "close_session_tool"})).into_iter().collect();
    ObjectBuilder::new()
        .field("id", agent_type(&agent.id, dialect))
        .field("name", agent.name.as_str())
        .field("provider", json!(agent.provider))
        .optional("description", agent.description.as_deref())
        .optional("systemPrompt", agent.system_prompt.as_deref())
        .optional("blocking", agent.blocking)
        .collection("options", options, writes_empty)
        .collection("customToolAccess", json!(tools), writes_empty)
        .collection("plugins", plugins, writes_empty)
        .collection("x402Budgets", json!(agent.x402_budgets), writes_empty)
        // Servers before 1.2 reject the field, even an empty one.
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
        // The guide has no form for a linked server; the reference of "Create session" has this one.
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

/// Part of a session request, and the whole body that creates a namespace on its own.
pub(super) fn new_namespace(namespace: &NewNamespace, dialect: Dialect) -> Value {
    ObjectBuilder::new()
        .field("name", namespace.name.as_str())
        .field("deleteOnLastSessionExit", namespace.delete_on_last_session_exit)
        .collection("annotations", namespace.annotations.clone(), dialect.writes_empty())
        .into_value()
}

fn execution(deferred: bool, settings: Value) -> Value {
    if deferred {
        return json!({"mode": "defer"});
    }
    ObjectBuilder::new().field("mode", "immediate").non_empty("runtimeSettings", settings).into_value()
}

pub(super) fn settings(settings: &CheckedSettings, dialect: Dialect) -> Value {
    let url = settings.session_end_url.as_deref();
    ObjectBuilder::new()
        .optional("ttl", settings.ttl)
        .optional("extendedEndReport", settings.extended_end_report.then_some(true))
        .optional("persistenceMode", persistence(&settings.persistence, dialect))
        .optional("webhooks", url.map(|url| json!({"sessionEnd": {"url": url}})))
        .into_value()
}

fn persistence(persistence: &CheckedPersistence, dialect: Dialect) -> Option<Value> {
    let object = ObjectBuilder::new();
    let object = match (persistence, dialect) {
        (CheckedPersistence::Off, _) => return None,
        (CheckedPersistence::MinimumTime(time), _) => object.field("mode", "minimum_time").field("time", *time),
        (CheckedPersistence::HoldAfterExit(time), Dialect::Cloud) => {
            object.field("type", "HoldAfterExit").field("holdTime", *time)
        }
        (CheckedPersistence::HoldAfterExit(time), _) => {
            object.field("mode", "hold_after_exit").field("duration", *time)
        }
    };
    Some(object.into_value())
}
