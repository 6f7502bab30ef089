//! The output, on a terminal or elsewhere.
#![expect(clippy::print_stderr, reason = "this is a program for a terminal")]

use std::error::Error;
use std::fmt;
use std::io::{self, Write};

use console::{Style, colors_enabled};
use coral_tools::Session;
use coral_tools::client::ReceivedMessage;
use coral_tools::state::AgentState;
use textwrap::{Options, WordSplitter};

use crate::message::{heading, text};
use crate::progress::Progress;
use crate::summary::Summary;

/// Longer lines are hard to read.
const MAX_WIDTH: usize = 100;

/// The output of the program.
pub(crate) struct Screen {
    out: Box<dyn Write>,
    progress: Progress,
    has_colors: bool,
    width: usize,
}

impl fmt::Debug for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Screen").field("width", &self.width).finish_non_exhaustive()
    }
}

impl Screen {
    /// Creates a screen on the standard output: with colors and a spinner if it is a terminal, with plain lines otherwise.
    pub(crate) fn stdout() -> Self {
        let width = textwrap::termwidth().min(MAX_WIDTH);
        Self { out: Box::new(io::stdout()), progress: Progress::stdout(), has_colors: colors_enabled(), width }
    }

    /// Creates a screen with plain lines.
    #[cfg(test)]
    pub(crate) fn plain(out: impl Write + 'static, width: usize) -> Self {
        Self { out: Box::new(out), progress: Progress::hidden(), has_colors: false, width }
    }

    pub(crate) fn begin(&mut self, session: &Session) {
        let line = format!("session {} in namespace {}; times are UTC", session.id(), session.namespace());
        self.line(&Style::new().dim(), &line);
    }

    pub(crate) fn agents(&mut self, agents: &[AgentState]) {
        if let Some(line) = self.progress.update(agents) {
            self.line(&Style::new().green(), &line);
        }
    }

    pub(crate) fn message(&mut self, new: &ReceivedMessage) {
        self.paragraph(&Style::new().bold(), &heading(new));
        self.line(&Style::new(), &text(&new.message.text(), self.width));
    }

    /// Shows a note that is not part of the session.
    pub(crate) fn note(&mut self, text: &str) {
        self.paragraph(&Style::new().yellow(), &format!("── {text}"));
    }

    pub(crate) fn end(&mut self, summary: &Summary) {
        self.stop();
        self.paragraph(&Style::new().green(), &format!("── {}", summary.ending()));
        self.line(&Style::new(), &format!("   {}", summary.counts()));
    }

    /// Removes the spinner.
    pub(crate) fn stop(&mut self) {
        self.progress.stop();
    }

    pub(crate) fn print_error(&self, error: &dyn Error) {
        eprintln!("watch: {error}");
    }

    /// Prints a line below an empty one.
    fn paragraph(&mut self, style: &Style, text: &str) {
        self.line(&Style::new(), "");
        self.line(style, text);
    }

    /// Prints text, wrapped to the width.
    fn line(&mut self, style: &Style, text: &str) {
        let text = textwrap::fill(text, Options::new(self.width).word_splitter(WordSplitter::NoHyphenation));
        let text = style.clone().force_styling(self.has_colors).apply_to(text);
        let Self { out, progress, .. } = self;
        // Errors are ignored: the reader of a pipe has closed it.
        drop(progress.suspend(|| writeln!(out, "{text}").and_then(|()| out.flush())));
    }
}
