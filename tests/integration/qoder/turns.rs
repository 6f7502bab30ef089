//! Turns that succeed over every kind of connection.

use coral_stand_in::qoder::{Fault, QoderStandIn, QoderStandInBuilder, Step};
use coral_tools::platform::TurnEnd;

use super::{Runs, ask, order, qoder, session_of, started};

fn two_calls() -> QoderStandInBuilder {
    QoderStandIn::builder().turn([
        Step::message("One moment…"),
        Step::calls([order("A1"), order("lost")]),
        Step::calls([order("B2")]),
        Step::message("All are on their way."),
    ])
}

/// Serves a turn with concurrent calls, one of which fails. Each call runs once.
async fn serves_the_turn(builder: QoderStandInBuilder) {
    let stand_in = started(builder).await;
    let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
    let turn = ask(&session, &runs).await.expect("a turn");
    assert_eq!(turn.messages, ["One moment…", "All are on their way."]);
    assert_eq!((turn.end, turn.calls.len(), runs.count()), (TurnEnd::Done, 3, 3));
    let results: Vec<_> =
        stand_in.tool_results().into_iter().map(|result| (result.tool, result.text, result.is_error)).collect();
    let expected = [
        (r#"{"result":"A1 is shipped"}"#, false),
        (r#"{"success":false,"error":"no such order"}"#, true),
        (r#"{"result":"B2 is shipped"}"#, false),
    ];
    let expected = expected.map(|(text, is_error)| ("lookup_order".to_owned(), text.to_owned(), is_error));
    assert_eq!(results, expected);
    stand_in.stop().await;
}

#[tokio::test]
async fn concurrent_calls_run_once_and_one_may_fail() {
    serves_the_turn(two_calls()).await;
}

#[tokio::test]
async fn every_form_and_failure_of_a_stream_is_handled() {
    let mut tasks = Vec::new();
    for faults in [
        vec![Fault::HeartbeatComments],
        vec![Fault::HeartbeatEvents],
        vec![Fault::PingEvents],
        vec![Fault::RetryLines],
        vec![Fault::ByteOrderMarks],
        vec![Fault::SplitData],
        vec![Fault::SplitData, Fault::CrLf, Fault::OneByteChunks, Fault::ByteOrderMarks],
        vec![Fault::Duplicates],
        vec![Fault::Reordered],
        vec![Fault::HiddenCalls],
        vec![Fault::HiddenCalls, Fault::LastIdOnly, Fault::MaxPageSize(1)],
        vec![Fault::CutEvents],
        vec![Fault::ShortStreams],
        vec![Fault::OneByteChunks],
        vec![Fault::CrLf],
        vec![Fault::DoneMarkers],
        vec![Fault::BareData],
        vec![Fault::WrongNames],
        vec![Fault::ForgottenCursors(1)],
        vec![Fault::SilentStreams(2)],
        vec![Fault::ReplaysHistory, Fault::CutAt(4)],
        vec![Fault::EchoBeforeRunning],
        vec![Fault::CutAt(4)],
        vec![Fault::EmptyEventResponses],
        vec![Fault::BareEventResponses],
        vec![Fault::Only200],
    ] {
        let builder = faults.iter().copied().fold(two_calls(), QoderStandInBuilder::fault);
        tasks.push((faults, tokio::spawn(serves_the_turn(builder))));
    }
    let mut failed = Vec::new();
    for (faults, task) in tasks {
        if task.await.is_err() {
            failed.push(faults);
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
    for (fault, lists) in [(None, 0), (Some(Fault::BareEventResponses), 0), (Some(Fault::EmptyEventResponses), 1)] {
        let stand_in = started(fault.into_iter().fold(two_calls(), QoderStandInBuilder::fault)).await;
        let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
        drop(ask(&session, &runs).await.expect("a turn"));
        let requests = stand_in.requests().into_iter();
        assert_eq!(requests.filter(|request| request.path.contains("/events?")).count(), lists, "{fault:?}");
    }
}
