//! `SeenMessages` returns each message once.

use coral_tools::state::{SeenMessages, SessionState};
use serde_json::{Value, json};

use super::{ids, message, session, thread};

const AT: &str = "2026-05-08T14:56:15Z";
const LATER: &str = "2026-05-08T14:56:16Z";

fn state_with(threads: &[Value]) -> SessionState {
    session(&json!([]), &json!(threads))
}

#[test]
fn each_message_is_returned_once() {
    let mut cursor = SeenMessages::new();
    assert_eq!(ids(&cursor.new_messages(&state_with(&[thread("t", &[message("a", AT)])]))), ["a"]);
    let both = state_with(&[thread("t", &[message("a", AT), message("b", LATER)])]);
    assert_eq!(ids(&cursor.new_messages(&both)), ["b"]);
    assert!(cursor.new_messages(&both).is_empty());
}

/// The guide's loop compares times, and loses a second message of the same time and an earlier message in a thread that is
/// listed later.
#[test]
fn a_message_older_than_others_is_still_new() {
    let mut cursor = SeenMessages::new();
    let first = state_with(&[thread("t1", &[message("late", LATER)]), thread("t2", &[message("early", AT)])]);
    assert_eq!(ids(&cursor.new_messages(&first)), ["early", "late"]);
    let second = state_with(&[thread("t1", &[message("late", LATER), message("twin", LATER)])]);
    assert_eq!(ids(&cursor.new_messages(&second)), ["twin"]);
}

#[test]
fn a_closed_thread_neither_repeats_nor_hides_messages() {
    let mut cursor = SeenMessages::new();
    let open = state_with(&[thread("t1", &[message("a", AT)]), thread("t2", &[])]);
    assert_eq!(ids(&cursor.new_messages(&open)), ["a"]);

    let mut closed = thread("t1", &[]);
    closed["state"] = json!({"state": "closed", "summary": "done", "timestamp": LATER});
    let state = state_with(&[closed, thread("t2", &[message("b", LATER)])]);
    assert!(state.threads()[0].is_closed());
    assert_eq!(ids(&cursor.new_messages(&state)), ["b"]);

    assert!(cursor.new_messages(&open).is_empty(), "an outdated state repeats no messages");
}

#[test]
fn a_duplicate_message_is_returned_once() {
    let state = state_with(&[thread("t1", &[message("a", AT), message("a", AT)])]);
    assert_eq!(ids(&SeenMessages::new().new_messages(&state)), ["a"]);
}
