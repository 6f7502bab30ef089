//! A turn: the steps of the agent, and their events.

use serde_json::{Value, json};
use uuid::Uuid;

use super::fault::Fault;
use super::hold_point::HoldPoint;
use super::records::CallRecord;
use super::script::{Action, Step};
use super::session::{PendingCall, Session, Status, new_id};

impl Session {
    pub(super) fn begin_turn(&mut self) {
        let default_turn = || vec![Step::message("I have nothing to say.")];
        self.steps = self.turns.pop_front().unwrap_or_else(default_turn).into();
        self.turn_id = new_id("turn");
        self.status = Status::Active;
        self.add_event("session.activated", json!({"turn_id": self.turn_id}));
        if self.faults.has(Fault::LateTurnStart) {
            self.hold = Some(HoldPoint::TurnStart);
        } else {
            self.start_turn();
        }
    }

    fn start_turn(&mut self) {
        self.add_event("turn.started", json!({"turn_id": self.turn_id, "input_message_id": new_id("message")}));
        self.continue_turn();
    }

    /// Releases the agent, if it is held.
    pub(super) fn release(&mut self) {
        match self.hold.take() {
            Some(HoldPoint::TurnStart) => self.start_turn(),
            Some(HoldPoint::NextStep) => self.continue_turn(),
            Some(HoldPoint::RemainingResults(results)) => self.complete_all(&results),
            None => (),
        }
    }

    /// Runs the agent's steps until it waits or the turn ends.
    pub(super) fn continue_turn(&mut self) {
        while let Some(Step(act)) = self.steps.pop_front() {
            self.add_event("reason.started", json!({"agent_id": new_id("agent")}));
            match act {
                Action::Hold => {
                    self.hold = Some(HoldPoint::NextStep);
                    return;
                }
                Action::Message(text) => self.add_message_events(&text, &[]),
                Action::ServerSideCall(name, arguments) => self.add_server_side_call(name, arguments),
                Action::Calls(calls) => {
                    if self.request_calls(calls) {
                        return;
                    }
                }
                Action::Failure { code, message } => {
                    let data = json!({"turn_id": self.turn_id, "error": message, "error_code": code});
                    return self.end_turn("turn.failed", data);
                }
                Action::Sealed(reason) => {
                    return self.end_turn("turn.sealed", json!({"turn_id": self.turn_id, "reason": reason}));
                }
                Action::BudgetExhausted => {
                    self.status = Status::Paused;
                    return self.add_event("budget.exhausted", json!({"budget_id": "budget_1"}));
                }
            }
        }
        self.end_turn("turn.completed", json!({"turn_id": self.turn_id, "iterations": 1}));
    }

    /// Cancels the turn if the session is active.
    pub(super) fn cancel_if_active(&mut self) -> Value {
        if self.status != Status::Active {
            return json!({"status": "no_op", "message": "No active turn to cancel"});
        }
        self.end_turn("turn.cancelled", json!({"turn_id": new_id("turn"), "reason": "user"}));
        json!({"status": "cancelled", "message": "Turn cancelled successfully"})
    }

    /// Cancels the turn in every status, as an operator can.
    pub(super) fn cancel_turn(&mut self) {
        self.pending.clear();
        self.end_turn("turn.cancelled", json!({"turn_id": new_id("turn"), "reason": "user"}));
    }

    fn end_turn(&mut self, kind: &str, data: Value) {
        self.add_event(kind, data);
        self.status = Status::Idle;
        self.hold = None;
        self.steps.clear();
        self.add_event("session.idled", json!({"turn_id": self.turn_id}));
    }

    fn add_message_events(&mut self, text: &str, calls: &[PendingCall]) {
        let mut content = vec![json!({"type": "reasoning", "summary": "…"})];
        if !text.is_empty() {
            content.push(json!({"type": "text", "text": text}));
        }
        content.extend(
            calls.iter().map(
                |call| json!({"type": "tool_call", "id": call.id, "name": call.tool, "arguments": call.arguments}),
            ),
        );
        self.add_event("llm.generation", json!({"messages": ["the whole prompt"]}));
        let message = json!({"id": new_id("message"), "role": "agent", "content": content});
        self.add_event("output.message.completed", json!({"message": message}));
        self.add_event("reason.completed", json!({"success": true}));
    }

    fn new_call(&self, tool: String, arguments: Value) -> PendingCall {
        let id = match self.faults.has(Fault::ReusesCallIds) {
            true => format!("call_{tool}"),
            false => format!("call_{}", Uuid::new_v4().simple()),
        };
        PendingCall { id, tool, arguments }
    }

    fn add_server_side_call(&mut self, name: String, arguments: Value) {
        let call = self.new_call(name, arguments);
        self.add_message_events("", std::slice::from_ref(&call));
        self.add_event(
            "tool.started",
            json!({"tool_call": {"id": call.id, "name": call.tool, "arguments": call.arguments}}),
        );
        let data = json!({"tool_call_id": call.id, "tool_name": call.tool, "success": true, "status": "success"});
        self.add_event("tool.completed", data);
    }

    /// Requests calls from the client. Returns whether the session waits for their results.
    fn request_calls(&mut self, calls: Vec<(String, Value)>) -> bool {
        let calls: Vec<PendingCall> =
            calls.into_iter().map(|(tool, arguments)| self.new_call(tool, arguments)).collect();
        self.add_message_events("", &calls);
        if self.faults.has(Fault::SetupConnectionCall) {
            let setup = self.new_call("setup_connection".to_owned(), json!({"provider": "github"}));
            self.add_request_event(vec![setup]);
        }
        self.add_request_event(calls);
        let has_hint = self.hints.get("setup_connection") == Some(&Value::Bool(true));
        if has_hint && !self.faults.has(Fault::ContinuesWithoutResults) {
            self.status = Status::Waiting;
            return true;
        }
        self.add_event("reason.started", json!({"agent_id": new_id("agent")}));
        for call in std::mem::take(&mut self.pending) {
            self.repair(&call);
        }
        false
    }

    fn add_request_event(&mut self, calls: Vec<PendingCall>) {
        let tool_call = |call: &PendingCall| json!({"id": call.id, "name": call.tool, "arguments": call.arguments});
        let summary =
            |call: &PendingCall| json!({"id": call.id, "name": call.tool, "display_name": null, "narration": "…"});
        let data = json!({
            "tool_calls": calls.iter().map(tool_call).collect::<Vec<_>>(),
            "tool_summaries": calls.iter().map(summary).collect::<Vec<_>>(),
        });
        self.add_event("tool.call_requested", data);
        let record = |call: &PendingCall| CallRecord { id: call.id.clone(), tool: call.tool.clone(), result_count: 0 };
        self.calls.extend(calls.iter().map(record));
        self.pending.extend(calls);
    }

    /// Records that the turn continues without a result of `call`.
    pub(super) fn repair(&mut self, call: &PendingCall) {
        let data = json!({"action": "synthesize", "tool_call_id": call.id, "tool_name": call.tool});
        self.add_event("transcript.repaired", data);
        self.record_result(&call.id, &call.tool, "missing", "");
    }
}
