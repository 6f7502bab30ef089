//! The answers to calls, from whomever.

use serde_json::{Value, json};

use super::decode::ToolResult;
use super::held::Held;
use super::refusal::Refusal;
use super::session::{Session, Status};
use super::show::snake;
use super::trap::Trap;

const TIMED_OUT: &str = "Timed out waiting for client tool results";

impl Session {
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
        if self.traps.springs(|trap| if let Trap::Conflicts(left) = trap { Some(left) } else { None }) {
            return Err(not_waiting(Status::Active));
        }
        let status = self.status_now();
        if status != Status::Waiting {
            return Err(not_waiting(status));
        }
        self.status = Status::Active;
        match results {
            [first, rest @ ..] if !rest.is_empty() && self.traps.springs_once(Trap::TellsHalf) => {
                self.held = Some(Held::Results(rest.to_vec()));
                self.take_one(first);
            }
            all => self.take(all),
        }
        Ok(json!({"accepted": results.len(), "status": "active"}))
    }

    pub(super) fn take(&mut self, results: &[ToolResult]) {
        results.iter().for_each(|result| self.take_one(result));
        for call in std::mem::take(&mut self.pending) {
            self.repair(&call);
        }
        self.go_on();
    }

    fn take_one(&mut self, result: &ToolResult) {
        let id = &result.tool_call_id;
        let asked = self.pending.iter().position(|call| call.id == *id).map(|at| self.pending.remove(at));
        let status = if result.error.is_some() { "error" } else { "success" };
        self.completed(id, status, &result.text());
        self.see(id, &asked.map(|call| call.tool).unwrap_or_default(), status, &result.text());
        if let Some(call) = self.calls.iter_mut().rfind(|call| call.id == *id) {
            call.answered += 1;
        }
    }

    /// As after 300 seconds of waiting.
    pub(super) fn time_out(&mut self) {
        if self.status == Status::Waiting {
            self.give_up("timeout", TIMED_OUT);
        }
    }

    pub(super) fn give_up(&mut self, status: &'static str, text: &str) {
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
}

fn not_waiting(status: Status) -> Refusal {
    Refusal::conflict(format!("Session is not waiting for tool results (current status: {})", snake(status)))
}
