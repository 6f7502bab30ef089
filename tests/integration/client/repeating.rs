//! What is repeated, and what never is.

use std::time::Duration;

use coral_tools::client::FailureStage;
use coral_tools::{Coral, Dialect};
use http::StatusCode;

use super::{Answer, Answers, KEY, created, request};

fn patient(answers: &Answers) -> Coral {
    Coral::server(answers.url(), KEY).dialect(Dialect::Server1_2).retries(3)
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
    assert_eq!((error.status(), answers.asked().len()), (Some(StatusCode::SERVICE_UNAVAILABLE), 3));
    assert!(error.is_retryable(), "later, perhaps");
}

#[tokio::test]
async fn what_repeating_cannot_mend_is_not_repeated() {
    for answer in [
        Answer::json(500, r#"{"message": "An operation is not implemented."}"#),
        Answer::with(401, "", ""),
        Answer::json(404, r#"{"message": "Session not found"}"#),
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
    assert_eq!((error.stage(), answers.asked().len()), (FailureStage::NoResponse, 1));
}

#[tokio::test]
async fn a_server_is_left_alone_for_as_long_as_it_asks() {
    let answers = Answers::give([Answer::with(503, "Retry-After: 1\r\n", ""), state()]).await;
    patient(&answers).session("default", "s1").state().await.expect("a state");
    let asked = answers.asked();
    assert!(asked[1].at - asked[0].at >= Duration::from_secs(1));
}

#[tokio::test]
async fn what_a_puppet_does_is_not_done_twice() {
    let answers = Answers::give([Answer::Cut, Answer::Cut]).await;
    let puppet = patient(&answers).session("default", "s1").puppet("user");
    puppet.close_thread("t1", "Done").await.expect_err("cut");
    puppet.remove_participant("t1", "writer").await.expect_err("cut");
    assert_eq!(answers.asked().len(), 2);

    let gone = Answer::json(404, r#"{"message": "Agent not found"}"#);
    let answers = Answers::give([Answer::Cut, gone]).await;
    patient(&answers).session("default", "s1").puppet("user").kill().await.expect("stopped by the first attempt");
}

#[tokio::test]
async fn a_message_is_sent_in_parts_where_that_is_what_is_read() {
    let not_decoded = Answer::json(
        500,
        r#"{"message": "Failed to convert request body to class org.coralprotocol.coralserver.routes.SendMessageInput"}"#,
    );
    let sent = Answer::json(200, r#"{"message": {"id": "m1", "content": [{"type": "text", "text": "Hello"}]}}"#);
    let answers = Answers::give([not_decoded, sent]).await;
    let puppet = patient(&answers).session("default", "s1").puppet("user");
    let message = puppet.send_message("t1", "Hello", ["writer"]).await.expect("sent");
    assert_eq!(message.text(), "Hello");
    assert!(answers.asked()[1].body.contains(r#""content":[{"type":"text","text":"Hello"}]"#));
}
