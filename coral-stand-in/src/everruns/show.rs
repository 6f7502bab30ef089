//! A session as clients see it.

use serde_json::{Value, json};

use super::decode::Tool;
use super::refusal::Refusal;
use super::session::{Session, Status};
use super::trap::Trap;

impl Session {
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
        let is_ill = matches!(self.status, Status::Waiting | Status::Paused)
            && self.traps.springs(|trap| if let Trap::IllWhileWaiting(left) = trap { Some(left) } else { None });
        if is_ill {
            return Err(Refusal::new(http::StatusCode::SERVICE_UNAVAILABLE, "unavailable", "try again"));
        }
        Ok(self.show())
    }

    /// The status, which a moment after the calls were asked for is still that of before.
    pub(super) fn status_now(&mut self) -> Status {
        let is_late = self.status == Status::Waiting
            && self.traps.springs(|trap| if let Trap::LateWaiting(left) = trap { Some(left) } else { None });
        if is_late { Status::Active } else { self.status }
    }
}

pub(super) fn snake(status: Status) -> &'static str {
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
