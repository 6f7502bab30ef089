//! What is told of turns: which one is ours, whether it runs, and how it ended.

use std::collections::BTreeMap;

use crate::platform::event::TurnOutcome;

/// The events that say something of turns, by their places, since our turn was asked for.
#[derive(Debug, Default)]
pub(super) struct TurnLog {
    marks: BTreeMap<u64, Mark>,
    /// A turn that was over before these: its `session.idled` may be told late.
    before: Option<String>,
    /// Our turn is one that is still to begin, and not one that runs.
    pub(super) is_to_begin: bool,
}

/// What an event says of a turn.
#[derive(Debug)]
pub(super) enum Mark {
    Began(Option<String>),
    /// One runs, or is about to.
    Active,
    Ended {
        turn: Option<String>,
        ended: TurnOutcome,
    },
    /// A turn is over, if nothing else has said so.
    Idled(Option<String>),
}

impl TurnLog {
    pub(super) fn mark(&mut self, at: u64, mark: Mark) {
        self.marks.insert(at, mark);
    }

    /// All so far is of earlier turns.
    pub(super) fn forget(&mut self) {
        if self.runs() == Some(false) {
            let begun = |mark: &Mark| if let Mark::Began(id) = mark { id.clone() } else { None };
            self.before = self.marks.values().rev().find_map(begun);
        }
        self.marks.clear();
    }

    /// Whether a turn runs, as far as events say.
    pub(super) fn runs(&self) -> Option<bool> {
        self.story().last().map(|(_, mark)| matches!(mark, Mark::Began(_) | Mark::Active))
    }

    /// Where and how our turn ended: the first end after `from`, or after its beginning where that comes later. `is_certain`:
    /// it is ours that is told after this place. Otherwise a turn that begins after an end is ours.
    pub(super) fn end(&self, from: u64, is_certain: bool) -> Option<(u64, TurnOutcome)> {
        let (mut is_ours, mut end) = (!self.is_to_begin, None);
        for (at, mark) in self.story().filter(|(at, _)| *at > from) {
            match mark {
                Mark::Began(_) if is_certain && end.is_some() => break,
                Mark::Began(_) => (is_ours, end) = (true, None),
                Mark::Ended { ended, .. } if is_ours && end.is_none() => end = Some((at, ended.clone())),
                Mark::Idled(_) if is_ours && end.is_none() => end = Some((at, TurnOutcome::Done)),
                Mark::Active | Mark::Ended { .. } | Mark::Idled(_) => (),
            }
        }
        end
    }

    /// All in order, but for what is told late of a turn that is over.
    fn story(&self) -> impl Iterator<Item = (u64, &Mark)> {
        let (mut over, mut turn) = (Vec::from_iter(self.before.as_deref()), None);
        self.marks.iter().map(|(at, mark)| (*at, mark)).filter(move |(_, mark)| {
            match mark {
                Mark::Began(id) => turn = id.as_deref(),
                Mark::Ended { turn: id, .. } => over.extend(id.as_deref()),
                Mark::Idled(Some(id)) => return !over.contains(&id.as_str()) && turn.is_none_or(|turn| turn == id),
                Mark::Active | Mark::Idled(None) => (),
            }
            true
        })
    }
}
