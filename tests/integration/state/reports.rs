//! Reports of a session's end.

use coral_tools::registry::ReportedRegistry;
use coral_tools::state::{SessionStatus, Timestamp};
use coral_tools::{SessionEndReport, from_json};

const BASE: &str = include_str!("samples/report_base.json");
const EXTENDED: &str = include_str!("samples/report_extended.json");
/// A report from before 2026: ids, times in milliseconds and the agents.
const FIRST: &str = include_str!("samples/report_first.json");

fn read(json: &str) -> SessionEndReport {
    from_json(json.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_report_has_the_session_its_end_and_the_agent_runs() {
    for json in [BASE, EXTENDED] {
        let report = read(json);
        assert_eq!(report.timestamp.map(|time| time.to_string()).as_deref(), Some("2026-05-08T14:56:15.123456Z"));
        assert_eq!((report.namespace.name.as_str(), &*report.namespace.annotations["owner"]), ("default", "me"));
        assert_eq!(report.namespace.delete_on_last_session_exit, Some(true));
        assert!(report.session.is_closing());
        assert_eq!((report.session.namespace.as_str(), &*report.session.annotations["tenant"]), ("default", "7"));
        assert!(report.extra.is_empty() && report.session.extra.is_empty());
    }
}

#[test]
fn a_restarted_agent_has_several_runs() {
    let runs = read(BASE).agent_runs;
    let names: Vec<_> = runs.iter().map(|run| (run.name.as_str(), &*run.annotations["role"])).collect();
    assert_eq!(names, [("writer", "lead"), ("writer", "lead")]);
    assert!(runs[0].start_time < runs[0].end_time && runs[0].end_time < runs[1].start_time);
    let id = runs[0].registry_id.as_ref().expect("`registryIdentifier`, unlike in states");
    assert_eq!((id.name.as_str(), id.source.as_ref()), ("seed", Some(&ReportedRegistry::Local)));
    assert!(runs[0].extra.is_empty());
}

#[test]
fn only_an_extended_report_has_agents_and_messages() {
    let (base, extended) = (read(BASE).session, read(EXTENDED).session);
    assert!(base.detail.is_none());
    assert_eq!(extended.agents()[0].description.as_deref(), Some("Writes — Zoë ☃"));
    assert_eq!(extended.messages()[0].1.text(), "Done.");
}

#[test]
fn reports_of_the_first_servers_are_decoded() {
    let report = read(FIRST);
    assert_eq!(report.timestamp.map(Timestamp::unix_millis), Some(1_704_067_205_005));
    assert_eq!((report.session.id.as_str(), report.session.namespace.as_str()), ("session-abc123", "default"));
    assert_eq!(report.namespace.name, "default");
    let SessionStatus::Closing { execution_time: Some(start), .. } = report.session.status else {
        panic!("{:?}", report.session.status)
    };
    assert_eq!(start.unix_millis(), 1_704_067_200_000);
    assert_eq!(report.agent_runs[0].start_time.map(Timestamp::unix_millis), Some(1_704_067_200_100));
    assert!(report.extra.is_empty());
}

#[test]
fn an_invalid_report_is_an_error_with_its_location() {
    for (json, error) in [
        ("null", "expected an object, not null"),
        ("{}", "sessionState: required field is missing"),
        (r#"{"sessionState": {"type": "base"}}"#, "sessionState.state: required field is missing"),
        (r#"{"sessionState": {"type": "base", "state": {}}}"#, "sessionState.state.id: required field is missing"),
        (r#"{"sessionId": "s", "agentStats": [{}]}"#, "agentStats[0].name: required field is missing"),
    ] {
        assert_eq!(from_json::<SessionEndReport>(json.as_bytes()).expect_err(json).to_string(), error);
    }
}
