//! Retried requests, and their idempotency keys.

use coral_stand_in::qoder::{QoderStandIn, RequestFault, Step};
use coral_tools::platform::RunError;
use coral_tools::platform::qoder::NewEvent;
use http::StatusCode;

use super::{Runs, ask, order, qoder, raw, session_of, started};

async fn served_with_fault(fault: RequestFault) -> (QoderStandIn, Result<coral_tools::platform::Turn, RunError>, Runs) {
    let builder = QoderStandIn::builder().turn([Step::calls([order("A1"), order("lost")]), Step::message("Done.")]);
    let stand_in = started(builder.request_fault(fault)).await;
    let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
    let turn = ask(&session, &runs).await;
    (stand_in, turn, runs)
}

/// The key and the body of each request to `…/events`.
fn sent(stand_in: &QoderStandIn) -> Vec<(String, Vec<u8>)> {
    let posts =
        stand_in.requests().into_iter().filter(|request| request.method == "POST" && request.path.ends_with("/events"));
    posts.map(|request| (request.headers["idempotency-key"].clone(), request.bytes)).collect()
}

#[tokio::test]
async fn retries_have_the_same_key_and_bytes() {
    for fault in [
        RequestFault::lost_response(),
        RequestFault::lost_request(),
        RequestFault::status(503),
        RequestFault::status(500),
        RequestFault::status(408),
        RequestFault::status(429).header("retry-after-ms", "1"),
        RequestFault::status(400).header("x-should-retry", "true"),
    ] {
        // The message, then the results.
        for spared in [0, 1] {
            let (stand_in, turn, runs) = served_with_fault(fault.clone().on("POST", "/events").skip(spared)).await;
            assert_eq!(turn.expect("a turn").text(), "Done.", "{fault:?}");
            assert_eq!((runs.count(), stand_in.tool_results().len()), (2, 2), "{fault:?}");
            let sent = sent(&stand_in);
            assert_eq!((sent.len(), &sent[spared]), (3, &sent[spared + 1]), "{fault:?}");
            assert_ne!(sent[0].0, sent[2].0, "different bytes have different keys");
        }
    }
}

#[tokio::test]
async fn requests_are_not_retried_if_the_server_forbids_it() {
    for fault in [
        RequestFault::status(503).header("x-should-retry", "false"),
        RequestFault::status(429).header("x-should-retry", "false"),
        RequestFault::status(503).header("retry-after", "61"),
        RequestFault::status(409),
        RequestFault::status(409).header("x-should-retry", "true"),
        RequestFault::status(400),
    ] {
        let (stand_in, turn, _) = served_with_fault(fault.clone().on("POST", "/events")).await;
        let Err(RunError::Client(error)) = turn else { panic!("{fault:?}") };
        assert_eq!((sent(&stand_in).len(), error.is_retryable()), (1, false), "{fault:?}");
    }
}

#[tokio::test]
async fn reads_are_retried_after_any_server_error() {
    for status in [408, 429, 500, 502, 503, 504, 529] {
        let stand_in = started(QoderStandIn::builder().request_fault(RequestFault::status(status))).await;
        assert!(qoder(&stand_in).agents().await.expect("a list").is_empty(), "{status}");
    }
}

#[tokio::test]
async fn requests_fail_after_three_attempts() {
    let (stand_in, turn, _) = served_with_fault(RequestFault::status(503).on("POST", "/events").times(9)).await;
    let Err(RunError::Client(error)) = turn else { panic!("an error") };
    assert_eq!((error.status(), sent(&stand_in).len()), (Some(StatusCode::SERVICE_UNAVAILABLE), 3));
}

#[tokio::test]
async fn a_session_is_created_once_if_a_response_is_lost() {
    let stand_in =
        started(QoderStandIn::builder().request_fault(RequestFault::lost_response().on("POST", "/sessions"))).await;
    let session = session_of(&qoder(&stand_in)).await;
    let all = qoder(&stand_in).sessions(&coral_tools::platform::qoder::SessionFilter::new()).await.expect("a list");
    assert_eq!(all.iter().map(|state| state.id.as_str()).collect::<Vec<_>>(), [session.id()]);
}

#[tokio::test]
async fn streams_tolerate_transient_errors() {
    let fault = RequestFault::status(503).on("GET", "/stream").times(2);
    let (_, turn, _) = served_with_fault(fault).await;
    assert_eq!(turn.expect("a turn").text(), "Done.");
}

#[tokio::test]
async fn an_idempotency_key_belongs_to_one_body() {
    let stand_in = started(QoderStandIn::builder().turn([])).await;
    let session = session_of(&qoder(&stand_in)).await;
    for _ in 0..2 {
        session.send(&[NewEvent::message("Go.")]).await.expect("accepted: the keys differ");
    }
    assert_eq!(session.events().await.expect("a list").len(), 6);
    let request = stand_in.requests().into_iter().rfind(|request| request.method == "POST").expect("a message");
    let (line, key) = (format!("POST {}", request.path), &request.headers["idempotency-key"]);
    let again = async |body: &str| raw(&stand_in, &line, &format!("Idempotency-Key: {key}\r\n"), body).await;
    let body = String::from_utf8(request.bytes).expect("text");
    assert!(again(&body).await.starts_with("HTTP/1.1 202"), "the same body gets the same response");
    let response = again(&body.replace("Go.", "Stop.")).await;
    assert!(response.starts_with("HTTP/1.1 409") && response.contains("conflict_error"), "{response}");
    assert_eq!(session.events().await.expect("a list").len(), 6, "neither was processed");
}
