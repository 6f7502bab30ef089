//! Events and metrics of calls.
//!
//! Their names are those of OpenTelemetry's semantic conventions for generative AI where these have one. Events are `tracing` events.
//! `docs/operations.md` lists all of them.

mod call_event;
pub(crate) mod metrics;

pub(crate) use self::call_event::{CallFields, call_event};

/// The longest string of a request in a field of an event, in characters.
#[cfg(feature = "webhook")]
const MAX_TEXT: usize = 200;

/// Returns the start of a string that a client chose, for a field of an event.
#[cfg(feature = "webhook")]
pub(crate) fn shortened(text: &str) -> &str {
    text.char_indices().nth(MAX_TEXT).map_or(text, |(end, _)| &text[..end])
}

/// Returns a duration in milliseconds, to the microsecond.
pub(crate) fn milliseconds(duration: std::time::Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}
