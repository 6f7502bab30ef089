//! Sending messages: once, and to the right turn.

use std::time::Duration;

use coral_stand_in::everruns::{EverrunsStandIn, EverrunsStandInBuilder, Fault, Step};
use coral_tools::FailureStage;
use coral_tools::platform::everruns::CancelOutcome;
use coral_tools::platform::{RunError, TurnEnd};

use super::{
    App, assert_complete, everruns, get_count, looks_up, posted, session, start, tools, turn, two_rounds, with, within,
};

#[tokio::test]
async fn the_last_event_is_read_before_a_message() {
    let (stand_in, app) = (start(two_rounds()).await, App::default());
    turn(&stand_in, &app).await.expect("a turn");
    let requests = stand_in.requests();
    let before: Vec<_> = requests.iter().take_while(|request| !request.path.ends_with("/messages")).collect();
    let [_, events, state] = &before[..] else { panic!("{before:?}") };
    assert!(events.path.contains("/events?") && events.path.contains("limit=1"), "{events:?}");
    assert!(state.path.ends_with(&session_path(&stand_in)), "{state:?}");
}

fn session_path(stand_in: &EverrunsStandIn) -> String {
    let messages = stand_in.requests().into_iter().find(|request| request.path.ends_with("/messages"));
    messages.expect("a message").path.trim_end_matches("/messages").to_owned()
}

/// The running turn ends just before the message arrives, and no event announces the next turn yet.
#[tokio::test]
async fn a_message_at_the_end_of_a_turn_starts_another_turn() {
    for older in [None, Some(Fault::IgnoresMessageIds)] {
        let builder = EverrunsStandIn::builder()
            .turn([Step::hold(), Step::message("First.")])
            .turn([looks_up(&["A1"]), Step::message("Second.")])
            .fault(Fault::EndsTurnBeforeMessage)
            .fault(Fault::LateTurnStart);
        let builder = older.into_iter().fold(builder, EverrunsStandInBuilder::fault);
        let (stand_in, app, tools) = (start(builder).await, App::default(), tools());
        let session = session(&stand_in).await;
        tokio::select! {
            () = async {
                within(stand_in.wait_until(EverrunsStandIn::is_held)).await;
                let events = stand_in.event_count();
                stand_in.release();
                within(stand_in.wait_until(|stand_in| stand_in.is_held() && stand_in.event_count() > events)).await;
            } => (),
            _ = session.run(&tools, &app).message("One.") => panic!("the turn is held"),
        }

        let (turn, ()) = tokio::join!(within(session.run(&tools, &app).message("Two.")), async {
            within(stand_in.wait_until(|stand_in| posted(stand_in, "/messages").len() == 2)).await;
            // The events contain the end of the first turn, and not yet the start of the second.
            let read = get_count(&stand_in, "/events");
            within(stand_in.wait_until(|stand_in| get_count(stand_in, "/events") > read)).await;
            stand_in.release();
        });
        let turn = turn.expect("a turn");
        assert_eq!((turn.messages, turn.calls.len()), (vec!["Second.".to_owned()], 1), "{older:?}");
    }
}

#[tokio::test]
async fn a_message_joins_a_running_turn() {
    for older in [None, Some(Fault::IgnoresMessageIds)] {
        let builder = EverrunsStandIn::builder().turn([Step::hold(), looks_up(&["A1"]), Step::message("Both.")]);
        let builder = older.into_iter().fold(builder, EverrunsStandInBuilder::fault);
        let (stand_in, app, tools) = (start(builder).await, App::default(), tools());
        let session = session(&stand_in).await;
        tokio::select! {
            () = within(stand_in.wait_until(EverrunsStandIn::is_held)) => (),
            _ = session.run(&tools, &app).message("One.") => panic!("the turn is held"),
        }
        let (turn, ()) = tokio::join!(within(session.run(&tools, &app).message("Two.")), async {
            within(stand_in.wait_until(|stand_in| posted(stand_in, "/messages").len() == 2)).await;
            stand_in.release();
        });
        let turn = turn.expect("a turn");
        assert_eq!((turn.text(), turn.calls.len(), turn.end), ("Both.", 1, TurnEnd::Done), "{older:?}");
    }
}

/// Whether the message was accepted is unknown, so it is not sent again.
#[tokio::test]
async fn a_message_is_not_resent_while_events_are_unavailable() {
    for older in [None, Some(Fault::IgnoresMessageIds)] {
        let builder = two_rounds().fault(Fault::LosesMessageResponses(1)).fault(Fault::EventListsUnavailable(2));
        let builder = older.into_iter().fold(builder, EverrunsStandInBuilder::fault);
        let (stand_in, app) = (start(builder).await, App::default());
        let turn = turn(&stand_in, &app).await.expect("a turn");
        assert_complete(&stand_in, &app, &turn);
        assert_eq!(posted(&stand_in, "/messages").len(), 1);
    }
    let builder = two_rounds().fault(Fault::LosesMessageResponses(1)).fault(Fault::EventListsUnavailable(usize::MAX));
    let stand_in = start(builder).await;
    let RunError::Client(error) = turn(&stand_in, &App::default()).await.expect_err("an outage") else {
        panic!("a client error")
    };
    assert_eq!((error.stage(), error.is_retryable()), (FailureStage::NoResponse, false), "{error}");
    assert!(error.to_string().starts_with("sending a message:"), "{error}");
    assert_eq!(posted(&stand_in, "/messages").len(), 1);
}

#[tokio::test]
async fn a_message_is_resent_after_a_conflict() {
    let (stand_in, app) = (with(Fault::BusyMessages(2)).await, App::default());
    let turn = turn(&stand_in, &app).await.expect("a turn");
    assert_complete(&stand_in, &app, &turn);
    assert_eq!(posted(&stand_in, "/messages").len(), 3);
}

/// `Retry-After` is a day.
#[tokio::test]
async fn a_retry_after_longer_than_max_outage_is_an_error() {
    for (fault, path) in [
        (Fault::BusyMessages(usize::MAX), "/messages"),
        (Fault::ResultConflicts(usize::MAX), "/tool-results"),
        (Fault::ResultServerErrors(usize::MAX), "/tool-results"),
    ] {
        let stand_in = start(two_rounds().fault(fault).fault(Fault::RetryAfter(86_400))).await;
        let error = turn(&stand_in, &App::default()).await.expect_err("a day is too long");
        assert!(matches!(error, RunError::Client(_)), "{error}");
        assert_eq!(posted(&stand_in, path).len(), 1, "{fault:?}");
    }
    let stand_in = start(two_rounds().fault(Fault::RejectsStreams(503)).fault(Fault::RetryAfter(86_400))).await;
    turn(&stand_in, &App::default()).await.expect_err("a day is too long");
    assert_eq!(get_count(&stand_in, "/sse"), 1);
}

#[tokio::test]
async fn the_client_waits_for_retry_after() {
    let stand_in = start(two_rounds().fault(Fault::SessionUnavailable(usize::MAX)).fault(Fault::RetryAfter(1))).await;
    let session = everruns(&stand_in).max_outage(Duration::from_millis(2500)).session(session(&stand_in).await.id());
    within(session.run(&tools(), &App::default()).message("Go on.")).await.expect_err("an outage");
    let requests = get_count(&stand_in, "/sessions/") - get_count(&stand_in, "/events") - get_count(&stand_in, "/sse");
    assert!((3..10).contains(&requests), "every second, not every 5 ms: {requests}");
}

#[tokio::test]
async fn a_running_turn_is_cancelled_despite_a_lost_response() {
    for fault in [None, Some(Fault::LosesCancelResponses(1))] {
        let builder = EverrunsStandIn::builder().turn([Step::hold(), Step::message("Never.")]);
        let (stand_in, app) =
            (start(fault.into_iter().fold(builder, EverrunsStandInBuilder::fault)).await, App::default());
        let (tools, session) = (tools(), everruns(&stand_in).retries(1).session(session(&stand_in).await.id()));
        let (turn, cancelled) = tokio::join!(within(session.run(&tools, &app).message("Go on.")), async {
            within(stand_in.wait_until(EverrunsStandIn::is_held)).await;
            session.cancel().await
        });
        assert_eq!(cancelled.expect("a response"), CancelOutcome::Cancelled, "{fault:?}");
        let turn = turn.expect("a turn");
        assert_eq!((turn.end, turn.messages.len()), (TurnEnd::Cancelled, 0));
    }
}
