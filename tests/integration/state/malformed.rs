//! Every value of a document is replaced by a value of every other type: the document is decoded, or the error has the location.

use coral_tools::state::SessionState;
use coral_tools::{DecodeError, SessionEndReport, from_json};
use serde_json::{Value, json};

use super::ALL;

const REPORTS: [&str; 3] = [
    include_str!("samples/report_base.json"),
    include_str!("samples/report_extended.json"),
    include_str!("samples/report_first.json"),
];

/// The locations in `value`, as JSON Pointers and as in errors.
fn locations(value: &Value, pointer: &str, path: &str) -> Vec<(String, String)> {
    let mut all = vec![(pointer.to_owned(), path.to_owned())];
    for (key, member) in value.as_object().into_iter().flatten() {
        let dot = if path.is_empty() { "" } else { "." };
        all.extend(locations(member, &format!("{pointer}/{key}"), &format!("{path}{dot}{key}")));
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        all.extend(locations(item, &format!("{pointer}/{index}"), &format!("{path}[{index}]")));
    }
    all
}

fn parent(path: &str) -> &str {
    path.rfind(['.', '[']).map_or("", |end| &path[..end])
}

fn check_every_mutation(json: &str, read: impl Fn(&[u8]) -> Result<(), DecodeError>) {
    let whole: Value = serde_json::from_str(json).expect("json");
    for (pointer, path) in locations(&whole, "", "") {
        for kind in [json!(null), json!(true), json!(-7), json!(1e300), json!("private"), json!([7]), json!({})] {
            let mut malformed = whole.clone();
            *malformed.pointer_mut(&pointer).expect("a location") = kind.clone();
            let Err(error) = read(malformed.to_string().as_bytes()) else { continue };
            let (at, text) = (error.location(), error.to_string());
            // A missing field may be reported under the name that another version has for it.
            let location = if kind.is_null() { parent(&path) } else { &path };
            assert!(at.starts_with(location) || path.starts_with(at), "{kind} at {path}: {text}");
            assert!(!text.contains("private"), "{text}");
        }
    }
    for end in 0..json.trim_end().len() {
        assert!(read(&json.as_bytes()[..end]).is_err(), "the first {end} bytes are not a document");
    }
}

#[test]
fn every_error_in_a_state_has_its_location() {
    for json in ALL {
        check_every_mutation(json, |bytes| from_json::<SessionState>(bytes).map(drop));
    }
}

#[test]
fn every_error_in_a_report_has_its_location() {
    for json in REPORTS {
        check_every_mutation(json, |bytes| from_json::<SessionEndReport>(bytes).map(drop));
    }
}
