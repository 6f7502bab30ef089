//! The output of the demonstration, and the arguments.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clap::{CommandFactory, Parser};
use tokio::time::timeout;

use crate::screen::Screen;
use crate::script::LINES;
use crate::{Arguments, demonstration, message};

/// The output. Clones share it.
#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("not poisoned").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn demonstration_output(width: usize) -> String {
    let buffer = Buffer::default();
    let mut screen = Screen::plain(buffer.clone(), width);
    let run = timeout(Duration::from_secs(60), demonstration::run(&mut screen)).await;
    run.expect("in time").expect("no error");
    let output = buffer.0.lock().expect("not poisoned");
    String::from_utf8(output.clone()).expect("UTF-8")
}

fn position(shown: &str, part: &str) -> usize {
    assert_eq!(shown.matches(part).count(), 1, "{part:?} should be shown once:\n{shown}");
    shown.find(part).expect("shown once")
}

#[tokio::test]
async fn all_messages_are_shown_once_and_in_order() {
    let shown = demonstration_output(1000).await;
    // The lines of a message are indented.
    let messages = LINES.iter().map(|line| line.text.replace('\n', "\n         "));
    let story =
        ["0 of 3 agents are connected; waiting for researcher, writer, critic", "3 of 3 agents are connected\n"];
    let end =
        ["the session has ended after ", "3 agents, 2 threads, 8 messages: 2 of critic, 3 of researcher, 3 of writer"];
    let parts = story.map(str::to_owned).into_iter().chain(messages).chain(end.map(str::to_owned));
    let positions: Vec<_> = parts.map(|part| position(&shown, &part)).collect();
    assert!(positions.is_sorted(), "{positions:?}\n{shown}");
    position(&shown, "was restored");
    position(&shown, "critic → researcher, writer, in How tides work\n");
}

#[tokio::test]
async fn lines_are_wrapped_to_the_width() {
    let shown = demonstration_output(50).await;
    let widest = shown.lines().map(textwrap::core::display_width).max();
    assert!(widest.is_some_and(|widest| (45..=50).contains(&widest)), "{widest:?}\n{shown}");
}

#[test]
fn control_characters_are_removed_from_messages_and_names() {
    let shown = message::text("a\tb\x1b[31m\u{202e}c\r\n\x07d\n", 40);
    assert_eq!(shown, "         a b[31mc\n         d");
    assert_eq!(message::one_line("an\nagent\x1b[2J"), "an agent[2J");
}

#[test]
fn a_namespace_without_a_session_is_an_error() {
    Arguments::command().debug_assert();
    assert!(Arguments::try_parse_from(["watch", "default"]).is_err());
    let arguments = Arguments::try_parse_from(["watch", "default", "s1"]).expect("both");
    assert_eq!((arguments.namespace.as_deref(), arguments.session.as_deref()), (Some("default"), Some("s1")));
}
