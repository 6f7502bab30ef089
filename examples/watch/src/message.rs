//! Formats messages as lines of text.

use coral_tools::client::ReceivedMessage;
use coral_tools::state::Timestamp;
use textwrap::{Options, WordSplitter};

/// The width of a time and a space.
const INDENT: &str = "         ";

/// Formats the first line: `14:56:15 researcher → writer, in Q4 report`.
pub(crate) fn heading(new: &ReceivedMessage) -> String {
    let message = &new.message;
    let mut heading = format!("{} {}", time(message.timestamp), one_line(&message.sender_name));
    if !message.mention_names.is_empty() {
        heading += " → ";
        heading += &one_line(&message.mention_names.join(", "));
    }
    if let Some(thread) = &new.thread_name {
        heading += &format!(", in {}", one_line(thread));
    }
    heading
}

/// Formats the text in lines of at most `width` columns, indented to the sender's name.
pub(crate) fn text(text: &str, width: usize) -> String {
    let options = Options::new(width.max(2 * INDENT.len()))
        .initial_indent(INDENT)
        .subsequent_indent(INDENT)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(without_controls(text).trim_end(), options)
}

/// Formats hours, minutes and seconds, in UTC.
fn time(timestamp: Option<Timestamp>) -> String {
    let Some(timestamp) = timestamp else { return "--:--:--".to_owned() };
    let seconds = timestamp.unix_millis().div_euclid(1000).rem_euclid(24 * 60 * 60);
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Formats a name in one line.
pub(crate) fn one_line(name: &str) -> String {
    without_controls(name).replace('\n', " ")
}

/// Removes characters that control the terminal or the direction of text, because messages of agents are untrusted.
fn without_controls(text: &str) -> String {
    let is_bidi_control = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let text = text.replace("\r\n", "\n").replace('\t', " ");
    text.chars().filter(|c| *c == '\n' || !(c.is_control() || is_bidi_control(*c))).collect()
}
