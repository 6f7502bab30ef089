//! The state of a namespace.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::session::SessionState;
use crate::json::{DecodeError, FromJson, ObjectReader, deserialize};

/// The state of a namespace, from any server version.
///
/// ```
/// use coral_tools::from_json;
/// use coral_tools::state::NamespaceState;
///
/// let guide = br#"[{"namespace": "default", "sessions": [{"sessionId": "s1", "closing": true}]}]"#;
/// let namespaces: Vec<NamespaceState> = from_json(guide)?;
/// let sessions = namespaces[0].sessions.as_deref().unwrap_or_default();
/// assert_eq!((namespaces[0].name.as_str(), sessions[0].id.as_str()), ("default", "s1"));
/// assert!(sessions[0].is_closing());
/// # Ok::<(), coral_tools::DecodeError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NamespaceState {
    /// Its name.
    pub name: String,
    /// Whether it is deleted when its last session ends. Older servers omit it.
    pub delete_on_last_session_exit: Option<bool>,
    /// The annotations set by its creator.
    pub annotations: BTreeMap<String, String>,
    /// Its sessions, without agents and threads. `None` in the base list.
    pub sessions: Option<Vec<SessionState>>,
    /// Fields that this version does not know, unchanged; those of an extended state's `base` under `base`.
    pub extra: Map<String, Value>,
}

impl NamespaceState {
    /// Sorts namespaces by name. Servers list them in no particular order.
    #[cfg(feature = "client")]
    pub(crate) fn sorted(mut namespaces: Vec<Self>) -> Vec<Self> {
        namespaces.sort_by(|a, b| a.name.cmp(&b.name));
        namespaces
    }

    /// A namespace of which only the name is known.
    pub(crate) fn named(name: String) -> Self {
        let annotations = BTreeMap::new();
        Self { name, delete_on_last_session_exit: None, annotations, sessions: None, extra: Map::new() }
    }
}

impl FromJson for NamespaceState {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut document = ObjectReader::new(value)?;
        let mut namespace = match document.nested("base", base)? {
            Some(base) => base,
            None => base(&mut document)?,
        };
        namespace.sessions = document.optional("sessions")?;
        for session in namespace.sessions.iter_mut().flatten() {
            // The guide's list names the namespace once.
            if session.namespace.is_empty() {
                session.namespace.clone_from(&namespace.name);
            }
        }
        namespace.extra = document.into_remaining();
        Ok(namespace)
    }
}

fn base(object: &mut ObjectReader) -> Result<NamespaceState, DecodeError> {
    let name = object.first_present("name", "namespace");
    Ok(NamespaceState {
        delete_on_last_session_exit: object.optional("deleteOnLastSessionExit")?,
        annotations: object.or_default("annotations")?,
        ..NamespaceState::named(object.required(name)?)
    })
}

deserialize!(NamespaceState);
