//! Which turn the run serves.

use crate::platform::everruns::history::turn_history::{InitialTurnState, TurnSpan};
use crate::platform::everruns::user_message::{SentMessage, UserMessage};

/// The turn that the run serves: the turn of the message that it sent, or else the current turn.
#[derive(Debug, Default)]
pub(super) struct ServedTurn {
    /// Events up to this sequence number belong to earlier turns.
    history_end: u64,
    start: InitialTurnState,
    /// The message that the run sent.
    sent: Option<SentMessage>,
    /// User messages in the events since `history_end`, by sequence number.
    received: Vec<(u64, UserMessage)>,
}

impl ServedTurn {
    pub(super) fn set_start(&mut self, start: InitialTurnState) {
        self.start = start;
    }

    pub(super) fn set_sent(&mut self, sent: SentMessage) {
        self.sent = Some(sent);
    }

    /// Sets the platform's id of the message that was sent.
    pub(super) fn set_message_id(&mut self, id: Option<String>) {
        if let Some(sent) = &mut self.sent {
            sent.id = id;
        }
    }

    pub(super) fn drop_history(&mut self, end: u64) {
        self.history_end = end;
        self.received.clear();
    }

    pub(super) fn receive(&mut self, sequence: u64, message: UserMessage) {
        self.received.push((sequence, message));
    }

    /// Sequence number of the event of the message that was sent.
    pub(super) fn received_at(&self) -> Option<u64> {
        let sent = self.sent.as_ref()?;
        self.received.iter().filter(|(_, message)| sent.matches(message)).map(|(sequence, _)| *sequence).min()
    }

    pub(super) fn span(&self) -> TurnSpan {
        let received_at = self.received_at();
        TurnSpan {
            after: received_at.unwrap_or(self.history_end),
            is_certain: self.sent.is_none() || received_at.is_some(),
            start: self.start,
        }
    }
}
