//! A session: its events, and the turns of its agent.

use std::collections::VecDeque;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::decode::{NewMessage, NewSession, Tool, ToolResult};
use super::record::{CallRecord, Seen};
use super::refusal::Refusal;
use super::script::Step;
use super::trap::{Trap, Traps};

const TIMED_OUT: &str = "Timed out waiting for client tool results";
const SUPERSEDED: &str = "Cancelled because the user sent a message instead";

/// A session, as the server has it.
pub(super) struct Session {
    pub(super) id: String,
    created: Value,
    pub(super) tools: Vec<Tool>,
    pub(super) hints: Map<String, Value>,
    pub(super) status: Status,
    /// What the agent does in this turn and in those to come.
    pub(super) turn: VecDeque<Step>,
    pub(super) turns: VecDeque<Vec<Step>>,
    pub(super) turn_id: String,
    /// The calls that are waited for.
    pub(super) pending: Vec<Call>,
    messages: Vec<(Option<String>, Value)>,
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
            messages: Vec::new(),
            events: Vec::new(),
            traps,
            seen: Vec::new(),
            calls: Vec::new(),
        }
    }

    /// As `GET` shows it.
    pub(super) fn show(&mut self) -> Value {
        let status = self.status_now();
        let mut shown = self.created.clone();
        shown["id"] = self.id.as_str().into();
        shown["status"] = match status {
            Status::Waiting if !self.traps.has(Trap::SnakeStatus) => "waitingfortoolresults".into(),
            status => snake(status).into(),
        };
        if !self.tools.is_empty() {
            shown["tools"] = self.tools.iter().map(tool).collect();
        }
        if !self.hints.is_empty() {
            shown["hints"] = self.hints.clone().into();
        }
        if let Some(fields) = shown.as_object_mut() {
            fields.retain(|_, value| !value.is_null());
        }
        shown
    }

    /// As a client sees it that asks.
    pub(super) fn look(&mut self) -> Result<Value, Refusal> {
        let is_ill = self.status == Status::Waiting
            && self.traps.springs(|trap| if let Trap::IllWhileWaiting(left) = trap { Some(left) } else { None });
        if is_ill {
            return Err(Refusal::new(http::StatusCode::SERVICE_UNAVAILABLE, "unavailable", "try again"));
        }
        Ok(self.show())
    }

    /// The status, which a moment after the calls were asked for is still that of before.
    fn status_now(&mut self) -> Status {
        let is_late = self.status == Status::Waiting
            && self.traps.springs(|trap| if let Trap::LateWaiting(left) = trap { Some(left) } else { None });
        if is_late { Status::Active } else { self.status }
    }

    pub(super) fn message(&mut self, request: &NewMessage) -> Result<Value, Refusal> {
        let known = request.client_message_id.is_some() && !self.traps.has(Trap::ForgetsMessageIds);
        if known && let Some((_, message)) = self.messages.iter().find(|(id, _)| *id == request.client_message_id) {
            let mut message = message.clone();
            message["delivery"] = "duplicate".into();
            return Ok(message);
        }
        let mut message = json!({
            "id": id("message"),
            "session_id": self.id,
            "role": "user",
            "content": request.message.content,
            "created_at": "2026-11-21T19:43:30.158Z",
        });
        self.event("input.message", json!({"message": message}));
        message["sequence"] = self.events.len().into();
        message["delivery"] = match self.status {
            Status::Waiting => "resumed",
            Status::Active => "steered",
            Status::Started | Status::Idle | Status::Paused => "started",
        }
        .into();
        self.messages.push((request.client_message_id.clone(), message.clone()));
        let controls = request.controls.as_ref().map(|controls| controls.hints.clone()).unwrap_or_default();
        self.hints.extend(controls);
        match self.status {
            Status::Waiting => {
                self.give_up("cancelled", SUPERSEDED);
            }
            Status::Active => (),
            Status::Started | Status::Idle | Status::Paused => self.begin(),
        }
        Ok(message)
    }

    pub(super) fn see(&mut self, call: &str, tool: &str, status: &'static str, text: &str) {
        self.seen.push(Seen { call: call.to_owned(), tool: tool.to_owned(), status, text: text.to_owned() });
    }

    /// Takes whatever it gets while it waits, and resumes the turn.
    pub(super) fn results(&mut self, results: &[ToolResult]) -> Result<Value, Refusal> {
        if results.is_empty() {
            return Err(Refusal::bad_request("tool_results must not be empty"));
        }
        if self.traps.springs(|trap| if let Trap::Fails(left) = trap { Some(left) } else { None }) {
            return Err(Refusal::new(http::StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "resolution failed"));
        }
        if self.status == Status::Waiting && self.traps.springs_once(Trap::GivesUpAtAnswer) {
            self.time_out();
            return Err(not_waiting(Status::Active));
        }
        let status = self.status_now();
        if status != Status::Waiting {
            return Err(not_waiting(status));
        }
        let mut pending = std::mem::take(&mut self.pending);
        for result in results {
            let asked = pending.iter().position(|call| call.id == result.tool_call_id).map(|at| pending.remove(at));
            let status = if result.error.is_some() { "error" } else { "success" };
            self.completed(&result.tool_call_id, status, &result.text());
            self.see(&result.tool_call_id, &asked.map(|call| call.tool).unwrap_or_default(), status, &result.text());
            for call in self.calls.iter_mut().filter(|call| call.id == result.tool_call_id) {
                call.answered += 1;
            }
        }
        for call in pending {
            self.repair(&call);
        }
        self.status = Status::Active;
        self.go_on();
        Ok(json!({"accepted": results.len(), "status": "active"}))
    }

    /// As after 300 seconds of waiting.
    pub(super) fn time_out(&mut self) {
        if self.status == Status::Waiting {
            self.give_up("timeout", TIMED_OUT);
        }
    }

    fn give_up(&mut self, status: &'static str, text: &str) {
        for call in std::mem::take(&mut self.pending) {
            self.completed(&call.id, status, text);
            self.see(&call.id, &call.tool, status, text);
        }
        self.status = Status::Active;
        self.go_on();
    }

    /// The name of the tool is not said of answers, and the turn is not the turn.
    fn completed(&mut self, call: &str, status: &str, text: &str) {
        let mut data = json!({"tool_call_id": call, "tool_name": "", "success": status == "success", "status": status});
        if status == "success" {
            data["result"] = json!([{"type": "text", "text": text}]);
        } else {
            data["error"] = text.into();
        }
        self.event("tool.completed", data);
    }

    /// Cancels a turn that runs, and no other.
    pub(super) fn cancel(&mut self) -> Value {
        if self.status != Status::Active {
            return json!({"status": "no_op", "message": "No active turn to cancel"});
        }
        self.end("turn.cancelled", json!({"turn_id": id("turn"), "reason": "user"}));
        json!({"status": "cancelled", "message": "Turn cancelled successfully"})
    }

    /// As if somebody else had cancelled the turn, whatever its status.
    pub(super) fn break_off(&mut self) {
        self.pending.clear();
        self.end("turn.cancelled", json!({"turn_id": id("turn"), "reason": "user"}));
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

fn not_waiting(status: Status) -> Refusal {
    Refusal::conflict(format!("Session is not waiting for tool results (current status: {})", snake(status)))
}

fn snake(status: Status) -> &'static str {
    match status {
        Status::Started => "started",
        Status::Active => "active",
        Status::Idle => "idle",
        Status::Waiting => "waiting_for_tool_results",
        Status::Paused => "paused",
    }
}

fn tool(tool: &Tool) -> Value {
    let Tool { kind, name, description, parameters, rest } = tool;
    let mut shown = json!({"type": kind, "name": name, "description": description, "parameters": parameters});
    if let Some(fields) = shown.as_object_mut() {
        fields.extend(rest.clone());
    }
    shown
}
