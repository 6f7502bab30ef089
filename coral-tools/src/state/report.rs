//! What Coral says when a session ends.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{NamespaceState, SessionState, SessionStatus};
use crate::json::{DecodeError, FromJson, ObjectReader, Timestamp, deserialize};
use crate::registry::RegistryAgentId;

/// What Coral says once, when a session ends: the body of the session-end webhook.
///
/// FromJson from every generation, like everything in [`state`](crate::state): the report of coral-server 1.1 and 1.2 with
/// the session's base or extended state (`extendedEndReport` in the session request), and the one before it, which had
/// nothing but ids, times and `agentStats`.
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
    /// The namespace that it was in, without its sessions.
    pub namespace: NamespaceState,
    /// The session, with agents and threads if the report is an extended one.
    pub session: SessionState,
    /// Every run of every agent: one that was restarted is there more than once.
    pub agent_runs: Vec<AgentRun>,
    /// Every key that this version does not know, as it came.
    pub extra: Map<String, Value>,
}

impl SessionEndReport {
    /// The path segment below the base URL that reports are posted to, for `webhooks.sessionEnd.url` of a session request.
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

/// `{"type": …, "state": …}`; the state says itself whether it is extended.
fn tagged_session(tagged: &mut ObjectReader) -> Result<SessionState, DecodeError> {
    let _base_or_extended = tagged.take("type");
    tagged.required("state")
}

/// The reports of the first servers name the session, and that it has ended goes without saying.
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
    /// The registry's entry that it is an instance of.
    pub registry_id: Option<RegistryAgentId>,
    /// When the run began.
    pub start_time: Option<Timestamp>,
    /// When it ended.
    pub end_time: Option<Timestamp>,
    /// What the session request said of the agent for the application's own use.
    pub annotations: BTreeMap<String, String>,
    /// Every key that this version does not know, as it came.
    pub extra: Map<String, Value>,
}

impl FromJson for AgentRun {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut run = ObjectReader::new(value)?;
        Ok(Self {
            name: run.required("name")?,
            registry_id: RegistryAgentId::of(&mut run, "registryIdentifier")?,
            start_time: run.optional("startTime")?,
            end_time: run.optional("endTime")?,
            annotations: run.or_default("annotations")?,
            extra: run.into_remaining(),
        })
    }
}
