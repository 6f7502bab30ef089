//! How many agents have connected.

use std::time::Duration;

use coral_tools::state::AgentState;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::message::one_line;

/// A spinner that names those who are missing, until nobody is.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    /// What was said last.
    shown: String,
    is_over: bool,
}

impl Progress {
    /// One that moves on the standard output, if that is a terminal.
    pub(crate) fn stdout() -> Self {
        Self::on(ProgressDrawTarget::stdout())
    }

    /// One that does not move.
    #[cfg(test)]
    pub(crate) fn hidden() -> Self {
        Self::on(ProgressDrawTarget::hidden())
    }

    fn on(target: ProgressDrawTarget) -> Self {
        let bar = ProgressBar::with_draw_target(None, target).with_style(ProgressStyle::default_spinner());
        Self { bar, shown: String::new(), is_over: false }
    }

    /// A line to be shown for good, if there is one: at the end; before that, only where nothing can move.
    pub(crate) fn update(&mut self, agents: &[AgentState]) -> Option<String> {
        if self.is_over || agents.is_empty() {
            return None;
        }
        let missing: Vec<_> = agents.iter().filter(|agent| !agent.is_connected()).collect();
        let line = line(agents.len(), &missing);
        self.is_over = missing.is_empty();
        if self.is_over {
            self.stop();
            return Some(line);
        }
        if line == self.shown {
            return None;
        }
        line.clone_into(&mut self.shown);
        self.bar.enable_steady_tick(Duration::from_millis(100));
        self.bar.set_message(line.clone());
        self.bar.is_hidden().then_some(line)
    }

    /// Makes room for other lines, as long as `write` writes them.
    pub(crate) fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }

    pub(crate) fn stop(&mut self) {
        self.is_over = true;
        self.bar.finish_and_clear();
    }
}

fn line(all: usize, missing: &[&AgentState]) -> String {
    let names: Vec<_> = missing.iter().map(|agent| one_line(&agent.name)).collect();
    let waiting = if names.is_empty() { String::new() } else { format!("; waiting for {}", names.join(", ")) };
    format!("{} of {all} agents are connected{waiting}", all - missing.len())
}
