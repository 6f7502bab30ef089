//! The turn that a run serves, and how it ends.

use serde_json::json;

use super::{
    agent_message, call, completed, event, history, idled, requested, send, started, turn_events, user_message,
};
use crate::platform::event::{TurnEvent, TurnOutcome};
use crate::platform::everruns::event::SessionEvent;
use crate::platform::everruns::history::{InitialTurnState, SessionHistory};

fn activated(sequence: u64) -> SessionEvent {
    event(sequence, "session.activated", &json!({}))
}

#[test]
fn the_end_of_the_previous_turn_does_not_end_this_turn() {
    let mut history = history([started(1, "t1"), completed(2, "t1")]);
    assert_eq!(history.outcome(), Some(TurnOutcome::Done));
    history.set_start(InitialTurnState::Pending);
    send(&mut history);
    history.add(idled(3, "t1"));
    history.add(started(4, "t2"));
    history.add(idled(5, "t1"));
    assert_eq!(history.outcome(), None);
    history.add(idled(6, "t2"));
    assert_eq!(history.outcome(), Some(TurnOutcome::Done), "if no other event ends it");
}

/// It started and ended before the run, and only its `session.idled` arrives late.
#[test]
fn the_end_of_an_unknown_turn_does_not_end_this_turn() {
    let mut history = SessionHistory::default();
    history.set_start(InitialTurnState::Pending);
    send(&mut history);
    [started(2, "t2"), idled(3, "t1")].into_iter().for_each(|event| history.add(event));
    assert_eq!(history.outcome(), None);
    history.add(idled(4, "t2"));
    assert_eq!(history.outcome(), Some(TurnOutcome::Done));
}

/// The id of a turn that ran before the run may be unknown, and an end may have no id.
#[test]
fn an_end_without_a_turn_id_ends_the_current_turn() {
    assert_eq!(history([requested(1, "a"), idled(2, "t1")]).outcome(), Some(TurnOutcome::Done));
    assert_eq!(history([started(1, "t1"), event(2, "session.idled", &json!({}))]).outcome(), Some(TurnOutcome::Done));
}

#[test]
fn a_new_message_drops_open_calls() {
    let mut history = history([started(1, "t1"), requested(2, "a"), agent_message(3, "Hm.")]);
    send(&mut history);
    assert_eq!((history.open_calls(), history.next_event()), (vec![], None));
}

#[test]
fn an_end_may_arrive_before_its_start() {
    let backwards = history([completed(5, "t"), started(2, "t")]);
    assert_eq!(backwards.outcome(), Some(TurnOutcome::Done));
    let mut before = SessionHistory::default();
    before.set_start(InitialTurnState::Pending);
    [completed(1, "t0"), started(2, "t")].into_iter().for_each(|event| before.add(event));
    assert_eq!(before.outcome(), None);
}

#[test]
fn a_late_end_of_the_previous_turn_does_not_end_this_turn() {
    let mut history = history([started(1, "t1")]);
    send(&mut history);
    [started(4, "t2"), completed(3, "t1")].into_iter().for_each(|event| history.add(event));
    assert_eq!(history.outcome(), None);
}

/// The turn runs when the status is read, and has ended when the message arrives.
#[test]
fn a_message_just_after_a_turn_starts_another_turn() {
    let mut older = history([started(1, "t1")]);
    send(&mut older);
    older.add(completed(2, "t1"));
    older.add(started(3, "t2"));
    assert_eq!(older.outcome(), None, "also without an event of the message");

    let mut running = history([started(1, "t1")]);
    send(&mut running);
    for event in
        [agent_message(2, "first"), completed(3, "t1"), user_message(4, &json!({"id": "message_1"})), idled(5, "t1")]
    {
        running.add(event);
    }
    running.delivered(Some("message_1".into()), None);
    assert_eq!(
        (turn_events(&mut running), running.outcome()),
        (vec![], None),
        "all of it belongs to the previous turn"
    );
    for event in [started(6, "t2"), agent_message(7, "second"), completed(8, "t2"), started(9, "t3")] {
        running.add(event);
    }
    assert_eq!(
        (turn_events(&mut running), running.outcome()),
        (vec![TurnEvent::Message("second".into())], Some(TurnOutcome::Done))
    );
}

#[test]
fn the_delivery_of_a_message_decides_its_turn() {
    let outcome = |delivery: Option<&str>| {
        let mut history = history([started(1, "t1")]);
        send(&mut history);
        history.delivered(Some("message_1".into()), delivery);
        [user_message(2, &json!({"id": "message_1"})), completed(3, "t1")]
            .into_iter()
            .for_each(|event| history.add(event));
        history.outcome()
    };
    for joined in [Some("steered"), Some("resumed"), None] {
        assert_eq!(outcome(joined), Some(TurnOutcome::Done), "{joined:?}");
    }
    assert_eq!(outcome(Some("started")), None, "its turn has not started");
}

/// Another client started a turn after the status was read.
#[test]
fn a_message_may_join_an_unknown_turn() {
    for joined in ["steered", "resumed"] {
        let mut history = SessionHistory::default();
        history.set_start(InitialTurnState::Pending);
        send(&mut history);
        history.delivered(Some("message_1".into()), Some(joined));
        [user_message(2, &json!({"id": "message_1"})), completed(3, "t1")]
            .into_iter()
            .for_each(|event| history.add(event));
        assert_eq!(history.outcome(), Some(TurnOutcome::Done), "{joined}");
    }
}

#[test]
fn a_sent_message_is_matched_by_id_or_text() {
    let arrived = |message: serde_json::Value| {
        let mut history = SessionHistory::default();
        send(&mut history);
        history.add(user_message(1, &message));
        history.has_sent_message()
    };
    assert!(arrived(json!({})), "only the text can be compared");
    let mut other = SessionHistory::default();
    send(&mut other);
    other.add(event(1, "input.message", &json!({"message": {"content": [{"type": "text", "text": "Theirs."}]}})));
    assert!(!other.has_sent_message(), "another text");
    assert!(
        arrived(json!({"client_message_id": "ours"})) && arrived(json!({"metadata": {"client_message_id": "ours"}}))
    );
    assert!(
        !arrived(json!({"client_message_id": "theirs"})) && !arrived(json!({"metadata": {"client_message_id": "x"}}))
    );
}

#[test]
fn a_replay_keeps_only_the_last_turn() {
    let first = [started(1, "t1"), requested(2, "a"), agent_message(3, "first"), completed(4, "t1"), idled(5, "t1")];
    let mut ended = SessionHistory::default();
    ended.replay(first.clone());
    assert_eq!(
        (ended.finish_replay(false), ended.continued_without_results()),
        (vec![TurnEvent::Message("first".into())], false)
    );
    assert_eq!(ended.outcome(), Some(TurnOutcome::Done));

    let mut running = SessionHistory::default();
    running.replay(first.into_iter().chain([started(6, "t2"), agent_message(7, "second"), requested(8, "b")]));
    assert_eq!(running.finish_replay(true), [TurnEvent::Message("second".into())]);
    assert_eq!((running.open_calls(), running.outcome()), (vec![call("b", 8)], None));

    let mut fresh = SessionHistory::default();
    assert_eq!((fresh.finish_replay(false), fresh.outcome()), (vec![], Some(TurnOutcome::Done)));
}

/// The time between a message and `turn.started`.
#[test]
fn an_activated_session_has_a_running_turn() {
    let mut history = SessionHistory::default();
    history.replay([
        started(1, "t1"),
        agent_message(2, "first"),
        completed(3, "t1"),
        user_message(4, &json!({})),
        activated(5),
    ]);
    history.replay([idled(6, "t1")]);
    assert_eq!(history.is_turn_running(), Some(true));
    assert_eq!((history.finish_replay(true), history.outcome()), (vec![], None), "the previous turn is dropped");
    [started(7, "t2"), completed(8, "t2")].into_iter().for_each(|event| history.add(event));
    assert_eq!(history.outcome(), Some(TurnOutcome::Done));

    let mut cancelled = SessionHistory::default();
    cancelled.replay([
        started(1, "t1"),
        event(2, "turn.cancelled", &json!({})),
        user_message(3, &json!({})),
        idled(4, "t1"),
    ]);
    assert_eq!(
        (cancelled.is_turn_running(), cancelled.outcome()),
        (Some(false), Some(TurnOutcome::Cancelled)),
        "a cancellation is not a message"
    );
}
