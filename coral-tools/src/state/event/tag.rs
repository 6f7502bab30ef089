//! What a line of a server's log is about.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{number, tagged};
use crate::json::{DecodeError, FromJson, ObjectReader, TaggedUnion};

/// One thing that a line of the log is about.
///
/// ```
/// use coral_tools::state::{LogEvent, LogSubject};
/// use coral_tools::from_json;
///
/// let event: LogEvent = from_json(br#"{
///     "type": "info",
///     "text": "Proxy request finished",
///     "tags": [{"type": "proxy_request", "proxyNumber": 3, "mdcMap": {"pnum": "3"}}]
/// }"#)?;
/// assert_eq!(event.tags[0].kind, LogSubject::OfProxyRequest { proxy_number: Some(3) });
/// assert_eq!(event.tags[0].mdc["pnum"], "3");
/// # Ok::<(), coral_tools::DecodeError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LogTag {
    /// What it says.
    pub kind: LogSubject,
    /// The same as the server's own log has it, by the names of its patterns, such as `sid`; `mdcMap` on the wire. Empty
    /// for [`LogSubject::Sensitive`], and for [`LogSubject::Other`], which has it all.
    pub mdc: BTreeMap<String, String>,
    /// Every key that this version does not know, as it came.
    pub extra: Map<String, Value>,
}

impl FromJson for LogTag {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let (kind, mut rest) = tagged(value)?;
        Ok(Self { kind, mdc: rest.or_default("mdcMap")?, extra: rest.into_remaining() })
    }
}

/// What a line of the log is about.
// Not `Agent` or `Namespace`: the compiler would name those types of this crate by their whole paths.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum LogSubject {
    /// It is about a namespace; `namespace` on the wire.
    OfNamespace {
        /// The namespace's name.
        namespace: String,
    },
    /// It is about a session; `session` on the wire.
    OfSession {
        /// The session's id.
        session_id: String,
    },
    /// It is about an agent; `agent` on the wire.
    OfAgent {
        /// The agent's name.
        name: String,
    },
    /// It is about a call of a model through the server; `proxy_request` on the wire. coral-server says so since 1.2.
    OfProxyRequest {
        /// Which of the agent's calls, counted from 1.
        proxy_number: Option<u32>,
    },
    /// An agent has printed it; `stdout` on the wire, also where it was to stderr.
    Printed {
        /// Where to.
        io: StdStream,
    },
    /// It may hold what not everybody should see: servers send it only to those who ask for it.
    Sensitive,
    /// One that this version does not know, as it came.
    Other(Value),
}

impl TaggedUnion for LogSubject {
    fn from_tag(tag: &str, fields: &mut ObjectReader) -> Result<Option<Self>, DecodeError> {
        Ok(Some(match tag {
            "namespace" => Self::OfNamespace { namespace: fields.required("namespace")? },
            "session" => Self::OfSession { session_id: fields.required("sessionId")? },
            "agent" => Self::OfAgent { name: fields.required("name")? },
            "proxy_request" => Self::OfProxyRequest { proxy_number: number(fields, "proxyNumber")? },
            "stdout" => Self::Printed { io: StdStream::of(fields) },
            "sensitive" => Self::Sensitive,
            _ => return Ok(None),
        }))
    }

    fn unknown(raw: Value) -> Self {
        Self::Other(raw)
    }
}

/// Where an agent has printed something.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum StdStream {
    /// To stdout.
    Out,
    /// To stderr.
    Error,
    /// One that this version does not know, as it came; `null` where the server says nothing.
    Other(Value),
}

impl StdStream {
    fn of(tag: &mut ObjectReader) -> Self {
        let io = tag.take("io").unwrap_or_default();
        match io.as_str() {
            Some("out") => Self::Out,
            Some("error") => Self::Error,
            _ => Self::Other(io),
        }
    }
}
