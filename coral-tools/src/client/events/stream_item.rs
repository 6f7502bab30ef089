//! [`EventStreamItem`].

/// An item of an [`EventStream`](super::EventStream).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum EventStreamItem<T> {
    /// An event.
    Event(T),
    /// Events may have been missed: the stream has connected, for the first time or again, or an event could not be decoded. Servers
    /// do not repeat events, so read the state now to get all changes.
    MayHaveMissed,
}
