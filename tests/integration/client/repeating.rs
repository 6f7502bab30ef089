//! What is repeated, and what never is.

use coral_tools::client::Stage;
use coral_tools::{Coral, Dialect};

use super::{Answer, Answers, KEY, created, request};

fn patient(answers: &Answers) -> Coral {
    Coral::server(&answers.url(), KEY).dialect(Dialect::Server1_2).retries(3)
}

fn state() -> Answer {
    Answer::json(200, r#"{"base": {"id": "s1", "status": {"type": "executed"}}, "agents": [], "threads": []}"#)
}

#[tokio::test]
async fn reading_is_repeated_until_it_goes_well() {
    for trouble in [Answer::Cut, Answer::with(502, "", "<html>"), Answer::with(503, "Retry-After: 0\r\n", "")] {
        let answers = Answers::give([trouble.clone(), trouble, state()]).await;
        let state = patient(&answers).session("default", "s1").state().await.expect("a state");
        assert_eq!(state.id, "s1");
        assert_eq!(answers.asked().len(), 3);
    }
}

#[tokio::test]
async fn reading_is_not_repeated_for_ever() {
    let answers = Answers::give(vec![Answer::with(503, "", ""); 9]).await;
    let error = patient(&answers).retries(2).session("default", "s1").state().await.expect_err("trouble");
    assert_eq!((error.status(), answers.asked().len()), (Some(503), 3));
    assert!(error.is_retryable(), "later, perhaps");
}

#[tokio::test]
async fn what_repeating_cannot_mend_is_not_repeated() {
    for answer in [
        Answer::json(500, r#"{"message": "An operation is not implemented."}"#),
        Answer::with(401, "", ""),
        Answer::with(404, "", ""),
        Answer::json(200, "[]"),
        Answer::with(503, "Retry-After: 3600\r\n", ""),
    ] {
        let answers = Answers::give([answer, state()]).await;
        let error = patient(&answers).session("default", "s1").state().await.expect_err("trouble");
        assert_eq!(answers.asked().len(), 1, "{error}");
    }
}

/// The test of all tests here: there must never be two sessions.
#[tokio::test]
async fn a_session_that_may_have_been_created_is_not_created_again() {
    for answer in [
        Answer::Cut,
        Answer::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_vec()),
        Answer::with(408, "", ""),
        Answer::with(500, "", ""),
        Answer::with(502, "Content-Type: text/html\r\n", "<html>"),
        Answer::with(503, "Retry-After: 0\r\n", ""),
        Answer::with(504, "", ""),
        Answer::json(200, "{}"),
    ] {
        let answers = Answers::give([answer.clone(), created()]).await;
        let error = patient(&answers).create_session(&request()).await.expect_err("trouble");
        assert_eq!(answers.asked().len(), 1, "{error}");
        assert!(!error.is_retryable(), "{error}");
    }
}

#[tokio::test]
async fn a_session_that_was_certainly_not_created_is_created_again() {
    let answers = Answers::give([Answer::with(429, "Retry-After: 0\r\n", ""), created()]).await;
    let session = patient(&answers).create_session(&request()).await.expect("a session");
    assert_eq!((session.id(), answers.asked().len()), ("s1", 2));
}

#[tokio::test]
async fn closing_what_an_attempt_before_has_closed_is_closing() {
    let gone = Answer::json(404, r#"{"message": "Session not found"}"#);
    let answers = Answers::give([Answer::Cut, gone.clone()]).await;
    patient(&answers).session("default", "s1").close().await.expect("closed");
    assert_eq!(answers.lines(), ["DELETE /api/v1/local/session/default/s1"; 2]);

    let answers = Answers::give([gone]).await;
    let error = patient(&answers).session("default", "s1").close().await.expect_err("never there");
    assert!(error.is_not_found());
}

#[tokio::test]
async fn a_message_is_not_sent_twice() {
    let answers = Answers::give([Answer::Cut, created()]).await;
    let puppet = patient(&answers).session("default", "s1").puppet("user");
    let error = puppet.send_message("t1", "Hello", ["writer"]).await.expect_err("cut");
    assert_eq!((error.stage(), answers.asked().len()), (Stage::NoAnswer, 1));
}
