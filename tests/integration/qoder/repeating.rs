//! What is sent again, and with what.

use coral_stand_in::qoder::{Fault, StandIn, Step};
use coral_tools::platform::RunError;
use coral_tools::platform::qoder::NewEvent;

use super::{Runs, ask, order, qoder, raw, session_of, started};

async fn answering(fault: Fault) -> (StandIn, Result<coral_tools::platform::Turn, RunError>, Runs) {
    let builder = StandIn::builder().turn([Step::calls([order("A1"), order("lost")]), Step::says("Done.")]);
    let stand_in = started(builder.fault(fault)).await;
    let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
    let turn = ask(&session, &runs).await;
    (stand_in, turn, runs)
}

/// What was sent to `…/events`, whole, with its key.
fn sent(stand_in: &StandIn) -> Vec<(String, Vec<u8>)> {
    let posts =
        stand_in.requests().into_iter().filter(|request| request.method == "POST" && request.path.ends_with("/events"));
    posts.map(|request| (request.headers["idempotency-key"].clone(), request.bytes)).collect()
}

#[tokio::test]
async fn what_is_lost_is_sent_again_with_its_key_and_its_bytes() {
    for fault in [
        Fault::lost_reply(),
        Fault::lost_request(),
        Fault::says(503),
        Fault::says(500),
        Fault::says(408),
        Fault::says(429).header("retry-after-ms", "1"),
        Fault::says(400).header("x-should-retry", "true"),
    ] {
        // The message, then the answers.
        for spared in [0, 1] {
            let (stand_in, turn, runs) = answering(fault.clone().on("POST", "/events").after(spared)).await;
            assert_eq!(turn.expect("a turn").text(), "Done.", "{fault:?}");
            assert_eq!((runs.count(), stand_in.seen().len()), (2, 2), "{fault:?}");
            let sent = sent(&stand_in);
            assert_eq!((sent.len(), &sent[spared]), (3, &sent[spared + 1]), "{fault:?}");
            assert_ne!(sent[0].0, sent[2].0, "other bytes have another key");
        }
    }
}

#[tokio::test]
async fn what_the_server_does_not_want_again_is_not_sent_again() {
    for fault in [
        Fault::says(503).header("x-should-retry", "false"),
        Fault::says(429).header("x-should-retry", "false"),
        Fault::says(503).header("retry-after", "61"),
        Fault::says(409),
        Fault::says(409).header("x-should-retry", "true"),
        Fault::says(400),
    ] {
        let (stand_in, turn, _) = answering(fault.clone().on("POST", "/events")).await;
        let Err(RunError::Client(error)) = turn else { panic!("{fault:?}") };
        assert_eq!((sent(&stand_in).len(), error.is_retryable()), (1, false), "{fault:?}");
    }
}

#[tokio::test]
async fn reading_is_repeated_after_any_fault() {
    for status in [408, 429, 500, 502, 503, 504, 529] {
        let stand_in = started(StandIn::builder().fault(Fault::says(status))).await;
        assert!(qoder(&stand_in).agents().await.expect("a list").is_empty(), "{status}");
    }
}

#[tokio::test]
async fn after_three_attempts_it_is_over() {
    let (stand_in, turn, _) = answering(Fault::says(503).on("POST", "/events").times(9)).await;
    let Err(RunError::Client(error)) = turn else { panic!("a failure") };
    assert_eq!((error.status(), sent(&stand_in).len()), (Some(503), 3));
}

#[tokio::test]
async fn a_session_whose_reply_is_lost_is_made_once() {
    let stand_in = started(StandIn::builder().fault(Fault::lost_reply().on("POST", "/sessions"))).await;
    let session = session_of(&qoder(&stand_in)).await;
    let all = qoder(&stand_in).sessions(&coral_tools::platform::qoder::SessionFilter::new()).await.expect("a list");
    assert_eq!(all.iter().map(|state| state.id.as_str()).collect::<Vec<_>>(), [session.id()]);
}

#[tokio::test]
async fn streams_bear_trouble_that_passes() {
    let fault = Fault::says(503).on("GET", "/stream").times(2);
    let (_, turn, _) = answering(fault).await;
    assert_eq!(turn.expect("a turn").text(), "Done.");
}

#[tokio::test]
async fn a_key_is_for_one_body() {
    let stand_in = started(StandIn::builder().turn([])).await;
    let session = session_of(&qoder(&stand_in)).await;
    for _ in 0..2 {
        session.send(&[NewEvent::message("Go.")]).await.expect("taken: another key each time");
    }
    assert_eq!(session.events().await.expect("a list").len(), 6);
    let request = stand_in.requests().into_iter().rfind(|request| request.method == "POST").expect("a message");
    let (line, key) = (format!("POST {}", request.path), &request.headers["idempotency-key"]);
    let again = async |body: &str| raw(&stand_in, &line, &format!("Idempotency-Key: {key}\r\n"), body).await;
    let body = String::from_utf8(request.bytes).expect("text");
    assert!(again(&body).await.starts_with("HTTP/1.1 202"), "the same body is answered as it was");
    let answer = again(&body.replace("Go.", "Stop.")).await;
    assert!(answer.starts_with("HTTP/1.1 409") && answer.contains("conflict_error"), "{answer}");
    assert_eq!(session.events().await.expect("a list").len(), 6, "neither was done");
}
