//! A turn: what the agent does, step by step, and the events that tell of it.

use serde_json::{Value, json};
use uuid::Uuid;

use super::held::Held;
use super::record::CallRecord;
use super::script::{Act, Step};
use super::session::{Call, Session, Status, id};
use super::trap::Trap;

impl Session {
    pub(super) fn begin(&mut self) {
        let nothing = || vec![Step::says("I have nothing to say.")];
        self.turn = self.turns.pop_front().unwrap_or_else(nothing).into();
        self.turn_id = id("turn");
        self.status = Status::Active;
        self.event("session.activated", json!({"turn_id": self.turn_id}));
        if self.traps.has(Trap::BeginsLate) {
            self.held = Some(Held::Beginning);
        } else {
            self.start();
        }
    }

    pub(super) fn start(&mut self) {
        self.event("turn.started", json!({"turn_id": self.turn_id, "input_message_id": id("message")}));
        self.go_on();
    }

    /// Lets the agent go on, if it is held.
    pub(super) fn release(&mut self) {
        match self.held.take() {
            Some(Held::Beginning) => self.start(),
            Some(Held::Step) => self.go_on(),
            Some(Held::Results(results)) => self.take(&results),
            None => (),
        }
    }

    /// The agent's next steps, up to where it waits or is done.
    pub(super) fn go_on(&mut self) {
        while let Some(Step(act)) = self.turn.pop_front() {
            self.event("reason.started", json!({"agent_id": id("agent")}));
            match act {
                Act::Holds => {
                    self.held = Some(Held::Step);
                    return;
                }
                Act::Says(text) => self.says(&text, &[]),
                Act::Settled(name, arguments) => self.settled(name, arguments),
                Act::Calls(calls) => {
                    if self.asks(calls) {
                        return;
                    }
                }
                Act::Fails { code, message } => {
                    let data = json!({"turn_id": self.turn_id, "error": message, "error_code": code});
                    return self.end("turn.failed", data);
                }
                Act::Seals(reason) => {
                    return self.end("turn.sealed", json!({"turn_id": self.turn_id, "reason": reason}));
                }
                Act::Pauses => {
                    self.status = Status::Paused;
                    return self.event("budget.exhausted", json!({"budget_id": "budget_1"}));
                }
            }
        }
        self.end("turn.completed", json!({"turn_id": self.turn_id, "iterations": 1}));
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

    pub(super) fn end(&mut self, kind: &str, data: Value) {
        self.event(kind, data);
        self.status = Status::Idle;
        self.held = None;
        self.turn.clear();
        self.event("session.idled", json!({"turn_id": self.turn_id}));
    }

    fn says(&mut self, text: &str, calls: &[Call]) {
        let mut content = vec![json!({"type": "reasoning", "summary": "…"})];
        if !text.is_empty() {
            content.push(json!({"type": "text", "text": text}));
        }
        content.extend(
            calls.iter().map(
                |call| json!({"type": "tool_call", "id": call.id, "name": call.tool, "arguments": call.arguments}),
            ),
        );
        self.event("llm.generation", json!({"messages": ["the whole prompt"]}));
        let message = json!({"id": id("message"), "role": "agent", "content": content});
        self.event("output.message.completed", json!({"message": message}));
        self.event("reason.completed", json!({"success": true}));
    }

    fn new_call(&self, tool: String, arguments: Value) -> Call {
        let id = match self.traps.has(Trap::ReusesIds) {
            true => format!("call_{tool}"),
            false => format!("call_{}", Uuid::new_v4().simple()),
        };
        Call { id, tool, arguments }
    }

    fn settled(&mut self, name: String, arguments: Value) {
        let call = self.new_call(name, arguments);
        self.says("", std::slice::from_ref(&call));
        self.event(
            "tool.started",
            json!({"tool_call": {"id": call.id, "name": call.tool, "arguments": call.arguments}}),
        );
        let data = json!({"tool_call_id": call.id, "tool_name": call.tool, "success": true, "status": "success"});
        self.event("tool.completed", data);
    }

    /// Asks the client, and says whether it is waited for.
    fn asks(&mut self, calls: Vec<(String, Value)>) -> bool {
        let calls: Vec<Call> = calls.into_iter().map(|(tool, arguments)| self.new_call(tool, arguments)).collect();
        self.says("", &calls);
        if self.traps.has(Trap::SetupConnection) {
            let setup = self.new_call("setup_connection".to_owned(), json!({"provider": "github"}));
            self.request(vec![setup]);
        }
        self.request(calls);
        let is_hinted = self.hints.get("setup_connection") == Some(&Value::Bool(true));
        if is_hinted && !self.traps.has(Trap::DoesNotPause) {
            self.status = Status::Waiting;
            return true;
        }
        self.event("reason.started", json!({"agent_id": id("agent")}));
        for call in std::mem::take(&mut self.pending) {
            self.repair(&call);
        }
        false
    }

    fn request(&mut self, calls: Vec<Call>) {
        let shown = |call: &Call| json!({"id": call.id, "name": call.tool, "arguments": call.arguments});
        let summary = |call: &Call| json!({"id": call.id, "name": call.tool, "display_name": null, "narration": "…"});
        let data = json!({
            "tool_calls": calls.iter().map(shown).collect::<Vec<_>>(),
            "tool_summaries": calls.iter().map(summary).collect::<Vec<_>>(),
        });
        self.event("tool.call_requested", data);
        let record = |call: &Call| CallRecord { id: call.id.clone(), tool: call.tool.clone(), answered: 0 };
        self.calls.extend(calls.iter().map(record));
        self.pending.extend(calls);
    }

    pub(super) fn repair(&mut self, call: &Call) {
        let data = json!({"action": "synthesize", "tool_call_id": call.id, "tool_name": call.tool});
        self.event("transcript.repaired", data);
        self.see(&call.id, &call.tool, "missing", "");
    }
}
