//! The progress of connecting agents.

use std::time::Duration;

use coral_tools::state::AgentState;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::message::one_line;

/// A spinner with the names of the agents that are not connected, until all are.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    /// The last line that was shown.
    last_line: String,
    is_finished: bool,
}

impl Progress {
    /// Creates a spinner on the standard output, if that is a terminal.
    pub(crate) fn stdout() -> Self {
        Self::new(ProgressDrawTarget::stdout())
    }

    /// Creates a spinner that is not shown.
    #[cfg(test)]
    pub(crate) fn hidden() -> Self {
        Self::new(ProgressDrawTarget::hidden())
    }

    fn new(target: ProgressDrawTarget) -> Self {
        let bar = ProgressBar::with_draw_target(None, target).with_style(ProgressStyle::default_spinner());
        Self { bar, last_line: String::new(), is_finished: false }
    }

    /// Updates the spinner. Returns a line to print: when all agents are connected, and before that if the spinner is not shown.
    pub(crate) fn update(&mut self, agents: &[AgentState]) -> Option<String> {
        if self.is_finished || agents.is_empty() {
            return None;
        }
        let missing: Vec<_> = agents.iter().filter(|agent| !agent.is_connected()).collect();
        let line = line(agents.len(), &missing);
        self.is_finished = missing.is_empty();
        if self.is_finished {
            self.stop();
            return Some(line);
        }
        if line == self.last_line {
            return None;
        }
        line.clone_into(&mut self.last_line);
        self.bar.enable_steady_tick(Duration::from_millis(100));
        self.bar.set_message(line.clone());
        self.bar.is_hidden().then_some(line)
    }

    /// Hides the spinner while `write` prints other lines.
    pub(crate) fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }

    pub(crate) fn stop(&mut self) {
        self.is_finished = true;
        self.bar.finish_and_clear();
    }
}

fn line(all: usize, missing: &[&AgentState]) -> String {
    let names: Vec<_> = missing.iter().map(|agent| one_line(&agent.name)).collect();
    let waiting = if names.is_empty() { String::new() } else { format!("; waiting for {}", names.join(", ")) };
    format!("{} of {all} agents are connected{waiting}", all - missing.len())
}
