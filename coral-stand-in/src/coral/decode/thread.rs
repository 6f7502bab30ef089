//! What is said to do something with a thread: by puppeteers in bodies, by agents in the arguments of Coral's own tools.

use super::fields::Fields;
use super::scalar::{integer, list, text};
use super::tree::Tree;
use super::{Body, Decoded};
use crate::coral::plays::Plays;

#[derive(Debug)]
pub(in crate::coral) struct CreateThread {
    pub(in crate::coral) name: String,
    pub(in crate::coral) participants: Vec<String>,
}

impl Body for CreateThread {
    const CLASS: &'static str = "org.coralprotocol.coralserver.mcp.tools.CreateThreadInput";

    fn decode(tree: Tree, _plays: Plays) -> Decoded<Self> {
        Fields::of(tree, |fields| {
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

impl Body for CloseThread {
    const CLASS: &'static str = "org.coralprotocol.coralserver.mcp.tools.CloseThreadInput";

    fn decode(tree: Tree, _plays: Plays) -> Decoded<Self> {
        Fields::of(tree, |fields| {
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

impl Body for SendMessage {
    const CLASS: &'static str = "org.coralprotocol.coralserver.mcp.tools.SendMessageInput";

    fn decode(tree: Tree, _plays: Plays) -> Decoded<Self> {
        Fields::of(tree, |fields| {
            Ok(Self {
                thread: fields.required("threadId", text)?,
                text: fields.required("content", text)?,
                mentions: fields.required("mentions", |tree| list(tree, text))?,
            })
        })
    }
}

/// Who is added to a thread or removed from it; `ADDED` because the two are different classes to the server.
#[derive(Debug)]
pub(in crate::coral) struct Participant<const ADDED: bool> {
    pub(in crate::coral) thread: String,
    pub(in crate::coral) name: String,
}

impl<const ADDED: bool> Body for Participant<ADDED> {
    const CLASS: &'static str = if ADDED {
        "org.coralprotocol.coralserver.mcp.tools.AddParticipantInput"
    } else {
        "org.coralprotocol.coralserver.mcp.tools.RemoveParticipantInput"
    };

    fn decode(tree: Tree, _plays: Plays) -> Decoded<Self> {
        Fields::of(tree, |fields| {
            Ok(Self { thread: fields.required("threadId", text)?, name: fields.required("participantName", text)? })
        })
    }
}

/// What an agent waits for.
#[derive(Debug)]
pub(in crate::coral) struct Wait {
    /// Messages from then on count, in milliseconds since 1970; from now on without one.
    pub(in crate::coral) since: Option<i64>,
    /// At most so many milliseconds.
    pub(in crate::coral) at_most: Option<i64>,
    pub(in crate::coral) from: Option<String>,
}

impl Wait {
    pub(in crate::coral) fn decode(tree: Tree, names_agent: bool) -> Decoded<Self> {
        Fields::of(tree, |fields| {
            Ok(Self {
                since: fields.optional("currentUnixTime", integer)?,
                at_most: fields.optional("maxWaitMs", integer)?,
                from: names_agent.then(|| fields.required("agentName", text)).transpose()?,
            })
        })
    }
}

#[derive(Debug)]
pub(in crate::coral) struct CloseSession {
    pub(in crate::coral) reason: String,
}

impl Body for CloseSession {
    const CLASS: &'static str = "org.coralprotocol.coralserver.mcp.tools.optional.CloseSessionInput";

    fn decode(tree: Tree, _plays: Plays) -> Decoded<Self> {
        Fields::of(tree, |fields| Ok(Self { reason: fields.required("reason", text)? }))
    }
}
