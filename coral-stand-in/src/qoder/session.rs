//! A session: what is told in it, and what its model does next.

use std::collections::VecDeque;

use serde_json::{Map, Value, json};

use super::refusal::Refusal;
use super::script::{Act, Step};
use super::seen::Seen;
use super::trap::Trap;

pub(super) struct Session {
    pub(super) id: String,
    pub(super) json: Map<String, Value>,
    pub(super) events: Vec<Value>,
    pub(super) life: Life,
    turns: VecDeque<Vec<Step>>,
    /// What is left of the turn that runs.
    steps: VecDeque<Step>,
    is_in_turn: bool,
    /// Calls and permissions that have no answer.
    open: Vec<String>,
    /// Those that were asked for last, answered or not.
    asked: Vec<String>,
    /// What has been read since it was last taken from here.
    pub(super) seen: Vec<Seen>,
}

/// What has become of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Life {
    On,
    Archived,
    Terminated,
    Deleted,
}

/// Makes ids; the same for all that a stand-in has.
pub(super) trait Ids {
    fn id(&mut self, prefix: &str) -> String;
}

impl Session {
    pub(super) fn new(id: String, json: Map<String, Value>, turns: Vec<Vec<Step>>) -> Self {
        Self {
            id,
            json,
            events: Vec::new(),
            life: Life::On,
            turns: turns.into(),
            steps: VecDeque::new(),
            is_in_turn: false,
            open: Vec::new(),
            asked: Vec::new(),
            seen: Vec::new(),
        }
    }

    pub(super) fn show(&self) -> Value {
        let mut json = self.json.clone();
        let status = match self.life {
            Life::Terminated => "terminated",
            _ if self.is_in_turn && self.open.is_empty() => "running",
            _ => "idle",
        };
        json.insert("status".to_owned(), status.into());
        Value::Object(json)
    }

    /// Takes events in, if all of them can be.
    pub(super) fn take(&mut self, events: &[Value], ids: &mut impl Ids, traps: &[Trap]) -> Result<Vec<Value>, Refusal> {
        match self.life {
            Life::On => {}
            Life::Archived => return Err(Refusal::new(400, "the session is archived")),
            Life::Terminated | Life::Deleted => return Err(Refusal::new(400, "the session is over")),
        }
        let mut left = self.open.clone();
        for event in events {
            self.check(event, &mut left, traps)?;
        }
        let mut taken = Vec::new();
        let (mut begins, mut answers) = (false, false);
        for event in events {
            match event["type"].as_str().unwrap_or_default() {
                "user.message" => {
                    begins = true;
                    if !traps.contains(&Trap::EchoFirst) {
                        self.runs(ids);
                    }
                }
                "user.custom_tool_result" => {
                    answers = true;
                    self.answered(event, "custom_tool_use_id");
                }
                "user.tool_confirmation" => {
                    answers = true;
                    self.answered(event, "tool_use_id");
                }
                _ => {}
            }
            taken.push(self.tell(event.clone(), ids));
            if event["type"] == "user.interrupt" {
                self.stop(ids, if traps.contains(&Trap::InterruptsEndTurns) { "end_turn" } else { "cancelled" });
            }
        }
        if begins {
            self.is_in_turn = true;
            self.steps = self.turns.pop_front().unwrap_or_default().into();
        }
        if begins || answers && self.open.is_empty() {
            if !begins || traps.contains(&Trap::EchoFirst) {
                self.runs(ids);
            }
            self.play(ids);
        } else if answers {
            let named = if traps.contains(&Trap::ReidleNamesAnswered) { self.asked.clone() } else { self.open.clone() };
            self.wait(&named, ids);
        }
        Ok(taken)
    }

    fn check(&self, event: &Value, left: &mut Vec<String>, traps: &[Trap]) -> Result<(), Refusal> {
        let mut answers = |key: &str| {
            let id = event[key].as_str().unwrap_or_default();
            match left.iter().position(|open| open == id) {
                Some(at) => {
                    left.remove(at);
                    Ok(())
                }
                None if traps.contains(&Trap::LateConflicts) => Err(Refusal::conflict("it waits for no answer")),
                None => Err(Refusal::field(key, "waits for no answer")),
            }
        };
        match event["type"].as_str().unwrap_or_default() {
            "user.message" if self.is_in_turn => Err(Refusal::conflict("the session is running")),
            "user.custom_tool_result" => answers("custom_tool_use_id"),
            "user.tool_confirmation" => answers("tool_use_id"),
            _ => Ok(()),
        }
    }

    fn answered(&mut self, event: &Value, key: &str) {
        let id = event[key].as_str().unwrap_or_default().to_owned();
        self.open.retain(|open| *open != id);
        let asked = self.events.iter().find(|asked| asked["id"] == id.as_str());
        let tool = asked.and_then(|asked| asked["name"].as_str()).unwrap_or_default().to_owned();
        let text = event["content"][0]["text"].as_str().unwrap_or_default().to_owned();
        let is_error = event["is_error"] == true;
        self.seen.push(Seen { session: self.id.clone(), call: id, tool, text, is_error });
    }

    /// Stops the turn that runs, if one does.
    pub(super) fn stop(&mut self, ids: &mut impl Ids, reason: &str) {
        if self.is_in_turn {
            self.idle(Some(reason), ids);
        }
    }

    /// Ends the session, whatever is open.
    pub(super) fn end(&mut self, kind: &str, ids: &mut impl Ids) {
        self.steps.clear();
        self.open.clear();
        self.is_in_turn = false;
        self.life = if kind == "session.deleted" { Life::Deleted } else { Life::Terminated };
        self.tell(json!({"type": kind}), ids);
    }

    pub(super) fn is_deleted(&self) -> bool {
        self.life == Life::Deleted
    }

    pub(super) fn is_in_turn(&self) -> bool {
        self.is_in_turn
    }

    /// Plays on until an answer is needed, or the turn is over.
    fn play(&mut self, ids: &mut impl Ids) {
        while let Some(Step(act)) = self.steps.pop_front() {
            match act {
                Act::Calls(calls) => {
                    let asked = self.ask(calls, ids);
                    return self.hand_out(asked, ids);
                }
                Act::Permission { calls, tool } => {
                    let mut asked = self.ask(calls, ids);
                    let event = self.tell(json!({"type": "agent.tool_use", "name": tool, "input": {}}), ids);
                    asked.extend(event["id"].as_str().map(str::to_owned));
                    return self.hand_out(asked, ids);
                }
                Act::Says(text) => {
                    let content = json!([{"type": "text", "text": text}]);
                    self.tell(json!({"type": "agent.message", "content": content}), ids);
                }
                Act::Tells(event) => _ = self.tell(event, ids),
                Act::Waits(named) => return self.wait(&named, ids),
                Act::Stops(reason) => return self.idle(reason.as_deref(), ids),
                Act::Ends(kind) => return self.end(kind, ids),
            }
        }
        self.idle(Some("end_turn"), ids);
    }

    fn ask(&mut self, calls: Vec<(String, Value)>, ids: &mut impl Ids) -> Vec<String> {
        let ask = |(tool, input)| {
            let event = self.tell(json!({"type": "agent.custom_tool_use", "name": tool, "input": input}), ids);
            event["id"].as_str().unwrap_or_default().to_owned()
        };
        calls.into_iter().map(ask).collect()
    }

    fn hand_out(&mut self, asked: Vec<String>, ids: &mut impl Ids) {
        self.wait(&asked, ids);
        (self.open, self.asked) = (asked.clone(), asked);
    }

    fn wait(&mut self, named: &[String], ids: &mut impl Ids) {
        let reason = json!({"type": "requires_action", "event_ids": named});
        self.tell(json!({"type": "session.status_idle", "stop_reason": reason}), ids);
    }

    fn runs(&mut self, ids: &mut impl Ids) {
        self.tell(json!({"type": "session.status_running"}), ids);
    }

    fn idle(&mut self, reason: Option<&str>, ids: &mut impl Ids) {
        self.steps.clear();
        self.open.clear();
        self.is_in_turn = false;
        let reason = reason.map(|reason| json!({"type": reason}));
        self.tell(json!({"type": "session.status_idle", "stop_reason": reason}), ids);
    }

    fn tell(&mut self, mut event: Value, ids: &mut impl Ids) -> Value {
        if let Some(fields) = event.as_object_mut() {
            fields.entry("id").or_insert_with(|| ids.id("evt").into());
            fields.entry("processed_at").or_insert_with(|| "2026-05-18T15:26:15.747298Z".into());
        }
        self.events.push(event.clone());
        event
    }
}
