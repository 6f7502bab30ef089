//! Faults: behaviour that the API allows and clients do not expect.

/// A behaviour that Qoder's API allows, and that a client must handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// A heartbeat comment precedes every event.
    HeartbeatComments,
    /// An event named `heartbeat` precedes every event.
    HeartbeatEvents,
    /// An event named `ping` precedes every event.
    PingEvents,
    /// A `retry` field precedes every event.
    RetryLines,
    /// Streams begin with a byte order mark.
    ByteOrderMarks,
    /// The data of an event is split into several lines.
    SplitData,
    /// Every event is sent twice.
    Duplicates,
    /// The event that waits for a call precedes the event of the call.
    Reordered,
    /// Calls are missing on the stream; only the list contains them.
    HiddenCalls,
    /// Streams are cut in the middle of every event but their first.
    CutEvents,
    /// Streams end after every event.
    ShortStreams,
    /// Every event is sent in chunks of one byte.
    OneByteChunks,
    /// Lines end with a carriage return and a line feed.
    CrLf,
    /// The first time, every event is sent without its final blank line, and the stream ends.
    NoFinalBlankLine,
    /// The response to a request for a stream is JSON.
    JsonStreams,
    /// `[DONE]` follows every event.
    DoneMarkers,
    /// The id and the type of an event are missing in its data.
    BareData,
    /// The SSE name of every event is `message`; the data is correct.
    WrongNames,
    /// Streams begin with an event whose data is not JSON.
    MalformedData,
    /// Streams begin with an error event.
    ErrorEvents,
    /// Streams begin with an event that is named `error`, whose data has the type of the error.
    NamedErrorEvents,
    /// This number of streams send only a heartbeat and end.
    SilentStreams(usize),
    /// Streams begin with the first event of the session, whatever the cursor.
    ReplaysHistory,
    /// This number of streams are rejected because of an unknown cursor.
    ForgottenCursors(usize),
    /// All streams are cut once, after this number of events were sent.
    CutAt(usize),
    /// After this number of events, no event is sent until [`QoderStandIn::release`](super::QoderStandIn::release).
    HoldAt(usize),
    /// A message is reported before the running status of the session.
    EchoBeforeRunning,
    /// A result for a call that is not open is a conflict (409) instead of a bad request.
    LateResultConflicts,
    /// After results for some calls, the idle status names all calls, including those with results.
    IdleNamesAnsweredCalls,
    /// An interrupted turn ends with `end_turn`.
    InterruptsEndTurns,
    /// The response to sent events does not contain them.
    EmptyEventResponses,
    /// The response to a single sent event is the event instead of a list.
    BareEventResponses,
    /// Bodies of more than this number of bytes are rejected. Older servers accept 4 MB, newer ones 32 MB.
    MaxBodySize(usize),
    /// Sessions cannot override the tools of their agents.
    NoOverrides,
    /// Every success has the status 200.
    Only200,
    /// Error bodies have no `request_id`.
    NoRequestIds,
    /// This number of updates of agents come just after an update of another client.
    ConcurrentAgentUpdates(usize),
    /// Pages of a list have a `last_id`, but no `next_page`.
    LastIdOnly,
    /// The `next_page` of every page is the same.
    StuckCursors,
    /// Pages of a list have at most this number of items.
    MaxPageSize(usize),
}

/// A closure that returns the number of a fault if it is the given variant.
macro_rules! value_of {
    ($variant:ident) => {
        |fault| if let $crate::qoder::Fault::$variant(value) = fault { Some(*value) } else { None }
    };
}
pub(super) use value_of;
