//! Events of the sessions and namespaces of a server.

use serde_json::{Map, Value};

use super::envelope::EventEnvelope;
use crate::json::{DecodeError, FromJson, ObjectReader, TaggedUnion, Timestamp, deserialize};
use crate::state::namespace::NamespaceState;
use crate::state::session::SessionState;

/// An event of a session or a namespace; called `LocalSessionManagerEvent` by the server.
///
/// Like a [`SessionEvent`](crate::state::SessionEvent) it is sent once, to connected clients, and slow clients miss some.
///
/// ```
/// use coral_tools::from_json;
/// use coral_tools::state::{ManagerEvent, ManagerEventKind};
///
/// let event: ManagerEvent = from_json(br#"{
///     "type": "session_closed",
///     "timestamp": "2026-05-08T14:56:15.123456Z",
///     "finalSessionState": {"id": "s1", "namespace": "default", "status": {"type": "closing"}, "annotations": {}},
///     "namespaceState": {"name": "default", "deleteOnLastSessionExit": true, "annotations": {}}
/// }"#)?;
/// assert!(matches!(event.kind, ManagerEventKind::SessionClosed { .. }));
/// assert_eq!(event.session().map(|session| session.id.as_str()), Some("s1"));
/// assert_eq!(event.namespace().map(|namespace| namespace.name.as_str()), Some("default"));
/// # Ok::<(), coral_tools::DecodeError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ManagerEvent {
    /// When it happened.
    pub timestamp: Option<Timestamp>,
    /// The kind of event.
    pub kind: ManagerEventKind,
    /// Fields that this version does not know, unchanged; empty for [`ManagerEventKind::Other`], which contains them.
    pub extra: Map<String, Value>,
}

impl ManagerEvent {
    /// The session, without agents and threads.
    #[must_use]
    pub fn session(&self) -> Option<&SessionState> {
        match &self.kind {
            ManagerEventKind::SessionCreated { session, .. }
            | ManagerEventKind::SessionRunning { session, .. }
            | ManagerEventKind::SessionClosing { session, .. }
            | ManagerEventKind::SessionClosed { session, .. } => Some(session),
            _ => None,
        }
    }

    /// The namespace, or that of the session; without its sessions.
    #[must_use]
    pub fn namespace(&self) -> Option<&NamespaceState> {
        match &self.kind {
            ManagerEventKind::SessionCreated { namespace, .. }
            | ManagerEventKind::SessionRunning { namespace, .. }
            | ManagerEventKind::SessionClosing { namespace, .. }
            | ManagerEventKind::SessionClosed { namespace, .. }
            | ManagerEventKind::NamespaceCreated { namespace }
            | ManagerEventKind::NamespaceClosed { namespace } => Some(namespace),
            ManagerEventKind::Other(_) => None,
        }
    }
}

impl FromJson for ManagerEvent {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let EventEnvelope { timestamp, kind, extra } = EventEnvelope::from_json(value)?;
        Ok(Self { timestamp, kind, extra })
    }
}

deserialize!(ManagerEvent);

/// The kind of an event of a session or a namespace.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ManagerEventKind {
    /// A session has been created. Its agents have not been started.
    SessionCreated {
        /// The session; `initialSessionState` on the wire.
        session: SessionState,
        /// Its namespace.
        namespace: NamespaceState,
    },
    /// A session is about to be executed.
    SessionRunning {
        /// The session just before: its status is still
        /// [`PendingExecution`](crate::state::SessionStatus::PendingExecution).
        session: SessionState,
        /// Its namespace.
        namespace: NamespaceState,
    },
    /// The agents of a session have stopped. The session can be read for as long as its persistence mode keeps it.
    SessionClosing {
        /// The session.
        session: SessionState,
        /// Its namespace.
        namespace: NamespaceState,
    },
    /// A session is being deleted. From now on the server returns 404.
    SessionClosed {
        /// Its last state; `finalSessionState` on the wire. Its status is still
        /// [`Closing`](crate::state::SessionStatus::Closing).
        session: SessionState,
        /// Its namespace.
        namespace: NamespaceState,
    },
    /// A namespace has been created.
    NamespaceCreated {
        /// The namespace; `initialState` on the wire.
        namespace: NamespaceState,
    },
    /// A namespace is being deleted. If it contained sessions, events of these may follow.
    NamespaceClosed {
        /// Its last state; `finalState` on the wire.
        namespace: NamespaceState,
    },
    /// An unknown value, unchanged.
    Other(Value),
}

impl TaggedUnion for ManagerEventKind {
    fn from_tag(tag: &str, fields: &mut ObjectReader) -> Result<Option<Self>, DecodeError> {
        Ok(Some(match tag {
            "session_created" => {
                let (session, namespace) = session(fields, "initialSessionState")?;
                Self::SessionCreated { session, namespace }
            }
            "session_running" => {
                let (session, namespace) = session(fields, "sessionState")?;
                Self::SessionRunning { session, namespace }
            }
            "session_closing" => {
                let (session, namespace) = session(fields, "sessionState")?;
                Self::SessionClosing { session, namespace }
            }
            "session_closed" => {
                let (session, namespace) = session(fields, "finalSessionState")?;
                Self::SessionClosed { session, namespace }
            }
            "namespace_created" => Self::NamespaceCreated { namespace: fields.required("initialState")? },
            "namespace_closed" => Self::NamespaceClosed { namespace: fields.required("finalState")? },
            _ => return Ok(None),
        }))
    }

    fn unknown(raw: Value) -> Self {
        Self::Other(raw)
    }
}

/// Reads the session at `key` and its namespace, or else the namespace's name from the session.
fn session(fields: &mut ObjectReader, key: &str) -> Result<(SessionState, NamespaceState), DecodeError> {
    let session: SessionState = fields.required(key)?;
    let namespace = fields.optional("namespaceState")?;
    let namespace = namespace.unwrap_or_else(|| NamespaceState::named(session.namespace.clone()));
    Ok((session, namespace))
}
