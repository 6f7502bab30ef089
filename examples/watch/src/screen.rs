//! What is shown, on a terminal or anywhere else.
#![expect(clippy::print_stderr, reason = "this is a program for a terminal")]

use std::error::Error;
use std::fmt;
use std::io::{self, Write};

use console::{Style, colors_enabled};
use coral_tools::Session;
use coral_tools::client::NewMessage;
use coral_tools::state::AgentState;
use textwrap::{Options, WordSplitter};

use crate::message::{heading, text};
use crate::progress::Progress;
use crate::summary::Summary;

/// Lines that are longer are hard to read.
const WIDEST: usize = 100;

/// Where everything is shown.
pub(crate) struct Screen {
    out: Box<dyn Write>,
    progress: Progress,
    colours: bool,
    width: usize,
}

impl fmt::Debug for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Screen").field("width", &self.width).finish_non_exhaustive()
    }
}

impl Screen {
    /// The standard output: with colours and a progress that moves if it is a terminal, in plain lines if not.
    pub(crate) fn stdout() -> Self {
        let width = textwrap::termwidth().min(WIDEST);
        Self { out: Box::new(io::stdout()), progress: Progress::stdout(), colours: colors_enabled(), width }
    }

    /// Plain lines.
    #[cfg(test)]
    pub(crate) fn plain(out: impl Write + 'static, width: usize) -> Self {
        Self { out: Box::new(out), progress: Progress::hidden(), colours: false, width }
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

    pub(crate) fn message(&mut self, said: &NewMessage) {
        self.paragraph(&Style::new().bold(), &heading(said));
        self.line(&Style::new(), &text(&said.message.text(), self.width));
    }

    /// What is not of the session itself.
    pub(crate) fn note(&mut self, text: &str) {
        self.paragraph(&Style::new().yellow(), &format!("── {text}"));
    }

    pub(crate) fn end(&mut self, summary: &Summary) {
        self.stop();
        self.paragraph(&Style::new().green(), &format!("── {}", summary.ending()));
        self.line(&Style::new(), &format!("   {}", summary.counts()));
    }

    /// Leaves nothing on the terminal that moves.
    pub(crate) fn stop(&mut self) {
        self.progress.stop();
    }

    pub(crate) fn complain(&self, error: &dyn Error) {
        eprintln!("watch: {error}");
    }

    /// A line with an empty one above it.
    fn paragraph(&mut self, style: &Style, text: &str) {
        self.line(&Style::new(), "");
        self.line(style, text);
    }

    /// One line, or as many as it takes.
    fn line(&mut self, style: &Style, text: &str) {
        let text = textwrap::fill(text, Options::new(self.width).word_splitter(WordSplitter::NoHyphenation));
        let text = style.clone().force_styling(self.colours).apply_to(text);
        let Self { out, progress, .. } = self;
        // Whoever has closed the pipe does not want to know.
        drop(progress.suspend(|| writeln!(out, "{text}").and_then(|()| out.flush())));
    }
}
