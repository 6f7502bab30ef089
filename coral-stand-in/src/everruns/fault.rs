//! Faults: behaviour of real servers that surprises clients.

/// A behaviour of some Everruns servers that a client must handle.
///
/// A number `n` counts per session, unless stated otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The status is `waiting_for_tool_results` instead of `waitingfortoolresults`.
    SnakeCaseStatus,
    /// The session starts to wait late: the first `n` requests find it still `active`, so that results get a 409.
    LateWaitingStatus(usize),
    /// The turn continues without results, as in a session without the hint `setup_connection`.
    ContinuesWithoutResults,
    /// Tools and hints in requests are ignored, as by older servers.
    IgnoresToolsAndHints,
    /// An additional call of `setup_connection` is requested in its own event, before the calls of the agent.
    SetupConnectionCall,
    /// Event streams ignore `after_sequence`, and begin with the first event unless the request has a `since_id`.
    ReplaysHistory,
    /// Event streams ignore every cursor and send only new events.
    IgnoresCursors,
    /// Each event stream sends `disconnecting` after this number of events, and then nothing.
    DisconnectsAfter(usize),
    /// Event streams send every event twice, and new events in reverse order.
    ReversedDuplicates,
    /// The first stream that reaches the event with this sequence number is cut in the middle of it.
    CutAt(u64),
    /// The first `n` streams send nothing, not even `connected`, as through a buffering proxy.
    SilentStreams(usize),
    /// Streams do not send `connected`.
    NoConnectedEvent,
    /// The `disconnecting` event has this reason instead of `connection_cycle`.
    DisconnectReason(&'static str),
    /// Each event stream ends without notice after this number of events.
    ClosesAfter(usize),
    /// Before each event, streams send events that are not stored: without a sequence number, and without an SSE id.
    EphemeralEvents,
    /// Streams are rejected with this status.
    RejectsStreams(u16),
    /// The first `n` streams are rejected with a 429.
    BusyStreams(usize),
    /// Transient errors ask for a retry after this number of seconds: in the header `Retry-After`, and in the body of
    /// [`ErrorFormat::Problem`].
    RetryAfter(u64),
    /// The first `n` messages are rejected with a 409, as while a turn is being resumed.
    BusyMessages(usize),
    /// The session is active before its turn starts, until [`EverrunsStandIn::release`](super::EverrunsStandIn::release).
    LateTurnStart,
    /// A held turn ends just before the next message is accepted.
    EndsTurnBeforeMessage,
    /// The first `n` requests with results are rejected with a 409 although the session waits.
    ResultConflicts(usize),
    /// Of the first accepted results, only the first is completed. The others are completed at the next
    /// [`EverrunsStandIn::release`](super::EverrunsStandIn::release).
    PartialResults,
    /// Calls of the same tool have the same id, as with some model providers.
    ReusesCallIds,
    /// The first `n` sessions, of all, are created without a response.
    LosesSessionResponses(usize),
    /// The first `n` cancellations of a turn get no response.
    LosesCancelResponses(usize),
    /// The first `n` lists of events after a message get a 503.
    EventListsUnavailable(usize),
    /// Errors have this format.
    ErrorFormat(ErrorFormat),
    /// The first `n` accepted tool results get no response.
    LosesResultResponses(usize),
    /// The first `n` accepted messages get no response.
    LosesMessageResponses(usize),
    /// The `client_message_id` of a message is ignored, and the response has no `delivery`, as of older servers.
    IgnoresMessageIds,
    /// The first `n` requests with results fail with a 500 and have no effect.
    ResultServerErrors(usize),
    /// The first `n` requests for the state of a waiting or paused session get a 503.
    SessionUnavailable(usize),
    /// The calls time out just before the first results arrive: the results get a 409, and the turn has continued.
    TimesOutAtFirstResult,
}

/// The format of error responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ErrorFormat {
    /// RFC 9457: `{"title": …, "status": …, "detail": …, "code": …}`.
    #[default]
    Problem,
    /// `{"error": "…"}`
    Text,
    /// `{"error": {"code": …, "message": …}}`
    Nested,
    /// A line of plain text.
    Plain,
    /// The status without a body.
    Empty,
}

/// A closure that returns the value of a fault if it is the given variant.
macro_rules! value_of {
    ($variant:ident) => {
        |fault| if let $crate::everruns::Fault::$variant(value) = fault { Some(value) } else { None }
    };
}
pub(super) use value_of;

/// The faults of a stand-in, or those that are left in a session.
#[derive(Debug, Clone, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(super) fn has(&self, fault: Fault) -> bool {
        self.0.contains(&fault)
    }

    /// The value of the first fault for which `value` returns one.
    pub(super) fn find<T>(&self, value: impl Fn(Fault) -> Option<T>) -> Option<T> {
        self.0.iter().copied().find_map(value)
    }

    pub(super) fn error_format(&self) -> ErrorFormat {
        self.find(value_of!(ErrorFormat)).unwrap_or_default()
    }

    pub(super) fn retry_after(&self) -> Option<u64> {
        self.find(value_of!(RetryAfter))
    }

    /// Counts down a fault that occurs a number of times. Returns whether it occurs now.
    pub(super) fn count_down(&mut self, count: impl Fn(&mut Fault) -> Option<&mut usize>) -> bool {
        let left = self.0.iter_mut().find_map(count).filter(|left| **left > 0);
        left.map(|left| *left -= 1).is_some()
    }

    /// Removes a fault that occurs once. Returns whether it occurs now.
    pub(super) fn take(&mut self, fault: Fault) -> bool {
        let at = self.0.iter().position(|other| *other == fault);
        at.map(|at| self.0.remove(at)).is_some()
    }
}
