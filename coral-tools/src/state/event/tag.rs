//! The subjects of a log line.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::envelope::{number, tagged};
use crate::json::{DecodeError, FromJson, ObjectReader, TaggedUnion};

/// One subject of a log line.
///
/// ```
/// use coral_tools::from_json;
/// use coral_tools::state::{LogEvent, LogSubject};
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
    /// The subject.
    pub kind: LogSubject,
    /// The same data under the names that the server's own log patterns use, such as `sid`; `mdcMap` on the wire. Empty for
    /// [`LogSubject::Sensitive`] and [`LogSubject::Other`].
    pub mdc: BTreeMap<String, String>,
    /// Fields that this version does not know, unchanged.
    pub extra: Map<String, Value>,
}

impl FromJson for LogTag {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let (kind, mut rest) = tagged(value)?;
        Ok(Self { kind, mdc: rest.or_default("mdcMap")?, extra: rest.into_remaining() })
    }
}

/// The subject of a log line.
// With variants `Agent` or `Namespace`, the compiler would print these types of this crate with their full paths.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum LogSubject {
    /// A namespace; `namespace` on the wire.
    OfNamespace {
        /// The namespace's name.
        namespace: String,
    },
    /// A session; `session` on the wire.
    OfSession {
        /// The session's id.
        session_id: String,
    },
    /// An agent; `agent` on the wire.
    OfAgent {
        /// The agent's name.
        name: String,
    },
    /// A call of a model through the server; `proxy_request` on the wire. Since coral-server 1.2.
    OfProxyRequest {
        /// The number of the agent's call, from 1.
        proxy_number: Option<u32>,
    },
    /// Output of an agent; `stdout` on the wire, also for stderr.
    Printed {
        /// The stream.
        io: StdStream,
    },
    /// Possibly sensitive content: servers send it only to clients that ask for it.
    Sensitive,
    /// An unknown value, unchanged.
    Other(Value),
}

impl TaggedUnion for LogSubject {
    fn from_tag(tag: &str, fields: &mut ObjectReader) -> Result<Option<Self>, DecodeError> {
        Ok(Some(match tag {
            "namespace" => Self::OfNamespace { namespace: fields.required("namespace")? },
            "session" => Self::OfSession { session_id: fields.required("sessionId")? },
            "agent" => Self::OfAgent { name: fields.required("name")? },
            "proxy_request" => Self::OfProxyRequest { proxy_number: number(fields, "proxyNumber")? },
            "stdout" => Self::Printed { io: StdStream::from_fields(fields) },
            "sensitive" => Self::Sensitive,
            _ => return Ok(None),
        }))
    }

    fn unknown(raw: Value) -> Self {
        Self::Other(raw)
    }
}

/// The standard stream of an agent's output.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum StdStream {
    /// stdout.
    Out,
    /// stderr.
    Error,
    /// An unknown value, unchanged; `null` if the server sends none.
    Other(Value),
}

impl StdStream {
    fn from_fields(tag: &mut ObjectReader) -> Self {
        let io = tag.take("io").unwrap_or_default();
        match io.as_str() {
            Some("out") => Self::Out,
            Some("error") => Self::Error,
            _ => Self::Other(io),
        }
    }
}
