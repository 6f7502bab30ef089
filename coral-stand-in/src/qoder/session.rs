//! The state of a session: its events, and the steps of its model.

use std::collections::VecDeque;

use serde_json::{Map, Value, json};

use super::fault::Fault;
use super::records::ToolResultRecord;
use super::rejection::Rejection;
use super::script::{Action, Step};

pub(super) struct Session {
    pub(super) id: String,
    pub(super) json: Map<String, Value>,
    pub(super) events: Vec<Value>,
    pub(super) lifecycle: Lifecycle,
    turns: VecDeque<Vec<Step>>,
    /// The remaining steps of the current turn.
    steps: VecDeque<Step>,
    is_in_turn: bool,
    /// The ids of calls and confirmations without a result.
    open: Vec<String>,
    /// The ids that were requested last, with or without a result.
    requested: Vec<String>,
    /// The results that are not yet moved to the records of the server.
    pub(super) tool_results: Vec<ToolResultRecord>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lifecycle {
    Active,
    Archived,
    Terminated,
    Deleted,
}

/// Makes ids that are unique in a stand-in.
pub(super) trait IdGenerator {
    fn new_id(&mut self, prefix: &str) -> String;
}

impl Session {
    pub(super) fn new(id: String, json: Map<String, Value>, turns: Vec<Vec<Step>>) -> Self {
        Self {
            id,
            json,
            events: Vec::new(),
            lifecycle: Lifecycle::Active,
            turns: turns.into(),
            steps: VecDeque::new(),
            is_in_turn: false,
            open: Vec::new(),
            requested: Vec::new(),
            tool_results: Vec::new(),
        }
    }

    pub(super) fn to_json(&self) -> Value {
        let mut json = self.json.clone();
        let status = match self.lifecycle {
            Lifecycle::Terminated => "terminated",
            _ if self.is_in_turn && self.open.is_empty() => "running",
            _ => "idle",
        };
        json.insert("status".to_owned(), status.into());
        Value::Object(json)
    }

    /// Accepts events of a client: all of them, or none. Returns them with their ids.
    pub(super) fn receive_events(
        &mut self,
        events: &[Value],
        ids: &mut impl IdGenerator,
        faults: &[Fault],
    ) -> Result<Vec<Value>, Rejection> {
        match self.lifecycle {
            Lifecycle::Active => {}
            Lifecycle::Archived => return Err(Rejection::new(400, "the session is archived")),
            Lifecycle::Terminated | Lifecycle::Deleted => return Err(Rejection::new(400, "the session has ended")),
        }
        let mut open = self.open.clone();
        for event in events {
            self.check(event, &mut open, faults)?;
        }
        let mut accepted = Vec::new();
        let (mut has_message, mut has_result) = (false, false);
        for event in events {
            match event["type"].as_str().unwrap_or_default() {
                "user.message" => {
                    has_message = true;
                    if !faults.contains(&Fault::EchoBeforeRunning) {
                        self.add_running_event(ids);
                    }
                }
                "user.custom_tool_result" => {
                    has_result = true;
                    self.record_result(event, "custom_tool_use_id");
                }
                "user.tool_confirmation" => {
                    has_result = true;
                    self.record_result(event, "tool_use_id");
                }
                _ => {}
            }
            accepted.push(self.add_event(event.clone(), ids));
            if event["type"] == "user.interrupt" {
                self.stop_turn(ids, if faults.contains(&Fault::InterruptsEndTurns) { "end_turn" } else { "cancelled" });
            }
        }
        if has_message {
            self.is_in_turn = true;
            self.steps = self.turns.pop_front().unwrap_or_default().into();
        }
        if has_message || has_result && self.open.is_empty() {
            if !has_message || faults.contains(&Fault::EchoBeforeRunning) {
                self.add_running_event(ids);
            }
            self.run_steps(ids);
        } else if has_result {
            let required = if faults.contains(&Fault::IdleNamesAnsweredCalls) {
                self.requested.clone()
            } else {
                self.open.clone()
            };
            self.add_idle_event(&required, ids);
        }
        Ok(accepted)
    }

    fn check(&self, event: &Value, open: &mut Vec<String>, faults: &[Fault]) -> Result<(), Rejection> {
        let mut require_open = |key: &str| {
            let id = event[key].as_str().unwrap_or_default();
            match open.iter().position(|open| open == id) {
                Some(at) => {
                    open.remove(at);
                    Ok(())
                }
                None if faults.contains(&Fault::LateResultConflicts) => {
                    Err(Rejection::conflict("no result is required"))
                }
                None => Err(Rejection::field(key, "no result is required for this id")),
            }
        };
        match event["type"].as_str().unwrap_or_default() {
            "user.message" if self.is_in_turn => Err(Rejection::conflict("the session is running")),
            "user.custom_tool_result" => require_open("custom_tool_use_id"),
            "user.tool_confirmation" => require_open("tool_use_id"),
            _ => Ok(()),
        }
    }

    fn record_result(&mut self, event: &Value, key: &str) {
        let id = event[key].as_str().unwrap_or_default().to_owned();
        self.open.retain(|open| *open != id);
        let call = self.events.iter().find(|event| event["id"] == id.as_str());
        let tool = call.and_then(|call| call["name"].as_str()).unwrap_or_default().to_owned();
        let text = event["content"][0]["text"].as_str().unwrap_or_default().to_owned();
        let is_error = event["is_error"] == true;
        self.tool_results.push(ToolResultRecord { session: self.id.clone(), call: id, tool, text, is_error });
    }

    /// Ends the current turn, if there is one.
    pub(super) fn stop_turn(&mut self, ids: &mut impl IdGenerator, reason: &str) {
        if self.is_in_turn {
            self.end_turn(Some(reason), ids);
        }
    }

    /// Ends the session, including open calls.
    pub(super) fn end(&mut self, kind: &str, ids: &mut impl IdGenerator) {
        self.steps.clear();
        self.open.clear();
        self.is_in_turn = false;
        self.lifecycle = if kind == "session.deleted" { Lifecycle::Deleted } else { Lifecycle::Terminated };
        self.add_event(json!({"type": kind}), ids);
    }

    pub(super) fn is_deleted(&self) -> bool {
        self.lifecycle == Lifecycle::Deleted
    }

    pub(super) fn is_in_turn(&self) -> bool {
        self.is_in_turn
    }

    /// Runs the steps until a result is required or the turn ends.
    fn run_steps(&mut self, ids: &mut impl IdGenerator) {
        while let Some(Step(act)) = self.steps.pop_front() {
            match act {
                Action::Calls(calls) => {
                    let requested = self.add_calls(calls, ids);
                    return self.require_results(requested, ids);
                }
                Action::Permission { calls, tool } => {
                    let mut requested = self.add_calls(calls, ids);
                    let event = self.add_event(json!({"type": "agent.tool_use", "name": tool, "input": {}}), ids);
                    requested.extend(event["id"].as_str().map(str::to_owned));
                    return self.require_results(requested, ids);
                }
                Action::Message(text) => {
                    let content = json!([{"type": "text", "text": text}]);
                    self.add_event(json!({"type": "agent.message", "content": content}), ids);
                }
                Action::Event(event) => _ = self.add_event(event, ids),
                Action::WaitForResults(named) => return self.add_idle_event(&named, ids),
                Action::Stop(reason) => return self.end_turn(reason.as_deref(), ids),
                Action::EndSession(kind) => return self.end(kind, ids),
            }
        }
        self.end_turn(Some("end_turn"), ids);
    }

    fn add_calls(&mut self, calls: Vec<(String, Value)>, ids: &mut impl IdGenerator) -> Vec<String> {
        let add_call = |(tool, input)| {
            let event = self.add_event(json!({"type": "agent.custom_tool_use", "name": tool, "input": input}), ids);
            event["id"].as_str().unwrap_or_default().to_owned()
        };
        calls.into_iter().map(add_call).collect()
    }

    fn require_results(&mut self, requested: Vec<String>, ids: &mut impl IdGenerator) {
        self.add_idle_event(&requested, ids);
        (self.open, self.requested) = (requested.clone(), requested);
    }

    fn add_idle_event(&mut self, required: &[String], ids: &mut impl IdGenerator) {
        let reason = json!({"type": "requires_action", "event_ids": required});
        self.add_event(json!({"type": "session.status_idle", "stop_reason": reason}), ids);
    }

    fn add_running_event(&mut self, ids: &mut impl IdGenerator) {
        self.add_event(json!({"type": "session.status_running"}), ids);
    }

    fn end_turn(&mut self, reason: Option<&str>, ids: &mut impl IdGenerator) {
        self.steps.clear();
        self.open.clear();
        self.is_in_turn = false;
        let reason = reason.map(|reason| json!({"type": reason}));
        self.add_event(json!({"type": "session.status_idle", "stop_reason": reason}), ids);
    }

    fn add_event(&mut self, mut event: Value, ids: &mut impl IdGenerator) -> Value {
        if let Some(fields) = event.as_object_mut() {
            fields.entry("id").or_insert_with(|| ids.new_id("evt").into());
            fields.entry("processed_at").or_insert_with(|| "2026-05-18T15:26:15.747298Z".into());
        }
        self.events.push(event.clone());
        event
    }
}
