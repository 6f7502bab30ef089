//! Submitted results: too large, rejected, late, or for a session that ended.

use std::sync::Arc;
use std::time::Duration;

use coral_stand_in::qoder::{Fault, QoderStandIn, QoderStandInBuilder, RequestFault, Step};
use coral_tools::platform::qoder::{NewEvent, SessionStatus};
use coral_tools::platform::{RunError, RunLimits, Turn};
use coral_tools::{CallContext, State, Toolset, coral_tool, toolset};
use http::StatusCode;
use serde_json::{Value, json};
use tokio::sync::Barrier;

use super::{Runs, order, qoder, served, session_of, started, tools, turn, with_timeout};

/// Returns a string of this length.
#[coral_tool]
fn repeat_x(bytes: usize) -> String {
    "x".repeat(bytes)
}

fn repeat_call(bytes: usize) -> (&'static str, Value) {
    ("repeat_x", json!({"bytes": bytes}))
}

/// Serves one turn with results of these sizes. The server accepts bodies of 4 MB, as older servers do.
async fn served_with_results(sizes: impl IntoIterator<Item = usize>) -> (Result<Turn, RunError>, QoderStandIn) {
    let steps = [Step::calls(sizes.into_iter().map(repeat_call)), Step::message("Done.")];
    let stand_in = started(turn(steps).fault(Fault::MaxBodySize(4 << 20))).await;
    let (session, tools) = (session_of(&qoder(&stand_in)).await, toolset![repeat_x].max_result_bytes(16 << 20));
    let limits = RunLimits::new().result_bytes(16 << 20);
    let turn = with_timeout(session.run(&tools, &()).limits(limits).message("Go.")).await;
    (turn, stand_in)
}

/// Whether each result that the model read is an error.
fn errors(stand_in: &QoderStandIn) -> Vec<bool> {
    stand_in.tool_results().iter().map(|result| result.is_error).collect()
}

/// The idempotency keys of the requests to `…/events`.
fn keys(stand_in: &QoderStandIn) -> Vec<String> {
    let is_post = |method: &str, path: &str| method == "POST" && path.ends_with("/events");
    let posts = stand_in.requests().into_iter().filter(|request| is_post(&request.method, &request.path));
    posts.map(|mut request| request.headers.remove("idempotency-key").expect("a key")).collect()
}

#[tokio::test]
async fn large_batches_are_submitted_in_several_requests() {
    let (turn, stand_in) = served_with_results([2 << 20, 10, 2 << 20, 10]).await;
    assert_eq!((turn.expect("a turn").text(), errors(&stand_in)), ("Done.", vec![false; 4]));
    let mut keys = keys(&stand_in);
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 3, "the message and two requests, each with a key of its own");
}

#[tokio::test]
async fn a_result_that_is_too_large_is_replaced_by_an_error() {
    let (turn, stand_in) = served_with_results([10, 5 << 20, 10]).await;
    let turn = turn.expect("a turn");
    let outcomes: Vec<_> = turn.calls.iter().map(|call| call.outcome.as_str()).collect();
    assert_eq!(outcomes, ["success", "over_limit", "success"]);
    assert_eq!(turn.calls[1].result, stand_in.tool_results()[1].text);
    assert_eq!((turn.text(), errors(&stand_in)), ("Done.", vec![false, true, false]));
    let text = &stand_in.tool_results()[1].text;
    assert!(text.contains("the platform rejected the result"), "{text}");
}

async fn served_with_fault(fault: RequestFault) -> (Result<Turn, RunError>, QoderStandIn, Runs) {
    served(
        turn([Step::calls([order("A1"), order("B2")]), Step::message("Done.")])
            .request_fault(fault.on("POST", "/events")),
    )
    .await
}

#[tokio::test]
async fn results_rejected_together_are_submitted_one_by_one() {
    for status in [400, 413] {
        // The message, both results, each result.
        let (turn, stand_in, runs) = served_with_fault(RequestFault::status(status).skip(1)).await;
        assert_eq!(turn.expect("a turn").text(), "Done.");
        assert_eq!((errors(&stand_in), keys(&stand_in).len(), runs.count()), (vec![false; 2], 4, 2));
        // The first result is rejected by itself as well, and replaced.
        let (turn, stand_in, _) = served_with_fault(RequestFault::status(status).skip(1).times(2)).await;
        assert_eq!(turn.expect("a turn").text(), "Done.");
        assert_eq!((errors(&stand_in), keys(&stand_in).len()), (vec![true, false], 5));
    }
}

#[tokio::test]
async fn results_that_are_always_rejected_are_an_error() {
    for (status, attempts) in [(400, 4), (413, 4), (409, 2), (403, 2)] {
        let (turn, stand_in, _) = served_with_fault(RequestFault::status(status).skip(1).times(99)).await;
        let Err(RunError::Client(error)) = turn else { panic!("{status}") };
        assert_eq!((error.status().map(|status| status.as_u16()), keys(&stand_in).len()), (Some(status), attempts));
    }
}

/// Two processes serve one session without a shared cache.
#[tokio::test]
async fn of_two_clients_one_submits_late() {
    for fault in [None, Some(Fault::LateResultConflicts)] {
        let builder = turn([Step::calls([("meet", json!({}))]), Step::message("Done.")]);
        let stand_in = started(fault.into_iter().fold(builder, QoderStandInBuilder::fault)).await;
        let session = session_of(&qoder(&stand_in)).await;
        session.send(&[NewEvent::message("Go.")]).await.expect("accepted");
        let (tools, barrier): (Toolset<Arc<Barrier>>, _) = (toolset![meet], Arc::new(Barrier::new(2)));
        let [one, other] = [qoder(&stand_in), qoder(&stand_in)].map(|qoder| qoder.session(session.id()));
        let both = async { tokio::join!(one.run(&tools, &barrier).resume(), other.run(&tools, &barrier).resume()) };
        let (one, other) = with_timeout(both).await;
        let turns = [one.expect("a turn"), other.expect("a turn")];
        assert!(turns.iter().all(|turn| turn.text() == "Done."), "{turns:?}");
        let late = turns.iter().flat_map(|turn| &turn.calls).filter(|call| call.late).count();
        assert_eq!((late, stand_in.tool_results().len()), (1, 1));
    }
}

/// Waits for the other process.
#[coral_tool]
async fn meet(#[context] State(barrier): State<Arc<Barrier>>) {
    barrier.wait().await;
}

#[tokio::test]
async fn a_session_that_ends_while_tools_run_fails_the_turn() {
    for fault in [None, Some(Fault::LateResultConflicts)] {
        let builder = turn([Step::calls([("finish", json!({})), ("finish", json!({}))]), Step::message("Done.")]);
        let stand_in = Arc::new(started(fault.into_iter().fold(builder, QoderStandInBuilder::fault)).await);
        let session = session_of(&qoder(&stand_in)).await;
        let tools: Toolset<Arc<QoderStandIn>> = toolset![finish];
        let error = with_timeout(session.run(&tools, &stand_in).message("Go.")).await.expect_err("the session ended");
        assert_eq!(error.to_string(), "the turn failed: the session was terminated (terminated)");
        assert_eq!(session.state().await.expect("a state").status, Some(SessionStatus::Terminated));
        assert!(stand_in.tool_results().is_empty());
    }
}

/// Ends the session that calls it.
#[coral_tool]
fn finish(#[context] call: CallContext, #[context] State(stand_in): State<Arc<QoderStandIn>>) {
    stand_in.terminate(call.session_id());
}

#[tokio::test]
async fn a_session_that_ended_rejects_messages() {
    for (step, status) in
        [(Step::session_terminated(), StatusCode::BAD_REQUEST), (Step::session_deleted(), StatusCode::NOT_FOUND)]
    {
        let stand_in = started(turn([step])).await;
        let session = session_of(&qoder(&stand_in)).await;
        session.send(&[NewEvent::message("Go.")]).await.expect("accepted");
        let error = session.send(&[NewEvent::message("Go on.")]).await.expect_err("the session ended");
        assert_eq!(error.status(), Some(status));
        assert_eq!(session.state().await.map_err(|error| error.status()).is_err(), status == StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn tools_may_run_without_a_deadline() {
    let stand_in = started(turn([Step::calls([order("A1")]), Step::message("Done.")])).await;
    let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
    let limits = RunLimits::new().timeout(Duration::MAX);
    let turn = with_timeout(session.run(&tools(), &runs).limits(limits).message("Go.")).await.expect("a turn");
    assert_eq!((turn.calls[0].outcome.as_str(), turn.text()), ("success", "Done."));
}
