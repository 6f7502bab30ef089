//! Which turn is ours, and how it ended.

use serde_json::json;

use super::super::event::Event;
use super::super::log::Log;
use super::{asked, began, completed, event, idled, input, log, requested, said, send, told};
use crate::platform::event::{TurnEvent, TurnOutcome};

fn activated(sequence: u64) -> Event {
    event(sequence, "session.activated", &json!({}))
}

#[test]
fn the_end_of_a_turn_before_is_none_of_this_one() {
    let mut log = log([began(1, "t1"), completed(2, "t1")]);
    assert_eq!(log.ended(), Some(TurnOutcome::Done));
    log.is_to_begin(true);
    send(&mut log);
    log.take(idled(3, "t1"));
    log.take(began(4, "t2"));
    log.take(idled(5, "t1"));
    assert_eq!(log.ended(), None);
    log.take(idled(6, "t2"));
    assert_eq!(log.ended(), Some(TurnOutcome::Done), "where nothing else says so");
}

/// It began and ended before anybody looked, and only its `session.idled` is told late.
#[test]
fn the_end_of_a_turn_that_nobody_knows_is_none_of_this_one() {
    let mut log = Log::default();
    log.is_to_begin(true);
    send(&mut log);
    [began(2, "t2"), idled(3, "t1")].into_iter().for_each(|event| log.take(event));
    assert_eq!(log.ended(), None);
    log.take(idled(4, "t2"));
    assert_eq!(log.ended(), Some(TurnOutcome::Done));
}

/// Of a turn that was found running, nobody may know the id; and the end need not say whose it is.
#[test]
fn an_end_without_a_name_is_of_the_turn_that_runs() {
    assert_eq!(log([requested(1, "a"), idled(2, "t1")]).ended(), Some(TurnOutcome::Done));
    assert_eq!(log([began(1, "t1"), event(2, "session.idled", &json!({}))]).ended(), Some(TurnOutcome::Done));
}

#[test]
fn what_was_open_is_the_platforms_to_settle_once_something_new_is_said() {
    let mut log = log([began(1, "t1"), requested(2, "a"), said(3, "Hm.")]);
    send(&mut log);
    assert_eq!((log.open(), log.next()), (vec![], None));
}

#[test]
fn an_end_that_is_told_before_its_beginning_is_one() {
    let backwards = log([completed(5, "t"), began(2, "t")]);
    assert_eq!(backwards.ended(), Some(TurnOutcome::Done));
    let mut before = Log::default();
    before.is_to_begin(true);
    [completed(1, "t0"), began(2, "t")].into_iter().for_each(|event| before.take(event));
    assert_eq!(before.ended(), None);
}

#[test]
fn the_end_of_a_turn_before_is_none_of_this_one_even_if_it_is_told_late() {
    let mut log = log([began(1, "t1")]);
    send(&mut log);
    [began(4, "t2"), completed(3, "t1")].into_iter().for_each(|event| log.take(event));
    assert_eq!(log.ended(), None);
}

/// It ran when the status was looked at, and is over by the time the message arrives.
#[test]
fn a_message_that_comes_just_after_a_turn_begins_another() {
    let mut older = log([began(1, "t1")]);
    send(&mut older);
    older.take(completed(2, "t1"));
    older.take(began(3, "t2"));
    assert_eq!(older.ended(), None, "also where no message is told of");

    let mut running = log([began(1, "t1")]);
    send(&mut running);
    for event in [said(2, "first"), completed(3, "t1"), input(4, &json!({"id": "message_1"})), idled(5, "t1")] {
        running.take(event);
    }
    running.delivered(Some("message_1".into()), None);
    assert_eq!((told(&mut running), running.ended()), (vec![], None), "all of it is of the turn before");
    for event in [began(6, "t2"), said(7, "second"), completed(8, "t2"), began(9, "t3")] {
        running.take(event);
    }
    assert_eq!(
        (told(&mut running), running.ended()),
        (vec![TurnEvent::Message("second".into())], Some(TurnOutcome::Done))
    );
}

#[test]
fn the_platform_knows_best_what_becomes_of_a_message() {
    let told = |delivery: Option<&str>| {
        let mut log = log([began(1, "t1")]);
        send(&mut log);
        log.delivered(Some("message_1".into()), delivery);
        [input(2, &json!({"id": "message_1"})), completed(3, "t1")].into_iter().for_each(|event| log.take(event));
        log.ended()
    };
    for joined in [Some("steered"), Some("resumed"), None] {
        assert_eq!(told(joined), Some(TurnOutcome::Done), "{joined:?}");
    }
    assert_eq!(told(Some("started")), None, "its turn is still to begin");
}

/// Somebody else began one after the status was looked at.
#[test]
fn a_message_may_join_a_turn_of_which_nobody_knew() {
    for joined in ["steered", "resumed"] {
        let mut log = Log::default();
        log.is_to_begin(true);
        send(&mut log);
        log.delivered(Some("message_1".into()), Some(joined));
        [input(2, &json!({"id": "message_1"})), completed(3, "t1")].into_iter().for_each(|event| log.take(event));
        assert_eq!(log.ended(), Some(TurnOutcome::Done), "{joined}");
    }
}

#[test]
fn a_message_is_known_by_all_that_is_said_of_it() {
    let arrived = |message: serde_json::Value| {
        let mut log = Log::default();
        send(&mut log);
        log.take(input(1, &message));
        log.has_arrived()
    };
    assert!(arrived(json!({})), "there is nothing but the text");
    let mut other = Log::default();
    send(&mut other);
    other.take(event(1, "input.message", &json!({"message": {"content": [{"type": "text", "text": "Theirs."}]}})));
    assert!(!other.has_arrived(), "and that is another");
    assert!(
        arrived(json!({"client_message_id": "ours"})) && arrived(json!({"metadata": {"client_message_id": "ours"}}))
    );
    assert!(
        !arrived(json!({"client_message_id": "theirs"})) && !arrived(json!({"metadata": {"client_message_id": "x"}}))
    );
}

#[test]
fn of_the_past_only_the_last_turn_matters() {
    let first = [began(1, "t1"), requested(2, "a"), said(3, "first"), completed(4, "t1"), idled(5, "t1")];
    let mut ended = Log::default();
    ended.take_past(first.clone());
    assert_eq!((ended.recovered(false), ended.went_on()), (vec![TurnEvent::Message("first".into())], false));
    assert_eq!(ended.ended(), Some(TurnOutcome::Done));

    let mut running = Log::default();
    running.take_past(first.into_iter().chain([began(6, "t2"), said(7, "second"), requested(8, "b")]));
    assert_eq!(running.recovered(true), [TurnEvent::Message("second".into())]);
    assert_eq!((running.open(), running.ended()), (vec![asked("b", 8)], None));

    let mut fresh = Log::default();
    assert_eq!((fresh.recovered(false), fresh.ended()), (vec![], Some(TurnOutcome::Done)));
}

/// Between the message and `turn.started`.
#[test]
fn a_session_that_is_active_again_has_a_turn() {
    let mut log = Log::default();
    log.take_past([began(1, "t1"), said(2, "first"), completed(3, "t1"), input(4, &json!({})), activated(5)]);
    log.take_past([idled(6, "t1")]);
    assert_eq!(log.runs(), Some(true));
    assert_eq!((log.recovered(true), log.ended()), (vec![], None), "that of before is past");
    [began(7, "t2"), completed(8, "t2")].into_iter().for_each(|event| log.take(event));
    assert_eq!(log.ended(), Some(TurnOutcome::Done));

    let mut cancelled = Log::default();
    cancelled.take_past([began(1, "t1"), event(2, "turn.cancelled", &json!({})), input(3, &json!({})), idled(4, "t1")]);
    assert_eq!(
        (cancelled.runs(), cancelled.ended()),
        (Some(false), Some(TurnOutcome::Cancelled)),
        "cancelling is no message"
    );
}
