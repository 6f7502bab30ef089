//! A session: its events, and the turns of its agent.

use std::collections::VecDeque;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::decode::{NewSession, Tool};
use super::held::Held;
use super::record::{CallRecord, Seen};
use super::refusal::Refusal;
use super::script::Step;
use super::trap::{Trap, Traps};

/// A session, as the server has it.
pub(super) struct Session {
    pub(super) id: String,
    pub(super) created: Value,
    pub(super) tools: Vec<Tool>,
    pub(super) hints: Map<String, Value>,
    pub(super) status: Status,
    /// What the agent does in this turn and in those to come.
    pub(super) turn: VecDeque<Step>,
    pub(super) turns: VecDeque<Vec<Step>>,
    pub(super) turn_id: String,
    /// The calls that are waited for.
    pub(super) pending: Vec<Call>,
    /// What the agent does not do before it is let go.
    pub(super) held: Option<Held>,
    pub(super) messages: Vec<(Option<String>, Value)>,
    pub(super) events: Vec<Value>,
    pub(super) traps: Traps,
    pub(super) seen: Vec<Seen>,
    pub(super) calls: Vec<CallRecord>,
}

#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) id: String,
    pub(super) tool: String,
    pub(super) arguments: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Started,
    Active,
    Idle,
    Waiting,
    Paused,
}

/// `{prefix}_` and 32 hexadecimal digits.
pub(super) fn id(prefix: &str) -> String {
    format!("{prefix}_{}", Uuid::new_v4().simple())
}

impl Session {
    pub(super) fn new(request: NewSession, turns: &[Vec<Step>], traps: Traps) -> Self {
        let is_old = traps.has(Trap::OldServer);
        let created = json!({
            "organization_id": "org_00000000000000000000000000000001",
            "agent_id": request.agent_id,
            "harness_id": "harness_00000000000000000000000000000001",
            "workspace_id": "wsp_00000000000000000000000000000001",
            "owner_principal_id": "principal_00000000000000000000000000000001",
            "title": request.title,
            "model_id": request.model_id,
            "tags": request.tags,
            "created_at": "2026-11-21T19:43:30.158Z",
            "updated_at": "2026-11-21T19:43:30.158Z",
        });
        let tools = request.tools.into_iter().filter(|tool| tool.kind == "client_side" && !is_old).collect();
        let hints = request.hints.filter(|_| !is_old).unwrap_or_default();
        Self {
            id: id("session"),
            created,
            tools,
            hints,
            status: Status::Started,
            turn: VecDeque::new(),
            turns: turns.iter().cloned().collect(),
            turn_id: String::new(),
            pending: Vec::new(),
            held: None,
            messages: Vec::new(),
            events: Vec::new(),
            traps,
            seen: Vec::new(),
            calls: Vec::new(),
        }
    }

    pub(super) fn see(&mut self, call: &str, tool: &str, status: &'static str, text: &str) {
        self.seen.push(Seen { call: call.to_owned(), tool: tool.to_owned(), status, text: text.to_owned() });
    }

    pub(super) fn event(&mut self, kind: &str, data: Value) {
        let mut event = json!({
            "id": id("event"),
            "type": kind,
            "ts": "2026-11-21T19:43:30.158Z",
            "session_id": self.id,
            "context": {"turn_id": self.turn_id},
            "sequence": self.events.len() + 1,
        });
        event["data"] = data;
        self.events.push(event);
    }

    /// The place of the event after the one of this id.
    pub(super) fn after(&self, event: &str) -> Result<usize, Refusal> {
        let at = self.events.iter().position(|known| known["id"] == event);
        at.map(|at| at + 1).ok_or_else(|| Refusal::bad_request("unknown since_id"))
    }
}
