//! What servers do that clients must bear.

/// Something that an Everruns server may do, and a client must bear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trap {
    /// The waiting status is spelled `waiting_for_tool_results`.
    SnakeStatus,
    /// The status flips late: so often it is still `active` when it is looked at, or answers are refused with 409.
    LateWaiting(usize),
    /// The turn goes on without the answers, as of a session without the hint.
    DoesNotPause,
    /// Tools and hints are unknown, and ignored.
    OldServer,
    /// One more call, `setup_connection`, is asked for in an event of its own, before those of the agent.
    SetupConnection,
    /// Streams of events ignore `after_sequence`, and begin with the first event where they are not told `since_id`.
    Replays,
    /// Streams of events begin with what comes next, whatever they are told.
    AlwaysLive,
    /// Streams say `disconnecting` after so many events each, and nothing more.
    Cycles(usize),
    /// Every event is streamed twice, and what is new comes backwards.
    Disorder,
    /// The first stream that comes to the event of this sequence is cut in the middle of it.
    CutAt(u64),
    /// So many streams are mute, as through a proxy that keeps what it gets: not even a word that they are there.
    Mute(usize),
    /// Streams do not say that they are there.
    SaysNoConnected,
    /// Streams that say `disconnecting` say this reason, instead of `connection_cycle`.
    Disconnects(&'static str),
    /// Streams end without a word after so many events each.
    Closes(usize),
    /// Before each event, streams tell of events that are not kept: without a sequence, and without an id of the frame.
    Ephemeral,
    /// Streams are refused with this status.
    RefusesStreams(u16),
    /// So many streams are refused with 429.
    BusyStreams(usize),
    /// Refusals that may pass ask to be left alone for so many seconds: in a header, and in the body of a [`Shape::Problem`].
    RetryAfter(u64),
    /// So many messages are refused with 409, as while a turn is being resumed.
    BusyMessages(usize),
    /// A turn is active a while before it has begun: until [`StandIn::release`](super::StandIn::release).
    BeginsLate,
    /// A turn that is held is over just before the next message.
    EndsBeforeMessages,
    /// So many attempts to hand in answers are refused with 409, though the session waits.
    Conflicts(usize),
    /// Of the first answers that are accepted, the first is told of, and the others when the agent is let go by
    /// [`StandIn::release`](super::StandIn::release).
    TellsHalf,
    /// Calls of the same tool have the same id, as some model providers have it.
    ReusesIds,
    /// So many sessions that are created get no response.
    LosesSessions(usize),
    /// So many turns that are cancelled get no response.
    LosesCancels(usize),
    /// So many lists of events are answered with 503, once there was a message.
    IllAfterMessages(usize),
    /// Errors have this shape.
    Errors(Shape),
    /// So many of the answers that are accepted get no response.
    LosesResponses(usize),
    /// So many messages that are accepted get no response.
    LosesMessages(usize),
    /// A message's `client_message_id` is ignored, and not told what becomes of it, as by older servers.
    ForgetsMessageIds,
    /// So many attempts to hand in answers fail with 500, and nothing is done.
    Fails(usize),
    /// So many looks at a session that waits or is paused are answered with 503.
    IllWhileWaiting(usize),
    /// The first answers come just after the platform gave up on them: 409, and the turn has gone on.
    GivesUpAtAnswer,
}

/// How a server words an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Shape {
    /// RFC 9457: `{"title": …, "status": …, "detail": …, "code": …}`.
    #[default]
    Problem,
    /// `{"error": "…"}`
    Text,
    /// `{"error": {"code": …, "message": …}}`
    Nested,
    /// A line of plain text.
    Plain,
    /// The status, and nothing else.
    Empty,
}

/// The traps of one stand-in.
#[derive(Debug, Clone, Default)]
pub(super) struct Traps(Vec<Trap>);

impl Traps {
    pub(super) fn set(&mut self, trap: Trap) {
        self.0.push(trap);
    }

    pub(super) fn has(&self, trap: Trap) -> bool {
        self.0.contains(&trap)
    }

    /// What is said of the trap that `what` is looking for.
    pub(super) fn find<T>(&self, what: impl Fn(Trap) -> Option<T>) -> Option<T> {
        self.0.iter().copied().find_map(what)
    }

    pub(super) fn shape(&self) -> Shape {
        let shape = |trap| if let Trap::Errors(shape) = trap { Some(shape) } else { None };
        self.find(shape).unwrap_or_default()
    }

    pub(super) fn retry_after(&self) -> Option<u64> {
        self.find(|trap| if let Trap::RetryAfter(seconds) = trap { Some(seconds) } else { None })
    }

    /// Whether this trap, of those that spring a number of times, springs once more.
    pub(super) fn springs(&mut self, is: impl Fn(&mut Trap) -> Option<&mut usize>) -> bool {
        let left = self.0.iter_mut().find_map(is).filter(|left| **left > 0);
        left.map(|left| *left -= 1).is_some()
    }

    /// Whether this trap, of those that spring once, springs now.
    pub(super) fn springs_once(&mut self, trap: Trap) -> bool {
        let at = self.0.iter().position(|set| *set == trap);
        at.map(|at| self.0.remove(at)).is_some()
    }
}
