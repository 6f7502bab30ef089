//! The report of a session's end.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{NamespaceState, SessionState, SessionStatus};
use crate::json::{DecodeError, FromJson, ObjectReader, Timestamp, deserialize};
use crate::registry::RegistryAgentId;

/// The report that Coral sends once when a session ends: the body of the session-end webhook.
///
/// It is decoded from every server version, like everything in [`state`](crate::state): the report of coral-server 1.1 and 1.2
/// with the session's base or extended state (`extendedEndReport` in the session request), and the older one with only ids,
/// times and `agentStats`.
///
/// ```
/// use coral_tools::SessionEndReport;
/// use coral_tools::from_json;
///
/// let report: SessionEndReport = from_json(br#"{
///     "timestamp": "2026-05-08T14:56:15.123456Z",
///     "namespaceState": {"name": "default", "deleteOnLastSessionExit": true, "annotations": {}},
///     "sessionState": {
///         "type": "base",
///         "state": {"id": "s1", "namespace": "default", "status": {"type": "closing"}, "annotations": {}}
///     },
///     "agentStats": [{"name": "writer", "startTime": "2026-05-08T14:56:10Z", "endTime": "2026-05-08T14:56:15Z"}]
/// }"#)?;
/// assert_eq!(report.session.id, "s1");
/// assert_eq!(report.agent_runs[0].name, "writer");
/// # Ok::<(), coral_tools::DecodeError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SessionEndReport {
    /// When the session ended.
    pub timestamp: Option<Timestamp>,
    /// Its namespace, without its sessions.
    pub namespace: NamespaceState,
    /// The session, with agents and threads if the report is extended.
    pub session: SessionState,
    /// Every run of every agent; an agent that was restarted has several.
    pub agent_runs: Vec<AgentRun>,
    /// Fields that this version does not know, unchanged.
    pub extra: Map<String, Value>,
}

impl SessionEndReport {
    /// The path segment below the base URL to which reports are POSTed, for `webhooks.sessionEnd.url` of a session request.
    pub const PATH: &'static str = "session-end";
}

impl FromJson for SessionEndReport {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut report = ObjectReader::new(value)?;
        let session = match report.nested("sessionState", tagged_session)? {
            Some(session) => session,
            None => first_session(&mut report)?,
        };
        let ended = report.first_present("timestamp", "endTime");
        Ok(Self {
            timestamp: report.optional(ended)?,
            namespace: match report.optional("namespaceState")? {
                Some(namespace) => namespace,
                None => NamespaceState::named(session.namespace.clone()),
            },
            session,
            agent_runs: report.or_default("agentStats")?,
            extra: report.into_remaining(),
        })
    }
}

deserialize!(SessionEndReport);

/// Reads `{"type": …, "state": …}`. The type is redundant: the state shows whether it is extended.
fn tagged_session(tagged: &mut ObjectReader) -> Result<SessionState, DecodeError> {
    let _base_or_extended = tagged.take("type");
    tagged.required("state")
}

/// Reads the report of the first servers, which contains the session's id and no state.
fn first_session(report: &mut ObjectReader) -> Result<SessionState, DecodeError> {
    if !report.has("sessionId") {
        return report.required("sessionState");
    }
    Ok(SessionState {
        id: report.required("sessionId")?,
        namespace: report.or_default("namespace")?,
        timestamp: None,
        status: SessionStatus::Closing { execution_time: report.optional("startTime")?, closing_time: None },
        annotations: BTreeMap::new(),
        detail: None,
        extra: Map::new(),
    })
}

/// One run of an agent, from its start to its end.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AgentRun {
    /// The agent's name in the session.
    pub name: String,
    /// The agent's type in a registry.
    pub registry_id: Option<RegistryAgentId>,
    /// When the run began.
    pub start_time: Option<Timestamp>,
    /// When it ended.
    pub end_time: Option<Timestamp>,
    /// The agent's annotations in the session request.
    pub annotations: BTreeMap<String, String>,
    /// Fields that this version does not know, unchanged.
    pub extra: Map<String, Value>,
}

impl FromJson for AgentRun {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut run = ObjectReader::new(value)?;
        Ok(Self {
            name: run.required("name")?,
            registry_id: RegistryAgentId::read_field(&mut run, "registryIdentifier")?,
            start_time: run.optional("startTime")?,
            end_time: run.optional("endTime")?,
            annotations: run.or_default("annotations")?,
            extra: run.into_remaining(),
        })
    }
}
