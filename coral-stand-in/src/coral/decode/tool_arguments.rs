//! The arguments of built-in tools, which are also the bodies of puppet requests.

use super::json_tree::JsonTree;
use super::object_reader::ObjectReader;
use super::scalar::{integer, list, text};
use super::{DecodeResult, RequestBody};
use crate::coral::emulated_version::EmulatedVersion;

#[derive(Debug)]
pub(in crate::coral) struct CreateThread {
    pub(in crate::coral) name: String,
    pub(in crate::coral) participants: Vec<String>,
}

impl RequestBody for CreateThread {
    const CLASS: &'static str = "org.coralprotocol.coralserver.mcp.tools.CreateThreadInput";

    fn decode(tree: JsonTree, _plays: EmulatedVersion) -> DecodeResult<Self> {
        ObjectReader::read(tree, |fields| {
            Ok(Self {
                name: fields.required("threadName", text)?,
                participants: fields.required("participantNames", |tree| list(tree, text))?,
            })
        })
    }
}

#[derive(Debug)]
pub(in crate::coral) struct CloseThread {
    pub(in crate::coral) thread: String,
    pub(in crate::coral) summary: String,
}

impl RequestBody for CloseThread {
    const CLASS: &'static str = "org.coralprotocol.coralserver.mcp.tools.CloseThreadInput";

    fn decode(tree: JsonTree, _plays: EmulatedVersion) -> DecodeResult<Self> {
        ObjectReader::read(tree, |fields| {
            Ok(Self { thread: fields.required("threadId", text)?, summary: fields.required("summary", text)? })
        })
    }
}

#[derive(Debug)]
pub(in crate::coral) struct SendMessage {
    pub(in crate::coral) thread: String,
    pub(in crate::coral) text: String,
    pub(in crate::coral) mentions: Vec<String>,
}

impl RequestBody for SendMessage {
    const CLASS: &'static str = "org.coralprotocol.coralserver.mcp.tools.SendMessageInput";

    fn decode(tree: JsonTree, _plays: EmulatedVersion) -> DecodeResult<Self> {
        ObjectReader::read(tree, |fields| {
            Ok(Self {
                thread: fields.required("threadId", text)?,
                text: fields.required("content", text)?,
                mentions: fields.required("mentions", |tree| list(tree, text))?,
            })
        })
    }
}

/// A participant to add to a thread or to remove from it, which are two classes of the server.
#[derive(Debug)]
pub(in crate::coral) struct ParticipantChange<const ADDED: bool> {
    pub(in crate::coral) thread: String,
    pub(in crate::coral) name: String,
}

pub(in crate::coral) type AddParticipant = ParticipantChange<true>;
pub(in crate::coral) type RemoveParticipant = ParticipantChange<false>;

impl<const ADDED: bool> RequestBody for ParticipantChange<ADDED> {
    const CLASS: &'static str = if ADDED {
        "org.coralprotocol.coralserver.mcp.tools.AddParticipantInput"
    } else {
        "org.coralprotocol.coralserver.mcp.tools.RemoveParticipantInput"
    };

    fn decode(tree: JsonTree, _plays: EmulatedVersion) -> DecodeResult<Self> {
        ObjectReader::read(tree, |fields| {
            Ok(Self { thread: fields.required("threadId", text)?, name: fields.required("participantName", text)? })
        })
    }
}

/// The arguments of the tools that wait for a message.
#[derive(Debug)]
pub(in crate::coral) struct WaitArguments {
    /// The earliest time of the message, in milliseconds since 1970. Default: now.
    pub(in crate::coral) since: Option<i64>,
    /// In milliseconds.
    pub(in crate::coral) timeout: Option<i64>,
    pub(in crate::coral) from: Option<String>,
}

impl WaitArguments {
    pub(in crate::coral) fn decode(tree: JsonTree, has_agent: bool) -> DecodeResult<Self> {
        ObjectReader::read(tree, |fields| {
            Ok(Self {
                since: fields.optional("currentUnixTime", integer)?,
                timeout: fields.optional("maxWaitMs", integer)?,
                from: has_agent.then(|| fields.required("agentName", text)).transpose()?,
            })
        })
    }
}

#[derive(Debug)]
pub(in crate::coral) struct CloseSession;

impl RequestBody for CloseSession {
    const CLASS: &'static str = "org.coralprotocol.coralserver.mcp.tools.optional.CloseSessionInput";

    fn decode(tree: JsonTree, _plays: EmulatedVersion) -> DecodeResult<Self> {
        // The reason is required, and has no effect.
        ObjectReader::read(tree, |fields| fields.required("reason", text).map(|_reason| Self))
    }
}
