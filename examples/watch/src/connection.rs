//! Whether the server can be reached.

use coral_tools::ClientError;

use crate::screen::Screen;

/// Reports when the connection breaks and when it is restored, each once. Nothing is lost in between, because the state and the
/// messages are read again.
#[derive(Debug, Default)]
pub(crate) struct ConnectionState {
    /// Whether a stream of events has ever been connected. If so, only that connection counts.
    has_events: bool,
    is_down: bool,
}

impl ConnectionState {
    /// The stream of events has connected, for the first time or again.
    pub(crate) fn events_connected(&mut self, screen: &mut Screen) {
        if self.is_down {
            self.report_restored(screen);
        } else if self.has_events {
            screen.note("the connection broke and was restored");
        }
        self.has_events = true;
    }

    /// The stream of events has failed. This counts only if it has been connected before.
    pub(crate) fn events_failed(&mut self, error: &ClientError, screen: &mut Screen) {
        if self.has_events {
            self.report_broken(error, screen);
        }
    }

    /// The session has been polled.
    pub(crate) fn poll_succeeded(&mut self, screen: &mut Screen) {
        if self.is_down && !self.has_events {
            self.report_restored(screen);
        }
    }

    /// The session could not be polled.
    pub(crate) fn poll_failed(&mut self, error: &ClientError, screen: &mut Screen) {
        if !self.has_events {
            self.report_broken(error, screen);
        }
    }

    fn report_broken(&mut self, error: &ClientError, screen: &mut Screen) {
        if !self.is_down {
            screen.note(&format!("the connection broke, reconnecting: {error}"));
        }
        self.is_down = true;
    }

    fn report_restored(&mut self, screen: &mut Screen) {
        screen.note("the connection was restored");
        self.is_down = false;
    }
}
