//! Turns from start to end.

use std::time::Duration;

use coral_stand_in::everruns::{EverrunsStandIn, EverrunsStandInBuilder, Fault, Step};
use coral_tools::platform::{RunError, RunLimits, TurnEnd};
use serde_json::json;

use super::{App, assert_complete, looks_up, posted, session, start, tools, turn, two_rounds, waits, within};

#[tokio::test]
async fn parallel_calls_are_submitted_together_and_one_may_fail() {
    let (stand_in, app) = (start(two_rounds()).await, App::default());
    let turn = turn(&stand_in, &app).await.expect("a turn");
    assert_complete(&stand_in, &app, &turn);
    let batches: Vec<_> = posted(&stand_in, "/tool-results").iter().map(|body| body["tool_results"].clone()).collect();
    let sizes: Vec<_> = batches.iter().map(|batch| batch.as_array().map(Vec::len)).collect();
    assert_eq!(sizes, [Some(2), Some(1)]);
    let outcomes: Vec<_> = turn.calls.iter().map(|call| (call.outcome.as_str(), call.late)).collect();
    assert_eq!(outcomes, [("success", false), ("failed", false), ("success", false)]);
}

#[tokio::test]
async fn a_session_has_several_turns() {
    let builder = EverrunsStandIn::builder()
        .turn([looks_up(&["A1"]), Step::message("First.")])
        .turn([Step::message("Second.")])
        .turn([looks_up(&["B2"]), Step::message("Third.")]);
    let (stand_in, app, tools) = (start(builder).await, App::default(), tools());
    let session = session(&stand_in).await;
    for text in ["First.", "Second.", "Third."] {
        let turn = within(session.run(&tools, &app).message("Go on.")).await.expect("a turn");
        assert_eq!(turn.messages, [text], "no message of the previous turn");
    }
    assert_eq!(app.runs().len(), 2);
}

#[tokio::test]
async fn a_run_can_be_spawned() {
    let stand_in = start(two_rounds()).await;
    let session = session(&stand_in).await;
    let turn = tokio::spawn(async move {
        let (app, tools) = (App::default(), tools());
        session.run(&tools, &app).message("Go on.").await
    });
    assert_eq!(within(turn).await.expect("no panic").expect("a turn").text(), "All is well.");
}

#[tokio::test]
async fn calls_that_the_platform_settles_do_not_run() {
    let builder = EverrunsStandIn::builder().turn([
        Step::server_side_call("lookup_order", json!({"number": "A1"})),
        looks_up(&["B2"]),
        Step::message("Done."),
    ]);
    let (stand_in, app) = (start(builder).await, App::default());
    let turn = turn(&stand_in, &app).await.expect("a turn");
    assert_eq!((turn.text(), turn.calls.len(), app.runs().len()), ("Done.", 1, 1));
}

#[tokio::test]
async fn injected_arguments_are_removed() {
    let step = Step::calls([("lookup_order", json!({"number": "A1", "human_intent": "to know"}))]);
    let (stand_in, app) = (start(EverrunsStandIn::builder().turn([step])).await, App::default());
    turn(&stand_in, &app).await.expect("a turn");
    assert_eq!(stand_in.tool_results()[0].status, "success");
}

#[tokio::test]
async fn a_failed_turn_reports_the_reason() {
    let failed = |step| async move {
        let stand_in = start(EverrunsStandIn::builder().turn([step])).await;
        turn(&stand_in, &App::default()).await.expect_err("no turn").to_string()
    };
    let error = failed(Step::failure("invalid_tool_schema", "the provider refused the tools")).await;
    assert_eq!(error, "the turn failed: the provider refused the tools (invalid_tool_schema)");
    let error = failed(Step::sealed("no_progress")).await;
    assert_eq!(error, "the turn failed: the platform stopped it (no_progress)");
}

#[tokio::test]
async fn a_used_up_budget_fails_the_run() {
    let stand_in = start(EverrunsStandIn::builder().turn([Step::budget_exhausted()])).await;
    let (app, tools, session) = (App::default(), tools(), session(&stand_in).await);
    let first = within(session.run(&tools, &app).message("Go on.")).await;
    let again = within(session.run(&tools, &app).resume()).await;
    for error in [first, again].map(|turn| turn.expect_err("no turn").to_string()) {
        assert!(error.contains("a budget is used up"), "{error}");
    }
}

#[tokio::test]
async fn a_turn_cancelled_elsewhere_ends_the_run() {
    let (stand_in, app, tools) = (start(EverrunsStandIn::builder().turn([waits()])).await, App::default(), tools());
    let session = session(&stand_in).await;
    let (turn, ()) = tokio::join!(within(session.run(&tools, &app).message("Go on.")), async {
        app.has_entered().await;
        stand_in.cancel_turns();
        app.opened.notify_one();
    });
    let turn = turn.expect("a turn");
    assert_eq!((turn.end, turn.calls[0].late), (TurnEnd::Cancelled, true));
    assert!(posted(&stand_in, "/tool-results").is_empty(), "no results are submitted");
}

#[tokio::test]
async fn calls_over_the_batch_limit_get_errors() {
    let (stand_in, app, tools) = (start(two_rounds()).await, App::default(), tools());
    let session = session(&stand_in).await;
    let run = session.run(&tools, &app).limits(RunLimits::new().calls_per_batch(1));
    within(run.message("Go on.")).await.expect("a turn");
    let results = stand_in.tool_results();
    assert_eq!((app.runs().len(), results.len()), (2, 3));
    assert!(results[1].text.contains("this one was not run"), "{results:?}");
}

#[tokio::test]
async fn too_many_rounds_fail_the_run_after_submitting_errors() {
    let (stand_in, app, tools) = (start(two_rounds()).await, App::default(), tools());
    let session = session(&stand_in).await;
    let run = session.run(&tools, &app).limits(RunLimits::new().rounds(1));
    let error = within(run.message("Go on.")).await.expect_err("too many");
    assert!(matches!(error, RunError::TooManyRounds(1)), "{error}");
    assert_eq!(stand_in.tool_results().last().expect("a result").status, "error");
    assert!(stand_in.calls().iter().all(|call| call.result_count == 1));
}

#[tokio::test]
async fn a_slow_tool_gets_an_error() {
    let (stand_in, app, tools) = (start(EverrunsStandIn::builder().turn([waits()])).await, App::default(), tools());
    let session = session(&stand_in).await;
    let run = session.run(&tools, &app).limits(RunLimits::new().timeout(Duration::from_millis(20)));
    let turn = within(run.message("Go on.")).await.expect("a turn");
    assert_eq!(turn.calls[0].outcome.as_str(), "deadline_passed");
    assert!(stand_in.tool_results()[0].text.contains("did not finish within 0.02 s"));
}

/// Everruns gives up on a call after 300 s; the limits of a run cannot exceed 240 s.
#[tokio::test]
async fn a_slow_tool_gets_an_error_before_the_platform_gives_up() {
    let (stand_in, app) = (start(EverrunsStandIn::builder().turn([waits()])).await, App::default());
    let (session, tool_app) = (session(&stand_in).await, app.clone());
    let turn = tokio::spawn(async move {
        session
            .run(&tools(), &tool_app)
            .limits(RunLimits::new().timeout(Duration::from_secs(1000)))
            .message("Go on.")
            .await
    });
    app.has_entered().await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(241)).await;
    tokio::time::resume();
    let turn = within(turn).await.expect("no panic").expect("a turn");
    assert_eq!((turn.calls[0].outcome.as_str(), turn.calls[0].late), ("deadline_passed", false));
    assert!(stand_in.tool_results()[0].text.contains("within 240 s"));
}

#[tokio::test]
async fn an_oversized_result_is_replaced_by_an_error() {
    let large = "x".repeat(2000);
    let (stand_in, app, tools) =
        (start(EverrunsStandIn::builder().turn([looks_up(&[&large])])).await, App::default(), tools());
    let session = session(&stand_in).await;
    within(session.run(&tools, &app).limits(RunLimits::new().result_bytes(1000)).message("Go on."))
        .await
        .expect("a turn");
    assert!(stand_in.tool_results()[0].text.contains("larger than 1000 bytes"));
}

#[tokio::test]
async fn a_message_is_not_resent_after_a_lost_response() {
    for fault in [None, Some(Fault::IgnoresMessageIds)] {
        let builder = two_rounds().fault(Fault::LosesMessageResponses(1));
        let builder = fault.into_iter().fold(builder, EverrunsStandInBuilder::fault);
        let (stand_in, app) = (start(builder).await, App::default());
        let turn = turn(&stand_in, &app).await.expect("a turn");
        assert_complete(&stand_in, &app, &turn);
        assert_eq!(posted(&stand_in, "/messages").len(), 1, "the message is found in the events");
    }
}

#[tokio::test]
async fn a_stopped_run_submits_running_calls_and_can_be_resumed() {
    let builder = EverrunsStandIn::builder().turn([waits(), looks_up(&["A1"]), Step::message("Done.")]);
    let (stand_in, app, tools) = (start(builder).await, App::default(), tools());
    let session = session(&stand_in).await;
    let stop = std::sync::Arc::new(tokio::sync::Notify::new());
    let stopped = std::sync::Arc::clone(&stop);
    let run = session.run(&tools, &app).until(async move { stopped.notified().await });
    let (turn, ()) = tokio::join!(within(run.message("Go on.")), async {
        app.has_entered().await;
        stop.notify_one();
        app.opened.notify_one();
    });
    assert_eq!(turn.expect("a turn").end, TurnEnd::Stopped);
    assert_eq!(stand_in.tool_results()[0].status, "success", "the running call was submitted");
    let turn = within(session.run(&tools, &app).resume()).await.expect("a turn");
    assert_eq!((turn.text(), turn.end), ("Done.", TurnEnd::Done));
    assert!(stand_in.calls().iter().all(|call| call.result_count == 1));
}
