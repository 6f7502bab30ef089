//! The results of calls, from any client.

use serde_json::{Value, json};

use super::decode::ToolResult;
use super::fault::{Fault, value_of};
use super::hold_point::HoldPoint;
use super::rejection::Rejection;
use super::session::{Session, Status};
use super::show::snake_case;

const TIMED_OUT: &str = "Timed out waiting for client tool results";

impl Session {
    /// Accepts all results while the session waits, and resumes the turn.
    pub(super) fn receive_results(&mut self, results: &[ToolResult]) -> Result<Value, Rejection> {
        if results.is_empty() {
            return Err(Rejection::bad_request("tool_results must not be empty"));
        }
        if self.faults.count_down(value_of!(ResultServerErrors)) {
            return Err(Rejection::new(http::StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "resolution failed"));
        }
        if self.status == Status::Waiting && self.faults.take(Fault::TimesOutAtFirstResult) {
            self.time_out_calls();
            return Err(not_waiting(Status::Active));
        }
        if self.faults.count_down(value_of!(ResultConflicts)) {
            return Err(not_waiting(Status::Active));
        }
        let status = self.reported_status();
        if status != Status::Waiting {
            return Err(not_waiting(status));
        }
        self.status = Status::Active;
        match results {
            [first, rest @ ..] if !rest.is_empty() && self.faults.take(Fault::PartialResults) => {
                self.hold = Some(HoldPoint::RemainingResults(rest.to_vec()));
                self.complete(first);
            }
            all => self.complete_all(all),
        }
        Ok(json!({"accepted": results.len(), "status": "active"}))
    }

    /// Completes these results and repairs pending calls without one; then the turn continues.
    pub(super) fn complete_all(&mut self, results: &[ToolResult]) {
        results.iter().for_each(|result| self.complete(result));
        for call in std::mem::take(&mut self.pending) {
            self.repair(&call);
        }
        self.continue_turn();
    }

    fn complete(&mut self, result: &ToolResult) {
        let id = &result.tool_call_id;
        let pending = self.pending.iter().position(|call| call.id == *id).map(|at| self.pending.remove(at));
        let status = if result.error.is_some() { "error" } else { "success" };
        self.add_completed_event(id, status, &result.text());
        self.record_result(id, &pending.map(|call| call.tool).unwrap_or_default(), status, &result.text());
        if let Some(call) = self.calls.iter_mut().rfind(|call| call.id == *id) {
            call.result_count += 1;
        }
    }

    /// Lets the pending calls time out, as after 300 s.
    pub(super) fn time_out_calls(&mut self) {
        if self.status == Status::Waiting {
            self.settle_pending_calls("timeout", TIMED_OUT);
        }
    }

    /// Settles the pending calls with this status, and continues the turn.
    pub(super) fn settle_pending_calls(&mut self, status: &'static str, text: &str) {
        for call in std::mem::take(&mut self.pending) {
            self.add_completed_event(&call.id, status, text);
            self.record_result(&call.id, &call.tool, status, text);
        }
        self.status = Status::Active;
        self.continue_turn();
    }

    /// Servers leave the name of the tool empty in this event.
    fn add_completed_event(&mut self, call: &str, status: &str, text: &str) {
        let mut data = json!({"tool_call_id": call, "tool_name": "", "success": status == "success", "status": status});
        if status == "success" {
            data["result"] = json!([{"type": "text", "text": text}]);
        } else {
            data["error"] = text.into();
        }
        self.add_event("tool.completed", data);
    }
}

fn not_waiting(status: Status) -> Rejection {
    Rejection::conflict(format!("Session is not waiting for tool results (current status: {})", snake_case(status)))
}
