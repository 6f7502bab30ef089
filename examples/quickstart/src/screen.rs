//! What is shown in the terminal.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is a program for a terminal")]

use std::error::Error;
use std::io::IsTerminal;

use coral_tools::dev::{AgentSees, WireRequest};
use serde_json::Value;

use crate::calls::{AGENT, Call, SESSION};
use crate::layout::{json, wrap};

const WIDTH: usize = 100;
/// Where everything but labels starts.
const MARGIN: usize = 11;

const PLAIN: &str = "";
const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "31";
const GREEN: &str = "32";

/// The terminal, and how many of the calls went wrong on it.
#[derive(Debug)]
pub(crate) struct Screen {
    colours: bool,
    calls: usize,
    faulty: usize,
}

impl Screen {
    pub(crate) fn new() -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { colours: wanted && std::io::stdout().is_terminal(), calls: 0, faulty: 0 }
    }

    fn paint(&self, style: &str, text: &str) -> String {
        if self.colours && style != PLAIN { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// A line across, with a title in it.
    fn heading(&self, title: &str) {
        let rule = "─".repeat(WIDTH.saturating_sub(title.chars().count() + 4));
        println!("{} {} {}", self.paint(DIM, "──"), self.paint(BOLD, title), self.paint(DIM, &rule));
    }

    /// A label, and lines beside it.
    fn beside(&self, label: &str, style: &str, text: &str) {
        let mut label = self.paint(DIM, &format!("  {label:<width$}", width = MARGIN - 2));
        for line in text.lines().flat_map(|line| wrap(line, WIDTH - MARGIN)) {
            println!("{label}{}", self.paint(style, &line));
            label = " ".repeat(MARGIN);
        }
    }

    /// The part of a session request that offers the tools to agents.
    pub(crate) fn custom_tools(&self, tools: &Value) {
        self.heading("customTools, for the session request");
        println!("{}\n", json(tools, WIDTH));
    }

    /// One call: what was sent, what the agent sees, and whether that is right.
    pub(crate) fn call(&mut self, call: &Call, request: &WireRequest, sees: &AgentSees, faults: &[String]) {
        self.calls += 1;
        self.heading(&format!("{}. {}", self.calls, call.title));
        self.beside("request", PLAIN, &format!("{} {} HTTP/1.1", request.method(), request.target()));
        self.beside("body", PLAIN, request.body());
        let (label, text) = if sees.is_error { ("error", sees.text.clone()) } else { ("answer", readable(&sees.text)) };
        self.beside(label, if sees.is_error { RED } else { PLAIN }, &text);
        if faults.is_empty() {
            self.beside("", GREEN, "✓ as expected");
        } else {
            self.faulty += 1;
            self.beside("", RED, &format!("✗ {}", faults.join("\n✗ ")));
        }
        println!();
    }

    /// The last line, and whether all went well.
    pub(crate) fn conclude(&self) -> bool {
        let good = self.calls - self.faulty;
        let style = if self.faulty == 0 { GREEN } else { RED };
        println!("{}", self.paint(style, &format!("{good} of {} calls went as expected", self.calls)));
        self.faulty == 0
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
        println!("  --data \"$body\" \\\n  {base_url}/find_time_zones/{SESSION}/{AGENT}");
    }

    pub(crate) fn complain(&self, error: &dyn Error) {
        eprintln!("quickstart: {error}");
    }
}

/// An answer in JSON with lines that fit; any other as it is.
fn readable(text: &str) -> String {
    serde_json::from_str(text).map_or_else(|_| text.to_owned(), |value| json(&value, WIDTH - MARGIN))
}
