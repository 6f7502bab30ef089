//! The starts and ends of turns.

use std::collections::BTreeMap;

use crate::platform::event::TurnOutcome;

/// The events that start or end turns, by sequence number.
#[derive(Debug, Default)]
pub(super) struct TurnHistory {
    marks: BTreeMap<u64, TurnEffect>,
    /// Id of the turn that ended before these events. Its `session.idled` may arrive late.
    previous_turn: Option<String>,
    /// How the last turn ended according to the session's status, if no event shows its end.
    end_by_status: Option<TurnOutcome>,
}

/// The effect of an event on turns.
#[derive(Debug)]
pub(super) enum TurnEffect {
    /// A turn runs or is about to start.
    Activated,
    /// A turn started.
    Started { turn: Option<String> },
    /// A turn ended.
    Ended { turn: Option<String>, outcome: TurnOutcome },
    /// The session is idle, so the turn ended, if no other event ended it.
    Idled { turn: Option<String> },
}

/// The end of a turn.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TurnEndEvent {
    /// Sequence number of the event; `None` if only the session's status shows the end, which is later than all events.
    pub(super) sequence: Option<u64>,
    pub(super) outcome: TurnOutcome,
}

impl TurnEndEvent {
    pub(super) fn is_after(&self, sequence: u64) -> bool {
        self.sequence.is_none_or(|end| end > sequence)
    }
}

/// Which part of the events belongs to the turn that the run serves.
#[derive(Debug, Clone, Copy)]
pub(super) struct TurnSpan {
    /// The turn's events come after this sequence number.
    pub(super) after: u64,
    /// Whether `after` is the event of the message that the turn answers. Otherwise, a turn that starts after an end is the
    /// served turn.
    pub(super) is_certain: bool,
    pub(super) start: InitialTurnState,
}

/// Whether the turn that the run serves was running when the run began to serve it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::platform::everruns) enum InitialTurnState {
    /// It was running, so the next end is its end.
    #[default]
    Running,
    /// It is still to start, so an end before its start belongs to an earlier turn.
    Pending,
}

impl TurnHistory {
    pub(super) fn add(&mut self, sequence: u64, mark: TurnEffect) {
        self.marks.insert(sequence, mark);
    }

    /// Drops all marks: they belong to earlier turns.
    pub(super) fn clear(&mut self) {
        if self.is_running() == Some(false) {
            let started = |mark: &TurnEffect| if let TurnEffect::Started { turn } = mark { turn.clone() } else { None };
            self.previous_turn = self.marks.values().rev().find_map(started);
        }
        self.marks.clear();
        self.end_by_status = None;
    }

    /// Records that no turn runs, according to the session's status.
    pub(super) fn end_by_status(&mut self) {
        self.end_by_status = Some(TurnOutcome::Done);
    }

    /// Whether a turn runs; `None` if no event shows it.
    pub(super) fn is_running(&self) -> Option<bool> {
        if self.end_by_status.is_some() {
            return Some(false);
        }
        self.relevant_marks().last().map(|(_, mark)| matches!(mark, TurnEffect::Started { .. } | TurnEffect::Activated))
    }

    /// The end of the served turn: the first end after its start.
    pub(super) fn ending(&self, span: TurnSpan) -> Option<TurnEndEvent> {
        let (mut start, mut ending) = (span.start, None);
        for (sequence, mark) in self.relevant_marks().filter(|(sequence, _)| *sequence > span.after) {
            let outcome = match mark {
                TurnEffect::Started { .. } if span.is_certain && ending.is_some() => break,
                TurnEffect::Started { .. } => {
                    (start, ending) = (InitialTurnState::Running, None);
                    continue;
                }
                TurnEffect::Activated => continue,
                TurnEffect::Ended { outcome, .. } => outcome.clone(),
                TurnEffect::Idled { .. } => TurnOutcome::Done,
            };
            if start == InitialTurnState::Running && ending.is_none() {
                ending = Some(TurnEndEvent { sequence: Some(sequence), outcome });
            }
        }
        let by_status = || Some(TurnEndEvent { sequence: None, outcome: self.end_by_status.clone()? });
        ending.or_else(by_status)
    }

    /// The marks in order, without a `session.idled` that arrives late for a turn that ended before.
    fn relevant_marks(&self) -> impl Iterator<Item = (u64, &TurnEffect)> {
        let (mut ended, mut current) = (Vec::from_iter(self.previous_turn.as_deref()), None);
        self.marks.iter().map(|(sequence, mark)| (*sequence, mark)).filter(move |(_, mark)| {
            match mark {
                TurnEffect::Started { turn } => current = turn.as_deref(),
                TurnEffect::Ended { turn, .. } => ended.extend(turn.as_deref()),
                TurnEffect::Idled { turn: Some(turn) } => {
                    return !ended.contains(&turn.as_str()) && current.is_none_or(|current| current == turn);
                }
                TurnEffect::Activated | TurnEffect::Idled { turn: None } => (),
            }
            true
        })
    }
}
