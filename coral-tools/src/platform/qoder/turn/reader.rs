//! Translates Qoder's events into those of the loop. It sends no requests.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::platform::event::{ToolCall, TurnEvent, TurnOutcome};
use crate::platform::qoder::sessions::{Event, EventKind};
use crate::platform::turn::RunError;
use crate::telemetry::{CallFields, call_event};

/// Events that are remembered to detect duplicates.
const REMEMBERED_EVENTS: usize = 16_384;

/// The result of reading an event.
#[derive(Debug)]
pub(super) enum ReadOutcome {
    /// Events for the loop, in order.
    Events(Vec<Result<TurnEvent, RunError>>),
    /// The session waits for calls, some of which have not been read.
    UnknownCalls { waiting_for: Vec<String>, unknown: Vec<String> },
}

impl ReadOutcome {
    fn none() -> Self {
        Self::Events(Vec::new())
    }

    fn one(event: TurnEvent) -> Self {
        Self::Events(vec![Ok(event)])
    }
}

/// The state of a turn, according to the events that were read.
#[derive(Debug)]
pub(super) struct TurnReader {
    /// The id of the session, for the log.
    session: String,
    seen: RecentEventIds,
    calls: HashMap<String, ToolCall>,
    /// The ids of calls that have a result.
    answered: HashSet<String>,
    /// The ids of calls of built-in and MCP tools, some of which need a person's confirmation.
    platform_calls: HashSet<String>,
    is_interrupted: bool,
    /// The error after which the agent has not continued.
    last_error: Option<SessionError>,
}

/// An error that a session reported.
#[derive(Debug)]
struct SessionError {
    code: Option<String>,
    message: String,
}

impl TurnReader {
    pub(super) fn new(session: impl Into<String>) -> Self {
        Self {
            session: session.into(),
            seen: RecentEventIds::default(),
            calls: HashMap::new(),
            answered: HashSet::new(),
            platform_calls: HashSet::new(),
            is_interrupted: false,
            last_error: None,
        }
    }

    /// Reads an event. A duplicate has no effect.
    pub(super) fn read(&mut self, event: Event) -> Result<ReadOutcome, RunError> {
        let Event { id, kind, extra } = event;
        if let EventKind::ToolCall { tool, input } = kind {
            if extra.get("session_thread_id").is_some_and(|thread| !thread.is_null()) {
                let call =
                    CallFields { tool: Some(&tool), call_id: Some(&id), ..CallFields::of_session(&self.session) };
                call_event!(info, call, "an agent in a thread of its own calls a tool; the result is sent with its id");
            }
            let arguments = input.to_string().into_bytes();
            return self.read_call(ToolCall { id, sequence: None, tool, arguments });
        }
        if !self.seen.insert(&id) {
            return Ok(ReadOutcome::none());
        }
        Ok(match kind {
            EventKind::Idle { stop_reason, waiting_for } if stop_reason.as_deref() == Some("requires_action") => {
                return self.read_waiting(waiting_for);
            }
            EventKind::Idle { stop_reason, .. } => {
                ReadOutcome::one(TurnEvent::Ended(self.outcome(stop_reason.as_deref())?))
            }
            EventKind::Terminated => {
                ReadOutcome::one(TurnEvent::Ended(self.failure("terminated", "the session was terminated")))
            }
            EventKind::Deleted => {
                ReadOutcome::one(TurnEvent::Ended(failed("deleted", "the session was deleted".to_owned())))
            }
            EventKind::PlatformToolCall { .. } => {
                self.platform_calls.insert(id);
                ReadOutcome::none()
            }
            EventKind::AgentMessage(text) => {
                self.last_error = None;
                ReadOutcome::one(TurnEvent::Message(text))
            }
            EventKind::Running => {
                self.last_error = None;
                ReadOutcome::none()
            }
            EventKind::ToolResult { call_id } => {
                self.answered.insert(call_id);
                ReadOutcome::none()
            }
            EventKind::Interrupted => {
                self.is_interrupted = true;
                ReadOutcome::none()
            }
            EventKind::Error { code, message, retry_status } => {
                let session = CallFields::of_session(&self.session);
                call_event!(warn, session, "the session reported an error", ?code, message, ?retry_status);
                self.last_error = Some(SessionError { code, message });
                ReadOutcome::none()
            }
            EventKind::UserMessage(_) | EventKind::Other(_) | EventKind::ToolCall { .. } => ReadOutcome::none(),
        })
    }

    fn read_call(&mut self, call: ToolCall) -> Result<ReadOutcome, RunError> {
        match self.calls.get(&call.id) {
            Some(known) if *known == call => {}
            Some(_) => return Err(RunError::unexpected(format!("two different calls have the id {}", call.id))),
            None => {
                self.last_error = None;
                self.calls.insert(call.id.clone(), call);
            }
        }
        Ok(ReadOutcome::none())
    }

    fn read_waiting(&mut self, mut ids: Vec<String>) -> Result<ReadOutcome, RunError> {
        let mut unique = HashSet::new();
        ids.retain(|id| unique.insert(id.clone()));
        if ids.is_empty() {
            return Err(RunError::unexpected("the session waits for results, but does not name the calls"));
        }
        let unknown: Vec<String> = ids.iter().filter(|id| !self.is_known(id)).cloned().collect();
        if unknown.is_empty() {
            Ok(ReadOutcome::Events(self.events_for_calls(ids)?))
        } else {
            Ok(ReadOutcome::UnknownCalls { waiting_for: ids, unknown })
        }
    }

    /// Returns the events for calls that the session waits for: those without a result are to be run. Calls of built-in and MCP
    /// tools need a person's confirmation, which is an error.
    ///
    /// # Errors
    ///
    /// Returns an error if a call has not been read.
    pub(super) fn events_for_calls(&self, ids: Vec<String>) -> Result<Vec<Result<TurnEvent, RunError>>, RunError> {
        if let Some(unknown) = ids.iter().find(|id| !self.is_known(id)) {
            return Err(RunError::unexpected(format!("the session waits for the unknown call {unknown}")));
        }
        let is_platform_call = |id: &String| self.platform_calls.contains(id);
        let (confirmations, calls): (Vec<String>, Vec<String>) = ids.into_iter().partition(is_platform_call);
        let open = calls.iter().filter(|id| !self.answered.contains(*id));
        let calls: Vec<ToolCall> = open.filter_map(|id| self.calls.get(id)).cloned().collect();
        let calls = (!calls.is_empty()).then_some(Ok(TurnEvent::ToolCalls(calls)));
        let confirmations = (!confirmations.is_empty()).then_some(Err(RunError::NeedsConfirmation(confirmations)));
        Ok(calls.into_iter().chain(confirmations).collect())
    }

    fn is_known(&self, id: &str) -> bool {
        self.calls.contains_key(id) || self.answered.contains(id) || self.platform_calls.contains(id)
    }

    /// Marks calls as answered, so that their results are not submitted again.
    pub(super) fn mark_answered(&mut self, ids: impl IntoIterator<Item = String>) {
        self.answered.extend(ids);
    }

    fn outcome(&self, stop_reason: Option<&str>) -> Result<TurnOutcome, RunError> {
        Ok(match stop_reason {
            Some("end_turn") => self.end_of_turn()?,
            Some("cancelled" | "canceled") => TurnOutcome::Cancelled,
            Some("retries_exhausted") => self.failure("retries_exhausted", "the model failed repeatedly"),
            Some("budget_reached") => failed("budget_reached", "the session's budget is used up".to_owned()),
            Some(other) => return Err(RunError::unexpected(format!("unknown `stop_reason` `{other}`"))),
            None => return Err(RunError::unexpected("`stop_reason` is missing")),
        })
    }

    fn end_of_turn(&self) -> Result<TurnOutcome, RunError> {
        let open: Vec<&str> = self.calls.keys().filter(|id| !self.answered.contains(*id)).map(String::as_str).collect();
        match open.as_slice() {
            [] => Ok(TurnOutcome::Done),
            // Older servers report an interrupted turn as finished.
            _ if self.is_interrupted => Ok(TurnOutcome::Cancelled),
            _ => Err(RunError::unexpected(format!("the turn ended without a result of {}", open.join(", ")))),
        }
    }

    /// Describes a failure by the last error, or else by `default`.
    fn failure(&self, code: &str, default: &str) -> TurnOutcome {
        let message = match &self.last_error {
            Some(SessionError { code: Some(kind), message }) => format!("{message} [{kind}]"),
            Some(SessionError { code: None, message }) => message.clone(),
            None => default.to_owned(),
        };
        failed(code, message)
    }
}

fn failed(code: &str, message: String) -> TurnOutcome {
    TurnOutcome::Failed { code: Some(code.to_owned()), message }
}

/// The ids of the most recent events.
#[derive(Debug, Default)]
struct RecentEventIds {
    ids: HashSet<String>,
    order: VecDeque<String>,
}

impl RecentEventIds {
    /// Returns whether the id is new. Events without an id always are.
    fn insert(&mut self, id: &str) -> bool {
        if id.is_empty() {
            return true;
        }
        if !self.ids.insert(id.to_owned()) {
            return false;
        }
        self.order.push_back(id.to_owned());
        if self.order.len() > REMEMBERED_EVENTS
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
        true
    }
}
