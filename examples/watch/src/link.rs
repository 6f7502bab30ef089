//! Whether Coral can be reached.

use coral_tools::ClientError;

use crate::screen::Screen;

/// Says when the connection breaks and when it is made again, each once. Nothing that is shown is lost by that: the state
/// and the messages are read again.
#[derive(Debug, Default)]
pub(crate) struct Link {
    /// Whether there has been a connection that tells of events. Then it is the one that counts.
    has_events: bool,
    is_down: bool,
}

impl Link {
    /// Events are listened to, for the first time or again.
    pub(crate) fn connected(&mut self, screen: &mut Screen) {
        if self.is_down {
            self.is_there(screen);
        } else if self.has_events {
            screen.note("the connection broke, and was made again");
        }
        self.has_events = true;
    }

    /// Events cannot be listened to. That counts only where they could before.
    pub(crate) fn lost(&mut self, error: &ClientError, screen: &mut Screen) {
        if self.has_events {
            self.is_broken(error, screen);
        }
    }

    /// The session has been looked at.
    pub(crate) fn looked(&mut self, screen: &mut Screen) {
        if self.is_down && !self.has_events {
            self.is_there(screen);
        }
    }

    /// The session could not be looked at.
    pub(crate) fn failed(&mut self, error: &ClientError, screen: &mut Screen) {
        if !self.has_events {
            self.is_broken(error, screen);
        }
    }

    fn is_broken(&mut self, error: &ClientError, screen: &mut Screen) {
        if !self.is_down {
            screen.note(&format!("the connection broke, and is tried again: {error}"));
        }
        self.is_down = true;
    }

    fn is_there(&mut self, screen: &mut Screen) {
        screen.note("the connection was made again");
        self.is_down = false;
    }
}
