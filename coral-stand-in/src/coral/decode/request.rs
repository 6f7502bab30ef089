//! `SessionRequest` and what it is made of.

use super::agent::AgentRequest;
use super::annotations::Annotations;
use super::fields::Fields;
use super::scalar::{boolean, list, map, one_of, set, text, text_map};
use super::settings::RuntimeSettings;
use super::tool::CustomTool;
use super::tree::Tree;
use super::{Body, Decoded};
use crate::coral::plays::Plays;

#[derive(Debug)]
pub(in crate::coral) struct SessionRequest {
    pub(in crate::coral) graph: Graph,
    pub(in crate::coral) namespace: NamespaceProvider,
    pub(in crate::coral) execution: Execution,
    pub(in crate::coral) annotations: Annotations,
}

#[derive(Debug)]
pub(in crate::coral) struct Graph {
    pub(in crate::coral) agents: Vec<AgentRequest>,
    pub(in crate::coral) groups: Vec<Vec<String>>,
    pub(in crate::coral) tools: Vec<(String, CustomTool)>,
}

#[derive(Debug)]
pub(in crate::coral) enum NamespaceProvider {
    UseExisting(String),
    CreateIfNotExists(NamespaceRequest),
}

#[derive(Debug)]
pub(in crate::coral) struct NamespaceRequest {
    pub(in crate::coral) name: String,
    pub(in crate::coral) delete_on_last_session_exit: bool,
    pub(in crate::coral) annotations: Annotations,
}

#[derive(Debug)]
pub(in crate::coral) enum Execution {
    Immediate(RuntimeSettings),
    Deferred,
}

impl Body for SessionRequest {
    const CLASS: &'static str = "org.coralprotocol.coralserver.session.SessionRequest";

    fn decode(tree: Tree, plays: Plays) -> Decoded<Self> {
        Fields::of(tree, |fields| {
            let graph = fields.required("agentGraphRequest", |tree| graph(tree, plays))?;
            let namespace = fields.required("namespaceProvider", |tree| namespace(tree, plays))?;
            // The guide prints the settings in two places.
            let beside = match plays {
                Plays::Cloud => fields.or_default("sessionRuntimeSettings", |tree| settings(tree, plays))?,
                Plays::Server1_2 | Plays::Server1_1 => RuntimeSettings::default(),
            };
            let execution = fields.optional("execution", |tree| execution(tree, &beside, plays))?;
            Ok(Self {
                graph,
                namespace,
                execution: execution.unwrap_or(Execution::Immediate(beside)),
                annotations: fields.or_default("annotations", text_map)?,
            })
        })
    }
}

fn graph(tree: Tree, plays: Plays) -> Decoded<Graph> {
    Fields::of(tree, |fields| {
        Ok(Graph {
            agents: fields.required("agents", |tree| list(tree, |agent| AgentRequest::decode(agent, plays)))?,
            groups: fields.or_default("groups", |tree| set(tree, |group| set(group, text)))?,
            tools: fields.or_default("customTools", |tree| map(tree, |tool| CustomTool::decode(tool, plays)))?,
        })
    })
}

fn namespace(tree: Tree, plays: Plays) -> Decoded<NamespaceProvider> {
    Fields::of(tree, |fields| match fields.required("type", one_of(&["use_existing", "create_if_not_exists"]))? {
        "use_existing" => fields.required("name", text).map(NamespaceProvider::UseExisting),
        _ => {
            let request = fields.required("namespaceRequest", |tree| NamespaceRequest::decode(tree, plays));
            request.map(NamespaceProvider::CreateIfNotExists)
        }
    })
}

impl Body for NamespaceRequest {
    const CLASS: &'static str = "org.coralprotocol.coralserver.session.SessionNamespaceRequest";

    fn decode(tree: Tree, _plays: Plays) -> Decoded<Self> {
        Fields::of(tree, |fields| {
            Ok(Self {
                name: fields.required("name", text)?,
                delete_on_last_session_exit: fields.optional("deleteOnLastSessionExit", boolean)?.unwrap_or(true),
                annotations: fields.or_default("annotations", text_map)?,
            })
        })
    }
}

fn execution(tree: Tree, beside: &RuntimeSettings, plays: Plays) -> Decoded<Execution> {
    Fields::of(tree, |fields| match fields.required("mode", one_of(&["immediate", "defer"]))? {
        "defer" => Ok(Execution::Deferred),
        _ => {
            let settings = fields.optional("runtimeSettings", |tree| settings(tree, plays))?;
            Ok(Execution::Immediate(settings.unwrap_or_else(|| beside.clone())))
        }
    })
}

fn settings(tree: Tree, plays: Plays) -> Decoded<RuntimeSettings> {
    RuntimeSettings::decode(tree, plays)
}
