//! What a stand-in does that is allowed, and not expected.

/// What a [`StandIn`](super::StandIn) does that Qoder may do, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trap {
    /// Heartbeats as comments, before every event.
    HeartbeatComments,
    /// Heartbeats as events of that name, before every event.
    HeartbeatEvents,
    /// Events named `ping`, before every event.
    Pings,
    /// How long to wait before the next connection, before every event.
    RetryLines,
    /// Streams begin with a byte order mark.
    ByteOrderMarks,
    /// The data of events has many lines.
    SplitData,
    /// Every event is told twice.
    Duplicates,
    /// What waits for a call is told before the call.
    Reordered,
    /// Calls are in the list and not on the stream.
    HiddenCalls,
    /// Streams are cut in the middle of every event but their first.
    CutFrames,
    /// Streams end after every event.
    ShortStreams,
    /// Every event is told in chunks of one byte.
    OneByteChunks,
    /// Lines end with carriage return and line feed.
    CrLf,
    /// Every event comes without its last line first, and then the stream ends.
    NoFinalBlankLine,
    /// Streams are answered with JSON.
    JsonStreams,
    /// `[DONE]` after every event.
    DoneMarkers,
    /// Ids and types are outside of the data.
    BareData,
    /// The names of events are wrong; the data is right.
    WrongNames,
    /// Streams begin with an event whose data is no JSON.
    BrokenData,
    /// Streams begin with an event that is an error.
    ErrorEvents,
    /// Streams begin with an event that is an error by its name alone; its data has a type of its own.
    NamedErrorEvents,
    /// So many streams say that they are alive, and end.
    QuietStreams(usize),
    /// Streams begin with the session's first event, wherever they are asked to.
    Replays,
    /// So many streams are refused, as if where they begin were not known.
    ForgottenCursors(usize),
    /// All streams are cut once, after so many events have been told.
    CutAt(usize),
    /// After so many events nothing is told until [`StandIn::release`](super::StandIn::release).
    HoldAt(usize),
    /// Messages are told before it is that the agent runs.
    EchoFirst,
    /// An answer to what waits for none is a conflict (409), not a bad request.
    LateConflicts,
    /// Whoever answers some calls hears of the others with those that it has answered.
    ReidleNamesAnswered,
    /// Stopped turns end as if the agent were done.
    InterruptsEndTurns,
    /// Events that are sent are taken without saying their ids.
    SilentReplies,
    /// One event that is sent is answered with itself, not with a list.
    BareReplies,
    /// Larger bodies are refused. Older servers take 4 MB, newer 32.
    BodiesOf(usize),
    /// Sessions have the tools of their agents, and no others.
    NoOverrides,
    /// Every success is 200.
    Only200,
    /// Errors have no id of the request.
    NoRequestIds,
    /// So many changes of agents come just after somebody else's.
    StaleAgents(usize),
    /// Lists name their last id alone.
    LastIdOnly,
    /// Lists lead to themselves.
    StuckCursors,
    /// Lists have so many items a page at most.
    PagesOf(usize),
}
