//! From Qoder's events to the words of the loop, without a socket.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::platform::event::{ToolCall, TurnEvent, TurnOutcome};
use crate::platform::qoder::sessions::{Event, EventKind};
use crate::platform::turn::RunError;

/// How many events are remembered, to know those that come twice.
const REMEMBERED: usize = 16_384;

/// What an event means.
#[derive(Debug)]
pub(crate) enum Heard {
    /// This, in its order.
    Told(Vec<Result<TurnEvent, RunError>>),
    /// The platform waits for `ids`, of which `unknown` have not been told.
    Unknown { ids: Vec<String>, unknown: Vec<String> },
}

impl Heard {
    fn nothing() -> Self {
        Self::Told(Vec::new())
    }

    fn one(told: TurnEvent) -> Self {
        Self::Told(vec![Ok(told)])
    }
}

/// What is known of the turn.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    seen: Seen,
    asked: HashMap<String, ToolCall>,
    answered: HashSet<String>,
    /// Uses of the agent's own tools, for some of which a person is asked.
    own: HashSet<String>,
    is_interrupted: bool,
    /// What the trouble is, since the agent has last gone on.
    trouble: Option<(Option<String>, String)>,
}

impl Reader {
    /// What an event means that has not been read yet; nothing of one that has.
    pub(crate) fn read(&mut self, event: Event) -> Result<Heard, RunError> {
        let Event { id, kind, extra } = event;
        if let EventKind::Call { tool, input } = kind {
            if extra.get("session_thread_id").is_some_and(|thread| !thread.is_null()) {
                tracing::info!(call = id, "a call of an agent in a thread of its own; it is answered by its id");
            }
            let arguments = input.to_string().into_bytes();
            return self.call(ToolCall { id, sequence: None, tool, arguments });
        }
        if !self.seen.is_new(&id) {
            return Ok(Heard::nothing());
        }
        Ok(match kind {
            EventKind::Idle { reason, waits_for } if reason.as_deref() == Some("requires_action") => {
                return self.waiting(waits_for);
            }
            EventKind::Idle { reason, .. } => Heard::one(TurnEvent::Ended(self.ended(reason.as_deref())?)),
            EventKind::Terminated => {
                Heard::one(TurnEvent::Ended(self.failed("terminated", "the session was terminated")))
            }
            EventKind::Deleted => Heard::one(TurnEvent::Ended(failed("deleted", "the session was deleted".to_owned()))),
            EventKind::OwnTool { .. } => {
                self.own.insert(id);
                Heard::nothing()
            }
            EventKind::Said(text) => {
                self.goes_on();
                Heard::one(TurnEvent::Message(text))
            }
            EventKind::Running => {
                self.goes_on();
                Heard::nothing()
            }
            EventKind::Answered { call } => {
                self.answered.insert(call);
                Heard::nothing()
            }
            EventKind::Interrupted => {
                self.is_interrupted = true;
                Heard::nothing()
            }
            EventKind::Trouble { code, message, retry } => {
                tracing::warn!(?code, said = message, ?retry, "the platform has trouble");
                self.trouble = Some((code, message));
                Heard::nothing()
            }
            EventKind::Asked(_) | EventKind::Other(_) | EventKind::Call { .. } => Heard::nothing(),
        })
    }

    fn call(&mut self, call: ToolCall) -> Result<Heard, RunError> {
        match self.asked.get(&call.id) {
            Some(known) if *known == call => Ok(Heard::nothing()),
            Some(_) => Err(RunError::unexpected(format!("two different calls have the id {}", call.id))),
            None => {
                self.goes_on();
                self.asked.insert(call.id.clone(), call);
                Ok(Heard::nothing())
            }
        }
    }

    /// The agent works: the trouble that there was has passed.
    fn goes_on(&mut self) {
        self.trouble = None;
    }

    /// The platform waits for `ids`.
    fn waiting(&mut self, mut ids: Vec<String>) -> Result<Heard, RunError> {
        let mut seen = HashSet::new();
        ids.retain(|id| seen.insert(id.clone()));
        if ids.is_empty() {
            return Err(RunError::unexpected("it waits for an answer, and does not say to what"));
        }
        let unknown: Vec<String> = ids.iter().filter(|id| !self.knows(id)).cloned().collect();
        if unknown.is_empty() { Ok(Heard::Told(self.waits_for(ids)?)) } else { Ok(Heard::Unknown { ids, unknown }) }
    }

    /// The calls among `ids` that have no answer yet are to be answered; of the rest a person is asked, who is not here.
    ///
    /// # Errors
    ///
    /// Where there is one that nobody knows.
    pub(crate) fn waits_for(&self, ids: Vec<String>) -> Result<Vec<Result<TurnEvent, RunError>>, RunError> {
        if let Some(unknown) = ids.iter().find(|id| !self.knows(id)) {
            return Err(RunError::unexpected(format!("it waits for an answer to {unknown}, which was never asked")));
        }
        let (confirmations, calls): (Vec<String>, Vec<String>) = ids.into_iter().partition(|id| self.own.contains(id));
        let open = calls.iter().filter(|id| !self.answered.contains(*id));
        let calls: Vec<ToolCall> = open.filter_map(|id| self.asked.get(id)).cloned().collect();
        let calls = (!calls.is_empty()).then_some(Ok(TurnEvent::ToolCalls(calls)));
        let confirmations = (!confirmations.is_empty()).then_some(Err(RunError::NeedsConfirmation(confirmations)));
        Ok(calls.into_iter().chain(confirmations).collect())
    }

    fn knows(&self, id: &str) -> bool {
        self.asked.contains_key(id) || self.answered.contains(id) || self.own.contains(id)
    }

    pub(crate) fn has_answered(&mut self, ids: impl IntoIterator<Item = String>) {
        self.answered.extend(ids);
    }

    fn ended(&self, reason: Option<&str>) -> Result<TurnOutcome, RunError> {
        Ok(match reason {
            Some("end_turn") => self.done()?,
            Some("cancelled" | "canceled") => TurnOutcome::Cancelled,
            Some("retries_exhausted") => self.failed("retries_exhausted", "the model gave up"),
            Some("budget_reached") => failed("budget_reached", "the session's budget is spent".to_owned()),
            Some(other) => return Err(RunError::unexpected(format!("the agent stopped for the reason `{other}`"))),
            None => return Err(RunError::unexpected("the agent stopped for no reason")),
        })
    }

    fn done(&self) -> Result<TurnOutcome, RunError> {
        let open: Vec<&str> = self.asked.keys().filter(|id| !self.answered.contains(*id)).map(String::as_str).collect();
        match open.as_slice() {
            [] => Ok(TurnOutcome::Done),
            // Older servers do not tell a turn that was stopped from one that is done.
            _ if self.is_interrupted => Ok(TurnOutcome::Cancelled),
            _ => Err(RunError::unexpected(format!("it ended the turn without an answer to {}", open.join(", ")))),
        }
    }

    /// The code says how it is over; what has led there is the message.
    fn failed(&self, code: &str, otherwise: &str) -> TurnOutcome {
        let message = match &self.trouble {
            Some((Some(kind), message)) => format!("{message} [{kind}]"),
            Some((None, message)) => message.clone(),
            None => otherwise.to_owned(),
        };
        failed(code, message)
    }
}

fn failed(code: &str, message: String) -> TurnOutcome {
    TurnOutcome::Failed { code: Some(code.to_owned()), message }
}

/// The ids of the last events.
#[derive(Debug, Default)]
struct Seen {
    ids: HashSet<String>,
    order: VecDeque<String>,
}

impl Seen {
    /// Whether it has not been seen. Of what has no id nobody knows.
    fn is_new(&mut self, id: &str) -> bool {
        if id.is_empty() {
            return true;
        }
        if !self.ids.insert(id.to_owned()) {
            return false;
        }
        self.order.push_back(id.to_owned());
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
        true
    }
}
