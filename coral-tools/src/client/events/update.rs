//! One item of a stream of events.

/// What comes of a stream of events.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum EventUpdate<T> {
    /// Something has happened.
    Event(T),
    /// The connection is there, for the first time or again, or something was told that could not be read. Servers do not
    /// repeat what happened before: whoever needs all of it reads the state now.
    MayHaveMissed,
}
