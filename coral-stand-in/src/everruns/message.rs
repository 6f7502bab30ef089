//! What users say.

use serde_json::{Value, json};

use super::decode::NewMessage;
use super::refusal::Refusal;
use super::session::{Session, Status, id};
use super::trap::Trap;

const SUPERSEDED: &str = "Cancelled because the user sent a message instead";

impl Session {
    pub(super) fn message(&mut self, request: &NewMessage) -> Result<Value, Refusal> {
        let known = request.client_message_id.is_some() && !self.traps.has(Trap::ForgetsMessageIds);
        if known && let Some((_, message)) = self.messages.iter().find(|(id, _)| *id == request.client_message_id) {
            let mut message = message.clone();
            message["delivery"] = "duplicate".into();
            return Ok(message);
        }
        if self.traps.springs(|trap| if let Trap::BusyMessages(left) = trap { Some(left) } else { None }) {
            return Err(Refusal::conflict("the turn is being resumed"));
        }
        while self.held.is_some() && self.traps.has(Trap::EndsBeforeMessages) {
            self.release();
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
        if !self.traps.has(Trap::ForgetsMessageIds) {
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
                self.give_up("cancelled", SUPERSEDED);
            }
            Status::Active => (),
            Status::Started | Status::Idle | Status::Paused => self.begin(),
        }
        Ok(message)
    }
}
