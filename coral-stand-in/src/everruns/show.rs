//! The JSON of a session.

use serde_json::{Value, json};

use super::decode::Tool;
use super::fault::{Fault, value_of};
use super::rejection::Rejection;
use super::session::{Session, Status};

impl Session {
    pub(super) fn state_json(&mut self) -> Value {
        let status = self.reported_status();
        let mut session = self.created.clone();
        session["id"] = self.id.as_str().into();
        session["status"] = match status {
            Status::Waiting if !self.faults.has(Fault::SnakeCaseStatus) => "waitingfortoolresults".into(),
            status => snake_case(status).into(),
        };
        if !self.tools.is_empty() {
            session["tools"] = self.tools.iter().map(tool_json).collect();
        }
        if !self.hints.is_empty() {
            session["hints"] = self.hints.clone().into();
        }
        if let Some(fields) = session.as_object_mut() {
            fields.retain(|_, value| !value.is_null());
        }
        session
    }

    /// The response to a request for the session.
    pub(super) fn get(&mut self) -> Result<Value, Rejection> {
        let is_unavailable = matches!(self.status, Status::Waiting | Status::Paused)
            && self.faults.count_down(value_of!(SessionUnavailable));
        if is_unavailable {
            return Err(Rejection::new(http::StatusCode::SERVICE_UNAVAILABLE, "unavailable", "try again"));
        }
        Ok(self.state_json())
    }

    /// The status; with [`Fault::LateWaitingStatus`] a waiting session is still active for a while.
    pub(super) fn reported_status(&mut self) -> Status {
        let is_late = self.status == Status::Waiting && self.faults.count_down(value_of!(LateWaitingStatus));
        if is_late { Status::Active } else { self.status }
    }
}

pub(super) fn snake_case(status: Status) -> &'static str {
    match status {
        Status::Started => "started",
        Status::Active => "active",
        Status::Idle => "idle",
        Status::Waiting => "waiting_for_tool_results",
        Status::Paused => "paused",
    }
}

fn tool_json(tool: &Tool) -> Value {
    let Tool { kind, name, description, parameters, rest } = tool;
    let mut json = json!({"type": kind, "name": name, "description": description, "parameters": parameters});
    if let Some(fields) = json.as_object_mut() {
        fields.extend(rest.clone());
    }
    json
}
