//! `coral-tools/docs/operations.md` lists the events, labels and metrics of the source, and nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const PAGE: &str = include_str!("../../coral-tools/docs/operations.md");

/// Warnings and errors without the fields of a call: at start-up, of requests that can name any caller, or of one that names none.
const WITHOUT_CALL: [&str; 7] = [
    "a ticket cannot be removed",
    "a tool is invalid",
    "every request will be rejected",
    "rejected requests that were not verified",
    "the report of a session's end cannot be parsed",
    "the server probably cannot reach this URL",
    "webhooks are served without verification: any client that can reach them can call tools",
];

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Event {
    level: String,
    message: String,
    /// Whether it has the fields of the call.
    has_call: bool,
    /// The module, or in the page the start of its path.
    target: String,
}

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../coral-tools/src")
}

/// The path and the text of each source file without tests.
fn sources() -> Vec<(PathBuf, String)> {
    let mut folders = vec![source_folder()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let is_test = path.file_stem().is_some_and(|name| name == "tests");
            if path.is_dir() && !is_test {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test {
                let text = fs::read_to_string(&path).expect("text");
                let code =
                    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
                files.push((path, code));
            }
        }
    }
    files
}

/// The module of a file, such as `coral_tools::webhook::body`.
fn module(path: &Path) -> String {
    let relative = path.strip_prefix(source_folder()).expect("in the folder").with_extension("");
    let parts = relative.iter().filter_map(|part| part.to_str()).filter(|part| !["mod", "lib"].contains(part));
    ["coral_tools"].into_iter().chain(parts).collect::<Vec<_>>().join("::")
}

/// Splits the arguments of a macro, whose opening parenthesis is before `code`.
fn macro_arguments(code: &str) -> Vec<String> {
    let (mut arguments, mut depth, mut in_string, mut is_escaped) = (vec![String::new()], 0, false, false);
    for c in code.chars() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if in_string => is_escaped = true,
            '"' => in_string = !in_string,
            _ if in_string => {}
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                arguments.push(String::new());
                continue;
            }
            _ => {}
        }
        arguments.last_mut().expect("an argument").push(c);
    }
    arguments.into_iter().map(|argument| argument.trim().to_owned()).filter(|argument| !argument.is_empty()).collect()
}

fn literal(argument: &str) -> Option<String> {
    Some(argument.strip_prefix('"')?.strip_suffix('"')?.to_owned())
}

fn events_of_source() -> BTreeSet<Event> {
    let mut events = BTreeSet::new();
    for (path, code) in sources().iter().filter(|(path, _)| !path.ends_with("telemetry/call_event.rs")) {
        let mut add = |level: &str, message: Option<String>, has_call| {
            let message = message.unwrap_or_else(|| panic!("{}: an event without a constant message", path.display()));
            events.insert(Event { level: level.to_uppercase(), message, has_call, target: module(path) });
        };
        for call in code.split("call_event!(").skip(1) {
            let arguments = macro_arguments(call);
            add(&arguments[0], literal(&arguments[2]), true);
        }
        for level in ["error", "warn", "info", "debug", "trace"] {
            for event in code.split(&format!("tracing::{level}!(")).skip(1) {
                add(level, macro_arguments(event).last().and_then(|last| literal(last)), false);
            }
        }
    }
    events
}

/// The rows of the tables whose first column has this title, with the heading above.
fn rows<'p>(first_column: &str) -> Vec<(&'p str, Vec<&'p str>)> {
    let (mut heading, mut is_table, mut rows) = ("", false, Vec::new());
    for line in PAGE.lines() {
        if line.starts_with('#') {
            heading = line.trim_start_matches('#').trim().trim_matches('`');
        }
        let Some(row) = line.strip_prefix("| ").and_then(|row| row.strip_suffix('|')) else {
            is_table = false;
            continue;
        };
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        if is_table && !cells[0].starts_with("---") {
            rows.push((heading, cells));
        } else if cells[0] == first_column {
            is_table = true;
        }
    }
    rows
}

fn events_of_page() -> BTreeSet<Event> {
    let event = |(heading, cells): (&str, Vec<&str>)| Event {
        level: cells[0].to_owned(),
        message: cells[1].to_owned(),
        has_call: cells[2].split([',', ' ']).next() == Some("call"),
        target: heading.to_owned(),
    };
    rows("level").into_iter().map(event).collect()
}

#[test]
fn the_page_lists_every_event_with_its_level_and_target() {
    let (source, page) = (events_of_source(), events_of_page());
    for event in &source {
        let row = page.iter().find(|row| row.message == event.message);
        let row = row.unwrap_or_else(|| panic!("the page lacks {event:?}"));
        assert_eq!((&row.level, row.has_call), (&event.level, event.has_call), "{event:?}");
        assert!(event.target.starts_with(&row.target), "{event:?} is not in {}", row.target);
    }
    for row in &page {
        assert!(source.iter().any(|event| event.message == row.message), "the source lacks {row:?}");
    }
    assert!(source.len() > 40, "the events of the source are found: {}", source.len());
}

#[test]
fn every_warning_and_error_identifies_the_call() {
    let is_severe = |event: &Event| ["WARN", "ERROR"].contains(&event.level.as_str()) && !event.has_call;
    let messages: Vec<_> = events_of_source().into_iter().filter(is_severe).map(|event| event.message).collect();
    let mut expected = WITHOUT_CALL.to_vec();
    let mut found: Vec<_> = messages.iter().map(String::as_str).collect();
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
}

/// The names in backticks of a cell.
fn names(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// The string literals of a file that consist of lower-case letters and underscores, after `prefix`.
fn labels_of(file: &str, prefix: &str) -> BTreeSet<String> {
    let code = fs::read_to_string(source_folder().join(file)).expect("a file");
    let start = format!("{prefix}\"");
    let labels = code.split(&start).skip(1).filter_map(|rest| rest.split('"').next());
    let is_label = |label: &&str| label.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    labels.filter(is_label).map(str::to_owned).collect()
}

#[test]
fn the_page_lists_every_reason_of_a_rejection() {
    let mut source = labels_of("webhook/rejection.rs", "=> ");
    source.extend(labels_of("webhook/signature.rs", "=> "));
    let page: BTreeSet<_> = rows("reason in `error.type` and in metrics")
        .iter()
        .flat_map(|(_, cells)| names(cells[0]).map(str::to_owned))
        .collect();
    assert_eq!(source, page);
}

#[test]
fn the_page_lists_every_reason_of_a_claim() {
    let source = labels_of("claim/error.rs", "=> ");
    let page: BTreeSet<_> = rows("reason of a claim in `error.type`")
        .iter()
        .flat_map(|(_, cells)| names(cells[0]).map(str::to_owned))
        .collect();
    assert_eq!(source, page);
}

#[test]
fn the_page_lists_every_outcome() {
    let mut source = labels_of("toolset/outcome.rs", "=> ");
    source.extend(labels_of("toolset/call_log.rs", "CANCELLED: &str = "));
    let page: BTreeSet<_> = rows("outcome, also in `error.type`")
        .iter()
        .flat_map(|(_, cells)| names(cells[0]).map(str::to_owned))
        .collect();
    assert_eq!(source, page);
}

#[test]
fn the_page_lists_every_metric() {
    let code = fs::read_to_string(source_folder().join("telemetry/metrics.rs")).expect("a file");
    let constants = code.split(": &str = \"").skip(1).filter_map(|rest| rest.split('"').next());
    let is_metric = |name: &&str| name.starts_with("coral_tools.") || name.ends_with(".duration");
    let source: BTreeSet<_> = constants.filter(is_metric).collect();
    let metrics = rows("metric");
    let page: BTreeSet<_> = metrics.iter().flat_map(|(_, cells)| names(cells[0])).collect();
    assert_eq!(source, page);
    assert!(source.len() >= 7, "{source:?}");
}

/// Examples of log lines are lines of the snapshots.
#[test]
fn lines_of_logs_in_the_page_are_real() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("integration/webhook/snapshots");
    let snapshots: Vec<_> = fs::read_dir(folder)
        .expect("snapshots")
        .map(|entry| fs::read_to_string(entry.expect("an entry").path()).expect("text"))
        .collect();
    let blocks = PAGE.split("```text\n").skip(1).filter_map(|rest| rest.split("```").next());
    let lines: Vec<_> = blocks.flat_map(str::lines).collect();
    assert!(!lines.is_empty());
    for line in lines {
        assert!(snapshots.iter().any(|log| log.lines().any(|logged| logged == line)), "{line}");
    }
}
