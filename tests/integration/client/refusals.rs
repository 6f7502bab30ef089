//! Every way in which a call can fail is a typed error with the useful sentence in it.

use std::error::Error;
use std::time::Duration;

use coral_tools::client::{FailureStage, LogFilter};
use coral_tools::{BuildError, ClientError, Coral, DecodeError};
use futures_util::StreamExt;
use http::StatusCode;

use super::{Answer, Answers, KEY, coral, created, request};

async fn refused(answer: Answer) -> ClientError {
    let answers = Answers::give([answer]).await;
    let error = coral(&answers).create_session(&request()).await.expect_err("a refusal");
    assert_eq!(answers.lines(), ["POST /api/v1/local/session"], "{error}");
    assert!(!format!("{error} {error:?}").contains(KEY), "{error:?}");
    error
}

#[tokio::test]
async fn what_coral_says_is_passed_on() {
    for said in [
        "Agent graph contains duplicate agent names: {x=2}",
        "Agent graph groups contain missing agents: [y]",
        "Agent x contains custom tools that were not provided : [z]",
        "Agent 'x' not found in any of the 1 registry sources matching 'local'",
        "Failed to convert request body to class org.coralprotocol.coralserver.session.SessionRequest",
        "An operation is not implemented.",
    ] {
        let error = refused(Answer::json(500, &format!("{{\n    \"message\": \"{said}\"\n}}"))).await;
        assert_eq!(
            (error.stage(), error.status()),
            (FailureStage::ErrorResponse, Some(StatusCode::INTERNAL_SERVER_ERROR))
        );
        assert_eq!(error.server_message(), Some(said));
        assert_eq!(error.to_string(), format!("creating a session: {said} (500 Internal Server Error)"));
        assert!(!error.is_retryable(), "Coral says 500 of wrong requests");
    }
}

#[tokio::test]
async fn a_namespace_that_is_not_there_is_not_found() {
    let error = refused(Answer::json(404, r#"{"message": "Namespace not found"}"#)).await;
    assert!(error.is_not_found());
    assert_eq!((error.stage(), error.server_message()), (FailureStage::ErrorResponse, Some("Namespace not found")));
}

#[tokio::test]
async fn a_refused_key_is_told_without_the_key() {
    let error = refused(Answer::with(401, "WWW-Authenticate: Bearer\r\n", "")).await;
    assert_eq!(
        (error.stage(), error.status(), error.server_message()),
        (FailureStage::KeyRejected, Some(StatusCode::UNAUTHORIZED), None)
    );
    assert_eq!(error.to_string(), "creating a session: the server rejected the API key (401 Unauthorized)");
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn a_path_that_the_server_does_not_have_is_not_found() {
    let error = refused(Answer::with(404, "", "")).await;
    assert!(error.is_not_found());
    assert_eq!(error.to_string(), "creating a session: the server returned 404 Not Found without an error message");
}

#[tokio::test]
async fn a_gateway_is_not_taken_for_coral() {
    let page = "<html><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>";
    let error = refused(Answer::with(502, "Content-Type: text/html\r\n", page)).await;
    assert_eq!(
        (error.stage(), error.status(), error.server_message()),
        (FailureStage::ErrorResponse, Some(StatusCode::BAD_GATEWAY), None)
    );
    assert_eq!(
        error.to_string(),
        "creating a session: received 502 Bad Gateway (text/html), which is not a response of the API; the server may have executed the request"
    );
    assert!(!error.is_retryable(), "a session may have been created behind it");

    let missing = refused(Answer::with(404, "Content-Type: text/html\r\n", "<h1>404</h1>")).await;
    assert!(!missing.is_not_found(), "a proxy's 404 says nothing of the session");
    let missing = refused(Answer::with(404, "Content-Type: text/plain\r\n", "404 page not found\n")).await;
    assert!(!missing.is_not_found(), "nor does this one's");
    assert_eq!(missing.server_message(), Some("404 page not found"));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Answers::give([created()]).await;
    let location = format!("Location: {}/api/v1/local/session?token=secret\r\n", elsewhere.url());
    let error = refused(Answer::with(307, &location, "")).await;
    assert_eq!((error.stage(), error.status()), (FailureStage::ErrorResponse, Some(StatusCode::TEMPORARY_REDIRECT)));
    assert!(error.to_string().contains("where the API key is not sent"), "{error}");
    assert!(!error.to_string().contains("token=secret"), "{error}");
    assert_eq!(elsewhere.lines(), [""; 0]);
}

#[tokio::test]
async fn a_cut_connection_leaves_it_open_whether_there_is_a_session() {
    let half = Answer::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n{\"namespace\"".to_vec());
    for answer in [Answer::Cut, half] {
        let error = refused(answer).await;
        assert_eq!((error.stage(), error.status()), (FailureStage::NoResponse, None));
        assert!(error.to_string().contains("the server may have executed the request"), "{error}");
        assert!(!error.is_retryable());
        assert!(error.source().is_some());
    }
}

#[tokio::test]
async fn a_slow_answer_is_not_waited_for() {
    let answers = Answers::give([Answer::Silence]).await;
    let coral = coral(&answers).timeout(Duration::from_millis(50));
    let error = coral.create_session(&request()).await.expect_err("no answer");
    assert_eq!(error.stage(), FailureStage::NoResponse);
    assert!(!error.is_retryable());
    let state = coral.session("default", "s1").state().await.expect_err("cut");
    assert!(state.is_retryable(), "reading is safe to repeat");
}

#[tokio::test]
async fn a_server_that_is_not_there_was_sent_nothing() {
    let port = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address");
    let url = format!("http://{port}");
    let error = Coral::server(&url, KEY).retries(0).create_session(&request()).await.expect_err("nobody listens");
    assert_eq!(error.stage(), FailureStage::NotSent);
    assert!(error.is_retryable());
    assert!(error.to_string().contains(&format!("cannot connect to {url}")), "{error}");
}

#[tokio::test]
async fn an_answer_of_another_shape_is_told_with_its_path() {
    let error = refused(Answer::json(200, r#"{"namespace": "default", "sessionId": 7}"#)).await;
    assert_eq!((error.stage(), error.status()), (FailureStage::InvalidResponse, None));
    assert_eq!(error.decode_error().map(DecodeError::location), Some("sessionId"));
    assert!(!error.is_retryable(), "the session is there");

    let state = r#"{"base": {"id": "s1"}, "agents": [], "threads": [{"id": "t", "messages": [{"id": 1}]}]}"#;
    let answers = Answers::give([Answer::json(200, state)]).await;
    let error = coral(&answers).session("default", "s1").state().await.expect_err("no state");
    assert_eq!(error.decode_error().map(DecodeError::location), Some("threads[0].messages[0].id"));

    let error = refused(Answer::with(200, "Content-Type: text/html\r\n", "<html>welcome</html>")).await;
    assert_eq!(error.stage(), FailureStage::InvalidResponse);
}

#[tokio::test]
async fn everything_wrong_with_a_request_is_told_before_anything_is_sent() {
    let answers = Answers::give([]).await;
    let wrong = request().group(["writer", "reader"]).ttl(Duration::ZERO).annotation("a", "b");
    let error = coral(&answers).create_session(&wrong).await.expect_err("a wrong request");
    assert_eq!(error.stage(), FailureStage::InvalidRequest);
    let errors = error.build_errors().expect("what is wrong");
    let subjects: Vec<_> = errors.iter().map(BuildError::subject).collect();
    assert_eq!(subjects, ["group 1", "ttl"]);
    assert!(error.to_string().contains("`reader` is not an agent of this session"), "{error}");
    assert_eq!(answers.lines(), [""; 0]);
}

#[tokio::test]
async fn a_wrong_url_key_or_name_is_told_before_anything_is_sent() {
    let url = Answers::give([]).await.url();
    for (coral, words) in [
        (Coral::server("localhost:5555", KEY), "it must begin with `http://`"),
        (Coral::server("coral", KEY), "not an absolute URL"),
        (Coral::server("http://user:hunter2@127.0.0.1", KEY), "a user or password"),
        (Coral::server("http://127.0.0.1?x=1", KEY), "a query"),
        (Coral::server(&url, " "), "it is empty"),
        (Coral::server(&url, "a\nb"), "not allowed in an HTTP header"),
    ] {
        let error = coral.namespaces().await.expect_err(words);
        assert_eq!(error.stage(), FailureStage::InvalidRequest, "{error}");
        assert!(error.to_string().contains(words) && !error.to_string().contains("hunter2"), "{error}");
    }
    for name in ["", ".", ".."] {
        let error = Coral::server(&url, KEY).dialect(coral_tools::Dialect::Server1_2);
        let error = error.session(name, "s1").state().await.expect_err("no name");
        assert_eq!(error.stage(), FailureStage::InvalidRequest, "{error}");
    }
}

#[tokio::test]
async fn a_sentence_is_cut_and_cleaned() {
    let long = format!(r#"{{"message": "\u0007{}"}}"#, "x".repeat(10_000));
    let error = refused(Answer::json(400, &long)).await;
    assert_eq!(error.server_message(), Some("x".repeat(2000).as_str()), "and no bell");
    let error = refused(Answer::json(400, r#"{"message": {"no": "text"}}"#)).await;
    assert_eq!(error.server_message(), None);
}

/// Whatever a broken server or a hostile one says, the call ends, with a state or an error, and nothing gets out of hand.
#[tokio::test]
async fn no_answer_does_harm() {
    let seed = fastrand::u64(..);
    let mut rng = fastrand::Rng::with_seed(seed);
    let body = r#"{"base": {"id": "s1", "status": {"type": "executed"}}, "agents": [], "threads": []}"#;
    let Answer::Bytes(sound) = Answer::json(200, body) else { unreachable!("bytes") };
    let answers = Answers::to(move |_| {
        let mut bytes = sound.clone();
        for _ in 0..rng.usize(1..6) {
            let at = rng.usize(0..bytes.len());
            match rng.u8(0..4) {
                0 => bytes[at] = rng.u8(..),
                1 => bytes.truncate(at.max(1)),
                2 => bytes.insert(at, *rng.choice(b"\r\n:{}[]\"0 ").unwrap_or(&0)),
                _ => _ = bytes.remove(at),
            }
            if bytes.is_empty() {
                bytes.push(0);
            }
        }
        Answer::Bytes(bytes)
    })
    .await;
    let coral = coral(&answers).timeout(Duration::from_secs(5));
    let session = coral.session("default", "s1");
    for _ in 0..400 {
        let call = tokio::time::timeout(Duration::from_secs(10), session.state());
        if let Err(error) = call.await.unwrap_or_else(|_| panic!("no end; seed {seed}")) {
            assert!(!format!("{error} {error:?}").contains(KEY), "seed {seed}");
        }
    }
}

/// Websockets have the key in their path, and servers like to repeat a path.
#[tokio::test]
async fn a_websocket_that_is_refused_shows_no_key() {
    let location = format!("Location: https://elsewhere.example/ws/v1/logs/{KEY}?limit=1\r\n");
    let message = format!(r#"{{"message": "Cannot GET /ws/v1/logs/{KEY}", "code": "{KEY}"}}"#);
    for answer in [Answer::with(301, &location, ""), Answer::json(400, &message)] {
        let answers = Answers::give([answer]).await;
        let error = coral(&answers).logs(&LogFilter::new()).next().await.expect("an item").expect_err("refused");
        assert!(!format!("{error} {error:?} {:?}", error.server_message()).contains(KEY), "{error:?}");
        let words =
            ["redirects to https://elsewhere.example (301 Moved Permanently), where", "Cannot GET /ws/v1/logs/… (400"];
        assert!(words.iter().any(|words| error.to_string().contains(words)), "{error}");
    }
}
