//! Every value of an event is replaced by a value of every other type: the event is decoded, or the error has the location.

use coral_tools::state::{LogEvent, ManagerEvent, SessionEvent};
use coral_tools::{DecodeError, from_json};
use serde_json::{Value, json};

use super::frame;
use super::samples::{log_events, manager_events, session_events};

/// The locations in `value`, as JSON Pointers.
fn locations(value: &Value, pointer: &str) -> Vec<String> {
    let mut all = vec![pointer.to_owned()];
    for (key, member) in value.as_object().into_iter().flatten() {
        all.extend(locations(member, &format!("{pointer}/{key}")));
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        all.extend(locations(item, &format!("{pointer}/{index}")));
    }
    all
}

/// A location as in errors; no key here is a number.
fn path(pointer: &str) -> String {
    let mut path = String::new();
    for step in pointer.split('/').skip(1) {
        let dot = if path.is_empty() { "" } else { "." };
        let is_index = step.parse::<usize>().is_ok();
        path += &if is_index { format!("[{step}]") } else { format!("{dot}{step}") };
    }
    path
}

fn check_every_mutation(event: &Value, read: impl Fn(&[u8]) -> Result<(), DecodeError>) {
    for pointer in locations(event, "") {
        for kind in [json!(null), json!(true), json!(-7), json!(1e300), json!("private"), json!([7]), json!({})] {
            let mut malformed = event.clone();
            *malformed.pointer_mut(&pointer).expect("a location") = kind.clone();
            let Err(error) = read(&frame(&malformed)) else { continue };
            let (at, path, text) = (error.location(), path(&pointer), error.to_string());
            assert!(at.starts_with(&path) || path.starts_with(at), "{kind} at {path}: {text}");
            assert!(!text.contains("private"), "{text}");
        }
    }
    let whole = frame(event);
    for end in 0..whole.len() {
        assert!(read(&whole[..end]).is_err(), "the first {end} bytes are not an event");
    }
}

#[test]
fn every_error_in_a_session_event_has_its_location() {
    for event in session_events() {
        check_every_mutation(&event, |bytes| from_json::<SessionEvent>(bytes).map(drop));
    }
}

#[test]
fn every_error_in_a_manager_event_has_its_location() {
    for event in manager_events() {
        check_every_mutation(&event, |bytes| from_json::<ManagerEvent>(bytes).map(drop));
    }
}

#[test]
fn every_error_in_a_log_event_has_its_location() {
    for event in log_events() {
        check_every_mutation(&event, |bytes| from_json::<LogEvent>(bytes).map(drop));
    }
}
