//! Turns that succeed over every kind of connection.

use coral_stand_in::qoder::{StandIn, StandInBuilder, Step, Trap};
use coral_tools::platform::TurnEnd;

use super::{Runs, ask, order, qoder, session_of, started};

fn two_calls() -> StandInBuilder {
    StandIn::builder().turn([
        Step::says("One moment…"),
        Step::calls([order("A1"), order("lost")]),
        Step::calls([order("B2")]),
        Step::says("All are on their way."),
    ])
}

/// Serves a turn with concurrent calls, one of which fails. Each call runs once.
async fn serves_the_turn(builder: StandInBuilder) {
    let stand_in = started(builder).await;
    let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
    let turn = ask(&session, &runs).await.expect("a turn");
    assert_eq!(turn.messages, ["One moment…", "All are on their way."]);
    assert_eq!((turn.end, turn.calls.len(), runs.count()), (TurnEnd::Done, 3, 3));
    let seen: Vec<_> = stand_in.seen().into_iter().map(|seen| (seen.tool, seen.text, seen.is_error)).collect();
    let expected = [
        (r#"{"result":"A1 is shipped"}"#, false),
        (r#"{"success":false,"error":"no such order"}"#, true),
        (r#"{"result":"B2 is shipped"}"#, false),
    ];
    let expected = expected.map(|(text, is_error)| ("lookup_order".to_owned(), text.to_owned(), is_error));
    assert_eq!(seen, expected);
    stand_in.stop().await;
}

#[tokio::test]
async fn a_turn_serves_the_turn() {
    serves_the_turn(two_calls()).await;
}

#[tokio::test]
async fn every_form_and_failure_of_a_stream_is_handled() {
    let mut tasks = Vec::new();
    for traps in [
        vec![Trap::HeartbeatComments],
        vec![Trap::HeartbeatEvents],
        vec![Trap::Pings],
        vec![Trap::RetryLines],
        vec![Trap::ByteOrderMarks],
        vec![Trap::SplitData],
        vec![Trap::SplitData, Trap::CrLf, Trap::OneByteChunks, Trap::ByteOrderMarks],
        vec![Trap::Duplicates],
        vec![Trap::Reordered],
        vec![Trap::HiddenCalls],
        vec![Trap::HiddenCalls, Trap::LastIdOnly, Trap::PagesOf(1)],
        vec![Trap::CutFrames],
        vec![Trap::ShortStreams],
        vec![Trap::OneByteChunks],
        vec![Trap::CrLf],
        vec![Trap::DoneMarkers],
        vec![Trap::BareData],
        vec![Trap::WrongNames],
        vec![Trap::ForgottenCursors(1)],
        vec![Trap::QuietStreams(2)],
        vec![Trap::Replays, Trap::CutAt(4)],
        vec![Trap::EchoFirst],
        vec![Trap::CutAt(4)],
        vec![Trap::SilentReplies],
        vec![Trap::BareReplies],
        vec![Trap::Only200],
    ] {
        let builder = traps.iter().copied().fold(two_calls(), StandInBuilder::trap);
        tasks.push((traps, tokio::spawn(serves_the_turn(builder))));
    }
    let mut failed = Vec::new();
    for (traps, task) in tasks {
        if task.await.is_err() {
            failed.push(traps);
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
}

#[tokio::test]
async fn a_run_can_be_spawned_as_a_task() {
    let stand_in = started(two_calls()).await;
    let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
    let task = tokio::spawn(async move { ask(&session, &runs).await.map(|turn| turn.text().to_owned()) });
    assert_eq!(task.await.expect("the task does not panic").expect("a turn"), "All are on their way.");
}

#[tokio::test]
async fn the_list_is_read_only_if_the_response_has_no_id() {
    for (trap, lists) in [(None, 0), (Some(Trap::BareReplies), 0), (Some(Trap::SilentReplies), 1)] {
        let stand_in = started(trap.into_iter().fold(two_calls(), StandInBuilder::trap)).await;
        let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
        drop(ask(&session, &runs).await.expect("a turn"));
        let requests = stand_in.requests().into_iter();
        assert_eq!(requests.filter(|request| request.path.contains("/events?")).count(), lists, "{trap:?}");
    }
}
