//! `SessionRequest` and its parts.

use super::agent::AgentRequest;
use super::annotations::Annotations;
use super::json_tree::JsonTree;
use super::object_reader::ObjectReader;
use super::scalar::{boolean, list, map, one_of, set, text, text_map};
use super::settings::RuntimeSettings;
use super::tool::CustomTool;
use super::{DecodeResult, RequestBody};
use crate::coral::emulated_version::EmulatedVersion;

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

impl RequestBody for SessionRequest {
    const CLASS: &'static str = "org.coralprotocol.coralserver.session.SessionRequest";

    fn decode(tree: JsonTree, emulated: EmulatedVersion) -> DecodeResult<Self> {
        ObjectReader::read(tree, |fields| {
            let graph = fields.required("agentGraphRequest", |tree| graph(tree, emulated))?;
            let namespace = fields.required("namespaceProvider", |tree| namespace(tree, emulated))?;
            // The API guide has the settings in two places.
            let default_settings = match emulated {
                EmulatedVersion::Cloud => {
                    fields.or_default("sessionRuntimeSettings", |tree| settings(tree, emulated))?
                }
                EmulatedVersion::Server1_2 | EmulatedVersion::Server1_1 => RuntimeSettings::default(),
            };
            let execution = fields.optional("execution", |tree| execution(tree, &default_settings, emulated))?;
            Ok(Self {
                graph,
                namespace,
                execution: execution.unwrap_or(Execution::Immediate(default_settings)),
                annotations: fields.or_default("annotations", text_map)?,
            })
        })
    }
}

fn graph(tree: JsonTree, emulated: EmulatedVersion) -> DecodeResult<Graph> {
    ObjectReader::read(tree, |fields| {
        Ok(Graph {
            agents: fields.required("agents", |tree| list(tree, |agent| AgentRequest::decode(agent, emulated)))?,
            groups: fields.or_default("groups", |tree| set(tree, |group| set(group, text)))?,
            tools: fields.or_default("customTools", |tree| map(tree, |tool| CustomTool::decode(tool, emulated)))?,
        })
    })
}

fn namespace(tree: JsonTree, emulated: EmulatedVersion) -> DecodeResult<NamespaceProvider> {
    ObjectReader::read(tree, |fields| {
        match fields.required("type", one_of(&["use_existing", "create_if_not_exists"]))? {
            "use_existing" => fields.required("name", text).map(NamespaceProvider::UseExisting),
            _ => {
                let request = fields.required("namespaceRequest", |tree| NamespaceRequest::decode(tree, emulated));
                request.map(NamespaceProvider::CreateIfNotExists)
            }
        }
    })
}

impl RequestBody for NamespaceRequest {
    const CLASS: &'static str = "org.coralprotocol.coralserver.session.SessionNamespaceRequest";

    fn decode(tree: JsonTree, _plays: EmulatedVersion) -> DecodeResult<Self> {
        ObjectReader::read(tree, |fields| {
            Ok(Self {
                name: fields.required("name", text)?,
                delete_on_last_session_exit: fields.optional("deleteOnLastSessionExit", boolean)?.unwrap_or(true),
                annotations: fields.or_default("annotations", text_map)?,
            })
        })
    }
}

fn execution(tree: JsonTree, default_settings: &RuntimeSettings, emulated: EmulatedVersion) -> DecodeResult<Execution> {
    ObjectReader::read(tree, |fields| match fields.required("mode", one_of(&["immediate", "defer"]))? {
        "defer" => Ok(Execution::Deferred),
        _ => {
            let settings = fields.optional("runtimeSettings", |tree| settings(tree, emulated))?;
            Ok(Execution::Immediate(settings.unwrap_or_else(|| default_settings.clone())))
        }
    })
}

fn settings(tree: JsonTree, emulated: EmulatedVersion) -> DecodeResult<RuntimeSettings> {
    RuntimeSettings::decode(tree, emulated)
}
