//! Captures the spans and events of a test.

use std::cell::RefCell;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex, Once, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Registry;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

thread_local! {
    static LINES: RefCell<Lines> = RefCell::default();
}

/// Spans, records and events, one per line: `span execute_tool gen_ai.tool.name="echo" …`, `record …`, `event INFO …`.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    fn add(&self, prefix: &str, record: impl FnOnce(&mut FieldFormatter)) {
        let mut fields = FieldFormatter(prefix.to_owned());
        record(&mut fields);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(fields.0);
    }
}

/// Starts to capture the lines of this thread, and those of its spans on other threads. Installs one subscriber for all threads. With
/// one per thread, a callsite that a thread without a subscriber reaches first stays disabled for all threads.
pub(crate) fn start_capture() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing::subscriber::set_global_default(Registry::default().with(CaptureLayer)).expect("no other subscriber");
        tracing::callsite::rebuild_interest_cache();
    });
    LINES.take();
}

/// Returns the lines that were captured, and captures no more of them.
pub(crate) fn captured_lines() -> Vec<String> {
    std::mem::take(&mut LINES.take().0.lock().unwrap_or_else(PoisonError::into_inner))
}

struct CaptureLayer;

/// Appends fields as ` name=value`.
struct FieldFormatter(String);

impl Visit for FieldFormatter {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _infallible = write!(self.0, " {}={value:?}", field.name());
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for CaptureLayer {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let lines = LINES.with_borrow(Clone::clone);
        lines.add(&format!("span {}", attributes.metadata().name()), |fields| attributes.record(fields));
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(lines);
        }
    }

    fn on_record(&self, _id: &Id, values: &Record<'_>, _context: Context<'_, S>) {
        LINES.with_borrow(|lines| lines.add("record", |fields| values.record(fields)));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let of_span = context.event_span(event).and_then(|span| span.extensions().get::<Lines>().cloned());
        let lines = of_span.unwrap_or_else(|| LINES.with_borrow(Clone::clone));
        lines.add(&format!("event {}", event.metadata().level()), |fields| event.record(fields));
    }
}
