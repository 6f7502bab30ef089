//! What is shown in the terminal.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is a program for a terminal")]

use std::error::Error;
use std::io::IsTerminal;

use coral_tools::SessionEndReport;
use coral_tools::client::NewMessage;
use coral_tools::state::SessionState;
use coral_tools::testing::AgentSees;
use serde_json::Value;

use crate::calls::Call;
use crate::layout::{json, wrap};
use crate::request::WRITER;
use crate::serve::SESSION;
use crate::sessions::Report;

/// Lines that are longer are hard to read.
const WIDEST: usize = 100;
/// Where everything but labels starts.
const MARGIN: usize = 13;

const PLAIN: &str = "";
const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "31";
const GREEN: &str = "32";

/// The terminal, and how many things went well and wrong on it.
#[derive(Debug)]
pub(crate) struct Screen {
    colours: bool,
    width: usize,
    things: usize,
    faulty: usize,
}

impl Screen {
    pub(crate) fn new() -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let width = textwrap::termwidth().clamp(MARGIN * 4, WIDEST);
        Self { colours: wanted && std::io::stdout().is_terminal(), width, things: 0, faulty: 0 }
    }

    fn paint(&self, style: &str, text: &str) -> String {
        if self.colours && style != PLAIN { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// A line across, with a title in it.
    fn heading(&self, title: &str) {
        let rule = "─".repeat(self.width.saturating_sub(title.chars().count() + 4));
        println!("{} {} {}", self.paint(DIM, "──"), self.paint(BOLD, title), self.paint(DIM, &rule));
    }

    /// The heading of the next thing that is checked.
    fn numbered(&mut self, title: &str) {
        self.things += 1;
        self.heading(&format!("{}. {title}", self.things));
    }

    /// A label, and lines beside it.
    fn beside(&self, label: &str, style: &str, text: &str) {
        let mut label = self.paint(DIM, &format!("  {label:<width$}", width = MARGIN - 2));
        for line in text.lines().flat_map(|line| wrap(line, self.width - MARGIN)) {
            println!("{label}{}", self.paint(style, &line));
            label = " ".repeat(MARGIN);
        }
    }

    /// Whether the thing went as expected.
    fn verdict(&mut self, faults: &[String]) {
        if faults.is_empty() {
            self.beside("", GREEN, "✓ as expected");
        } else {
            self.faulty += 1;
            self.beside("", RED, &format!("✗ {}", faults.join("\n✗ ")));
        }
        println!();
    }

    /// What the application asks of Coral.
    pub(crate) fn request(&self, request: &Value) {
        self.heading("The request for a session");
        println!("{}\n", json(request, self.width));
    }

    pub(crate) fn connected(&mut self, state: &SessionState, faults: &[String]) {
        self.numbered("Its agents connect");
        self.beside("session", PLAIN, &state.id);
        let names: Vec<_> = state.agents().iter().map(|agent| agent.name.as_str()).collect();
        self.beside("agents", PLAIN, &names.join(", "));
        self.verdict(faults);
    }

    /// One call, what the agent sees of the answer, and whether that is right.
    pub(crate) fn call(&mut self, call: &Call, sees: &AgentSees) {
        self.numbered(call.title);
        self.beside("tool", PLAIN, call.tool);
        self.beside("arguments", PLAIN, call.arguments);
        if sees.is_error {
            self.beside("error", RED, &sees.text);
        } else {
            self.beside("answer", PLAIN, &self.readable(&sees.text));
        }
        self.verdict(&call.faults(sees));
    }

    pub(crate) fn message(&self, said: &NewMessage) {
        let thread = said.thread_name.as_deref().unwrap_or("a thread");
        let message = &said.message;
        let to = message.mention_names.join(", ");
        let to = if to.is_empty() { to } else { format!(" → {to}") };
        self.beside("said", DIM, &format!("{}{to} in “{thread}”", message.sender_name));
        self.beside("", PLAIN, &message.text());
        println!();
    }

    pub(crate) fn answer(&mut self, report: &Report, faults: &[String]) {
        self.numbered("The application has its answer");
        self.beside("title", PLAIN, &report.title);
        self.beside("content", PLAIN, &report.content);
        self.verdict(faults);
    }

    pub(crate) fn end(&mut self, end: &SessionEndReport, faults: &[String]) {
        self.numbered("Coral reports the end of the session");
        self.beside("session", PLAIN, &end.session.id);
        for run in &end.agent_runs {
            let time = |time: Option<_>| time.map_or_else(|| "?".to_owned(), |time| format!("{time}"));
            let run = format!("{} from {} to {}", run.name, time(run.start_time), time(run.end_time));
            self.beside("ran", PLAIN, &run);
        }
        self.beside("messages", PLAIN, &end.session.messages().len().to_string());
        self.verdict(faults);
    }

    /// The last line, and whether all went well: `things` were to be shown.
    pub(crate) fn conclude(&self, things: usize) -> bool {
        let good = self.things - self.faulty;
        let is_good = (good, self.things) == (things, things);
        let verdict = format!("{good} of {things} things went as expected");
        println!("{}", self.paint(if is_good { GREEN } else { RED }, &verdict));
        is_good
    }

    /// How to call the tools by hand.
    pub(crate) fn how_to_call(&self, base_url: &str, variable: &str, demo_secret: Option<&str>) {
        self.heading(&format!("serving at {base_url}; stop with Ctrl-C"));
        if let Some(secret) = demo_secret {
            println!("{variable} is not set, so calls are signed with the demo secret.\n\n{variable}={secret}");
        }
        println!("body='{{\"country\": \"NZ\"}}'");
        println!("signature=$(printf %s \"$body\" | openssl dgst -sha256 -hmac \"${variable}\" | sed 's/.* //')");
        println!("curl -H 'Content-Type: application/json' -H \"X-Coral-Signature: $signature\" \\");
        println!("  --data \"$body\" \\\n  {base_url}/find_time_zones/{SESSION}/{WRITER}");
    }

    pub(crate) fn complain(&self, error: &dyn Error) {
        eprintln!("quickstart: {error}");
    }

    /// An answer in JSON with lines that fit; any other as it is.
    fn readable(&self, text: &str) -> String {
        serde_json::from_str(text).map_or_else(|_| text.to_owned(), |value| json(&value, self.width - MARGIN))
    }
}
