//! Methods of `SessionState`.

use coral_tools::state::SessionState;
use serde_json::{Value, json};

use super::{ids, message, session, state, thread};

/// A state in the form of the guide, of agents with `isConnected` and `isWaiting`.
fn flat(agents: &[(&str, bool, bool)]) -> SessionState {
    let agents: Vec<Value> = agents
        .iter()
        .map(|(name, connected, waiting)| json!({"name": name, "isConnected": connected, "isWaiting": waiting}))
        .collect();
    state(&json!({"id": "s", "closing": false, "agents": agents, "threads": []}))
}

#[test]
fn unconnected_agents_are_listed() {
    let state = flat(&[("a", true, false), ("b", false, false), ("c", false, false)]);
    assert!(!state.all_agents_connected());
    let missing: Vec<_> = state.unconnected_agents().map(|agent| agent.name.as_str()).collect();
    assert_eq!(missing, ["b", "c"]);
    assert!(flat(&[("a", true, false), ("b", true, true)]).all_agents_connected());
}

#[test]
fn agents_are_idle_when_all_of_them_wait() {
    assert!(flat(&[("a", true, true), ("b", true, true)]).all_agents_idle());
    assert!(!flat(&[("a", true, true), ("b", true, false)]).all_agents_idle());
    assert!(!flat(&[("a", true, true), ("b", false, false)]).all_agents_idle());
}

#[test]
fn messages_are_in_chronological_order() {
    let threads = json!([
        thread("t1", &[message("d", "2026-05-08T14:56:15.1Z"), message("b", "2026-05-08T14:56:15Z")]),
        thread("t2", &[message("a", "2026-05-08T16:56:15+02:00"), message("c", "2026-05-08T14:56:15.000005Z")]),
    ]);
    assert_eq!(ids(&session(&json!([]), &threads).messages()), ["b", "a", "c", "d"]);
}

#[test]
fn messages_of_the_same_time_keep_the_servers_order() {
    let at = "2026-05-08T14:56:15Z";
    let [one, two] = [thread("t1", &[message("m2", at)]), thread("t2", &[message("m3", at), message("m1", at)])];
    for threads in [json!([one, two]), json!([two, one])] {
        assert_eq!(ids(&session(&json!([]), &threads).messages()), ["m2", "m3", "m1"]);
    }
}

#[test]
fn agents_and_their_threads_are_found_by_name() {
    let mut other = thread("t2", &[]);
    other["participants"] = json!(["b", "c"]);
    let state = session(&json!([{"name": "b", "status": {"type": "waiting"}}]), &json!([thread("t1", &[]), other]));
    assert!(state.agent("b").is_some() && state.agent("B").is_none());
    let threads: Vec<_> = state.threads_with("b").map(|thread| thread.id.as_str()).collect();
    assert_eq!(threads, ["t2"]);
    assert_eq!(state.threads_with("absent").count(), 0);
}

#[test]
fn a_session_is_closing_in_either_form() {
    for status in ["pending_execution", "executed"] {
        assert!(!state(&json!({"id": "s", "status": {"type": status}})).is_closing(), "{status}");
    }
    assert!(!state(&json!({"id": "s", "closing": false})).is_closing());
    assert!(state(&json!({"id": "s", "status": {"type": "closing"}})).is_closing());
    assert!(state(&json!({"id": "s", "closing": true})).is_closing());
}
