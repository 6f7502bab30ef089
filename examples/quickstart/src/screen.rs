//! Output on the terminal.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is a program for a terminal")]

use std::error::Error;
use std::io::IsTerminal;

use coral_tools::SessionEndReport;
use coral_tools::client::ReceivedMessage;
use coral_tools::state::SessionState;
use coral_tools::testing::AgentView;
use serde_json::Value;

use crate::calls::ScriptedCall;
use crate::layout::{json, wrap};
use crate::request::WRITER;
use crate::serve::SESSION;
use crate::sessions::Report;

/// Longer lines are hard to read.
const MAX_WIDTH: usize = 100;
/// The column of the text beside labels.
const MARGIN: usize = 13;

const PLAIN: &str = "";
const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "31";
const GREEN: &str = "32";

/// The terminal, with counts of the checked steps.
#[derive(Debug)]
pub(crate) struct Screen {
    colours: bool,
    width: usize,
    steps: usize,
    failed: usize,
}

impl Screen {
    pub(crate) fn new() -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let width = textwrap::termwidth().clamp(MARGIN * 4, MAX_WIDTH);
        Self { colours: wanted && std::io::stdout().is_terminal(), width, steps: 0, failed: 0 }
    }

    fn paint(&self, style: &str, text: &str) -> String {
        if self.colours && style != PLAIN { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// Prints a horizontal line with a title.
    fn heading(&self, title: &str) {
        let rule = "─".repeat(self.width.saturating_sub(title.chars().count() + 4));
        println!("{} {} {}", self.paint(DIM, "──"), self.paint(BOLD, title), self.paint(DIM, &rule));
    }

    /// Prints the heading of the next step.
    fn step(&mut self, title: &str) {
        self.steps += 1;
        self.heading(&format!("{}. {title}", self.steps));
    }

    /// Prints a label, with text beside it.
    fn labelled(&self, label: &str, style: &str, text: &str) {
        let mut label = self.paint(DIM, &format!("  {label:<width$}", width = MARGIN - 2));
        for line in text.lines().flat_map(|line| wrap(line, self.width - MARGIN)) {
            println!("{label}{}", self.paint(style, &line));
            label = " ".repeat(MARGIN);
        }
    }

    /// Prints whether the step was as expected.
    fn check(&mut self, differences: &[String]) {
        if differences.is_empty() {
            self.labelled("", GREEN, "✓ as expected");
        } else {
            self.failed += 1;
            self.labelled("", RED, &format!("✗ {}", differences.join("\n✗ ")));
        }
        println!();
    }

    /// Prints the request for the session.
    pub(crate) fn request(&self, request: &Value) {
        self.heading("The request for a session");
        println!("{}\n", json(request, self.width));
    }

    pub(crate) fn connected(&mut self, state: &SessionState, differences: &[String]) {
        self.step("The agents connect");
        self.labelled("session", PLAIN, &state.id);
        let names: Vec<_> = state.agents().iter().map(|agent| agent.name.as_str()).collect();
        self.labelled("agents", PLAIN, &names.join(", "));
        self.check(differences);
    }

    /// Prints a call and its result, and checks the result.
    pub(crate) fn call(&mut self, call: &ScriptedCall, result: &AgentView) {
        self.step(call.title);
        self.labelled("tool", PLAIN, call.tool);
        self.labelled("arguments", PLAIN, call.arguments);
        if result.is_error {
            self.labelled("error", RED, &result.text);
        } else {
            self.labelled("result", PLAIN, &self.readable(&result.text));
        }
        self.check(&call.differences(result));
    }

    pub(crate) fn message(&self, new: &ReceivedMessage) {
        let thread = new.thread_name.as_deref().unwrap_or("a thread");
        let message = &new.message;
        let to = message.mention_names.join(", ");
        let to = if to.is_empty() { to } else { format!(" → {to}") };
        self.labelled("message", DIM, &format!("{}{to} in “{thread}”", message.sender_name));
        self.labelled("", PLAIN, &message.text());
        println!();
    }

    pub(crate) fn report(&mut self, report: &Report, differences: &[String]) {
        self.step("The application has the report");
        self.labelled("title", PLAIN, &report.title);
        self.labelled("content", PLAIN, &report.content);
        self.check(differences);
    }

    pub(crate) fn end(&mut self, end: &SessionEndReport, differences: &[String]) {
        self.step("Coral reports the end of the session");
        self.labelled("session", PLAIN, &end.session.id);
        for run in &end.agent_runs {
            let time = |time: Option<_>| time.map_or_else(|| "?".to_owned(), |time| format!("{time}"));
            let run = format!("{} from {} to {}", run.name, time(run.start_time), time(run.end_time));
            self.labelled("ran", PLAIN, &run);
        }
        self.labelled("messages", PLAIN, &end.session.messages().len().to_string());
        self.check(differences);
    }

    /// Prints the summary. Returns whether all of the `expected` steps were as expected.
    pub(crate) fn conclude(&self, expected: usize) -> bool {
        let passed = self.steps - self.failed;
        let is_success = (passed, self.steps) == (expected, expected);
        let summary = format!("{passed} of {expected} steps were as expected");
        println!("{}", self.paint(if is_success { GREEN } else { RED }, &summary));
        is_success
    }

    /// Prints commands that call a tool.
    pub(crate) fn how_to_call(&self, base_url: &str, variable: &str, demo_secret: Option<&str>) {
        self.heading(&format!("serving at {base_url}; stop with Ctrl-C"));
        if let Some(secret) = demo_secret {
            println!("{variable} is not set; the demo secret is used.\n\n{variable}={secret}");
        }
        println!("body='{{\"country\": \"NZ\"}}'");
        println!("signature=$(printf %s \"$body\" | openssl dgst -sha256 -hmac \"${variable}\" | sed 's/.* //')");
        println!("curl -H 'Content-Type: application/json' -H \"X-Coral-Signature: $signature\" \\");
        println!("  --data \"$body\" \\\n  {base_url}/find_time_zones/{SESSION}/{WRITER}");
    }

    pub(crate) fn error(&self, error: &dyn Error) {
        eprintln!("quickstart: {error}");
    }

    /// Formats JSON for the width of the terminal. Other text is unchanged.
    fn readable(&self, text: &str) -> String {
        serde_json::from_str(text).map_or_else(|_| text.to_owned(), |value| json(&value, self.width - MARGIN))
    }
}
