//! Messages of users.

use serde_json::{Value, json};

use super::decode::NewMessage;
use super::fault::{Fault, value_of};
use super::rejection::Rejection;
use super::session::{Session, Status, new_id};

const SUPERSEDED: &str = "Cancelled because the user sent a message instead";

impl Session {
    pub(super) fn receive_message(&mut self, request: &NewMessage) -> Result<Value, Rejection> {
        let has_message_id = request.client_message_id.is_some() && !self.faults.has(Fault::IgnoresMessageIds);
        if has_message_id
            && let Some((_, message)) = self.messages.iter().find(|(id, _)| *id == request.client_message_id)
        {
            let mut message = message.clone();
            message["delivery"] = "duplicate".into();
            return Ok(message);
        }
        if self.faults.count_down(value_of!(BusyMessages)) {
            return Err(Rejection::conflict("the turn is being resumed"));
        }
        while self.hold.is_some() && self.faults.has(Fault::EndsTurnBeforeMessage) {
            self.release();
        }
        let mut message = json!({
            "id": new_id("message"),
            "session_id": self.id,
            "role": "user",
            "content": request.message.content,
            "created_at": "2026-11-21T19:43:30.158Z",
        });
        self.add_event("input.message", json!({"message": message}));
        message["sequence"] = self.events.len().into();
        if !self.faults.has(Fault::IgnoresMessageIds) {
            message["delivery"] = match self.status {
                Status::Waiting => "resumed",
                Status::Active => "steered",
                Status::Started | Status::Idle | Status::Paused => "started",
            }
            .into();
        }
        self.messages.push((request.client_message_id.clone(), message.clone()));
        let controls = request.controls.as_ref().map(|controls| controls.hints.clone()).unwrap_or_default();
        self.hints.extend(controls);
        match self.status {
            Status::Waiting => {
                self.settle_pending_calls("cancelled", SUPERSEDED);
            }
            Status::Active => (),
            Status::Started | Status::Idle | Status::Paused => self.begin_turn(),
        }
        Ok(message)
    }
}
