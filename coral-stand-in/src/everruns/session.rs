//! The state of a session: its events, and the turns of its agent.

use std::collections::VecDeque;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::decode::{NewSession, Tool};
use super::fault::{Fault, Faults};
use super::hold_point::HoldPoint;
use super::records::{CallRecord, ToolResultRecord};
use super::rejection::Rejection;
use super::script::Step;

pub(super) struct Session {
    pub(super) id: String,
    pub(super) created: Value,
    pub(super) tools: Vec<Tool>,
    pub(super) hints: Map<String, Value>,
    pub(super) status: Status,
    /// The remaining steps of the current turn.
    pub(super) steps: VecDeque<Step>,
    /// The turns to come.
    pub(super) turns: VecDeque<Vec<Step>>,
    pub(super) turn_id: String,
    /// The calls without a result.
    pub(super) pending: Vec<PendingCall>,
    /// The point at which the agent waits for its release.
    pub(super) hold: Option<HoldPoint>,
    pub(super) messages: Vec<(Option<String>, Value)>,
    pub(super) events: Vec<Value>,
    pub(super) faults: Faults,
    pub(super) tool_results: Vec<ToolResultRecord>,
    pub(super) calls: Vec<CallRecord>,
}

#[derive(Debug, Clone)]
pub(super) struct PendingCall {
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

/// Makes an id: `{prefix}_` and 32 hexadecimal digits.
pub(super) fn new_id(prefix: &str) -> String {
    format!("{prefix}_{}", Uuid::new_v4().simple())
}

impl Session {
    pub(super) fn new(request: NewSession, turns: &[Vec<Step>], faults: Faults) -> Self {
        let ignores_tools = faults.has(Fault::IgnoresToolsAndHints);
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
        let tools = request.tools.into_iter().filter(|tool| tool.kind == "client_side" && !ignores_tools).collect();
        let hints = request.hints.filter(|_| !ignores_tools).unwrap_or_default();
        Self {
            id: new_id("session"),
            created,
            tools,
            hints,
            status: Status::Started,
            steps: VecDeque::new(),
            turns: turns.iter().cloned().collect(),
            turn_id: String::new(),
            pending: Vec::new(),
            hold: None,
            messages: Vec::new(),
            events: Vec::new(),
            faults,
            tool_results: Vec::new(),
            calls: Vec::new(),
        }
    }

    pub(super) fn record_result(&mut self, call: &str, tool: &str, status: &'static str, text: &str) {
        self.tool_results.push(ToolResultRecord {
            call: call.to_owned(),
            tool: tool.to_owned(),
            status,
            text: text.to_owned(),
        });
    }

    pub(super) fn add_event(&mut self, kind: &str, data: Value) {
        let mut event = json!({
            "id": new_id("event"),
            "type": kind,
            "ts": "2026-11-21T19:43:30.158Z",
            "session_id": self.id,
            "context": {"turn_id": self.turn_id},
            "sequence": self.events.len() + 1,
        });
        event["data"] = data;
        self.events.push(event);
    }

    /// The position after the event with this id.
    pub(super) fn position_after(&self, event: &str) -> Result<usize, Rejection> {
        let at = self.events.iter().position(|known| known["id"] == event);
        at.map(|at| at + 1).ok_or_else(|| Rejection::bad_request("unknown since_id"))
    }
}
