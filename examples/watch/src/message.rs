//! A message as lines of text.

use coral_tools::client::NewMessage;
use coral_tools::state::Timestamp;
use textwrap::{Options, WordSplitter};

/// As wide as a time and a space.
const INDENT: &str = "         ";

/// `14:56:15 researcher → writer, in Q4 report`
pub(crate) fn heading(said: &NewMessage) -> String {
    let message = &said.message;
    let mut heading = format!("{} {}", time(message.timestamp), one_line(&message.sender_name));
    if !message.mention_names.is_empty() {
        heading += " → ";
        heading += &one_line(&message.mention_names.join(", "));
    }
    if let Some(thread) = &said.thread_name {
        heading += &format!(", in {}", one_line(thread));
    }
    heading
}

/// What it says, in lines of at most `width` columns below the name of the sender.
pub(crate) fn text(text: &str, width: usize) -> String {
    let options = Options::new(width.max(2 * INDENT.len()))
        .initial_indent(INDENT)
        .subsequent_indent(INDENT)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(tame(text).trim_end(), options)
}

/// Hours, minutes and seconds, of UTC.
fn time(moment: Option<Timestamp>) -> String {
    let Some(moment) = moment else { return "--:--:--".to_owned() };
    let seconds = moment.unix_millis().div_euclid(1000).rem_euclid(24 * 60 * 60);
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// A name without anything that would break its line.
pub(crate) fn one_line(name: &str) -> String {
    tame(name).replace('\n', " ")
}

/// What agents say comes from strangers: nothing of it may steer the terminal, or turn the direction of other text.
fn tame(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let text = text.replace("\r\n", "\n").replace('\t', " ");
    text.chars().filter(|c| *c == '\n' || !(c.is_control() || turns(*c))).collect()
}
