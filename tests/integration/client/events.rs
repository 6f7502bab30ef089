//! Streams of events.
