//! What each call sends, to the server that it is for.

use coral_tools::session::{NewNamespace, RuntimeSettings};
use coral_tools::{Coral, Dialect};
use serde_json::{Value, json};

use super::{Answer, Answers, KEY, created, request};

fn of(answers: &Answers, dialect: Dialect) -> Coral {
    Coral::server(answers.url(), KEY).dialect(dialect).retries(0)
}

fn ok() -> Answer {
    Answer::with(200, "", "")
}

fn body(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[tokio::test]
async fn every_request_says_who_asks_and_what_is_understood() {
    let answers = Answers::give([created()]).await;
    of(&answers, Dialect::Server1_2).create_session(&request()).await.expect("a session");
    let [asked] = <[_; 1]>::try_from(answers.asked()).expect("one request");
    for line in [&format!("authorization: bearer {KEY}"), "accept: application/json", "content-type: application/json"]
    {
        assert!(asked.headers.lines().any(|header| header == line), "{line} in {}", asked.headers);
    }
    assert!(asked.headers.contains("user-agent: coral-tools/"));
    assert_eq!(body(&asked.body), request().to_json(Dialect::Server1_2).expect("a body"));
}

#[tokio::test]
async fn a_session_is_in_the_namespace_that_the_server_says() {
    let answers = Answers::give([Answer::json(200, r#"{"namespace": "tenant-7-default", "sessionId": "s1"}"#)]).await;
    let session = of(&answers, Dialect::Server1_2).create_session(&request()).await.expect("a session");
    assert_eq!(session.namespace(), "tenant-7-default");
}

#[tokio::test]
async fn every_generation_has_its_paths() {
    let session = r#"{"id": "s1", "closing": false, "agents": [], "threads": []}"#;
    for (dialect, paths) in [
        (Dialect::Server1_2, ["local/session/a%20b/s1/extended", "local/session/a%20b/s1", "local/session/a%20b/s1"]),
        (Dialect::Cloud, ["session/a%20b/s1"; 3]),
        (Dialect::Nested, ["sessions/a%20b/s1"; 3]),
    ] {
        let answers = Answers::give([Answer::json(200, session), Answer::json(200, session), ok()]).await;
        let session = of(&answers, dialect).session("a b", "s1");
        session.state().await.expect("a state");
        session.base_state().await.expect("a base state");
        session.close().await.expect("closed");
        let [state, base, close] = paths;
        let expected =
            [format!("GET /api/v1/{state}"), format!("GET /api/v1/{base}"), format!("DELETE /api/v1/{close}")];
        assert_eq!(answers.lines(), expected);
    }
}

#[tokio::test]
async fn lists_are_found_where_the_generation_has_them() {
    let guide = r#"[{"namespace": "default", "sessions": [{"sessionId": "s1", "closing": false}]}]"#;
    let server = r#"[{"base": {"name": "default"}, "sessions": [{"id": "s1", "namespace": "default"}]}]"#;
    for (dialect, list, path) in [
        (Dialect::Cloud, guide, "session"),
        (Dialect::Nested, guide, "sessions"),
        (Dialect::Server1_1, server, "local/namespace/extended"),
    ] {
        let answers = Answers::give([Answer::json(200, list)]).await;
        let namespaces = of(&answers, dialect).sessions().await.expect("a list");
        let sessions = namespaces[0].sessions.as_deref().unwrap_or_default();
        assert_eq!((namespaces[0].name.as_str(), sessions[0].id.as_str()), ("default", "s1"));
        assert_eq!(answers.lines(), [format!("GET /api/v1/{path}")]);
    }
}

#[tokio::test]
async fn sessions_of_a_namespace_know_its_name() {
    let list = r#"[{"sessionId": "s1", "closing": false}, {"sessionId": "s2", "closing": true}]"#;
    let state = r#"{"id": "s1", "namespace": "default", "closing": false, "agents": [], "threads": []}"#;
    let gone = Answer::json(404, r#"{"message": "Session not found"}"#);
    let answers = Answers::give([Answer::json(200, list), Answer::json(200, state), gone.clone()]).await;
    let coral = of(&answers, Dialect::Nested);
    let states = coral.session_states_in("default").await.expect("states");
    assert_eq!(states.len(), 1, "one has ended between the list and the look");
    let answers = Answers::give([Answer::json(200, list)]).await;
    let listed = of(&answers, Dialect::Nested).sessions_in("default").await.expect("a list");
    assert!(listed.iter().all(|session| session.namespace == "default"));
}

#[tokio::test]
async fn namespaces_are_made_and_deleted() {
    let answers = Answers::give([ok(), ok()]).await;
    let coral = of(&answers, Dialect::Server1_2);
    coral.create_namespace(NewNamespace::new("customer 7").kept().annotation("tier", "gold")).await.expect("made");
    coral.delete_namespace("customer 7").await.expect("deleted");
    let asked = answers.asked();
    assert_eq!(
        body(&asked[0].body),
        json!({"name": "customer 7", "deleteOnLastSessionExit": false, "annotations": {"tier": "gold"}})
    );
    assert_eq!(answers.lines(), ["POST /api/v1/local/namespace", "DELETE /api/v1/local/namespace/customer%207"]);
    let error = coral.create_namespace("a/b").await.expect_err("no name");
    assert!(error.build_errors().is_some(), "{error}");
}

#[tokio::test]
async fn a_deferred_session_is_executed_with_its_settings() {
    let answers = Answers::give([ok()]).await;
    let session = of(&answers, Dialect::Server1_2).session("default", "s1");
    let settings = RuntimeSettings::new()
        .hold_after_exit(std::time::Duration::from_millis(500))
        .session_end_webhook("https://app.example/coral?token=t");
    session.execute(&settings).await.expect("executed");
    let asked = answers.asked();
    assert_eq!(asked[0].line, "POST /api/v1/local/session/default/s1");
    assert_eq!(
        body(&asked[0].body),
        json!({
            "persistenceMode": {"mode": "hold_after_exit", "duration": 500},
            "webhooks": {"sessionEnd": {"url": "https://app.example/coral/session-end?token=t"}},
        })
    );
}

#[tokio::test]
async fn a_puppet_acts() {
    let thread = r#"{"thread": {"id": "t1", "name": "Q4", "creatorName": "user", "participants": ["user", "writer"],
        "messages": [], "state": {"state": "open"}, "timestamp": "2026-05-08T14:56:15Z"}}"#;
    let message = r#"{"status": "Message sent successfully", "message": {"id": "m1", "threadId": "t1", "text": "Hello",
        "senderName": "user", "mentionNames": ["writer"], "timestamp": "2026-05-08T14:56:15.5Z"}}"#;
    let answers = [Answer::json(200, thread), Answer::json(200, message), ok(), ok(), ok(), ok()];
    let answers = Answers::give(answers).await;
    let puppet = of(&answers, Dialect::Server1_2).session("default", "s1").puppet("the user");

    let thread = puppet.create_thread("Q4", ["writer"]).await.expect("a thread");
    let message = puppet.send_message(&thread.id, "Hello", ["writer"]).await.expect("a message");
    assert_eq!((message.id.as_str(), message.text().as_ref()), ("m1", "Hello"));
    puppet.add_participant("t1", "critic").await.expect("added");
    puppet.remove_participant("t1", "critic").await.expect("removed");
    puppet.close_thread("t1", "Done").await.expect("closed");
    puppet.kill().await.expect("stopped");

    let at = "/api/v1/puppet/default/s1/the%20user";
    let asked: Vec<_> = answers.asked().into_iter().map(|asked| (asked.line, asked.body)).collect();
    let expected = [
        (format!("POST {at}/thread"), json!({"threadName": "Q4", "participantNames": ["writer"]})),
        (format!("POST {at}/thread/message"), json!({"threadId": "t1", "content": "Hello", "mentions": ["writer"]})),
        (format!("POST {at}/thread/participant"), json!({"threadId": "t1", "participantName": "critic"})),
        (format!("DELETE {at}/thread/participant"), json!({"threadId": "t1", "participantName": "critic"})),
        (format!("DELETE {at}/thread"), json!({"threadId": "t1", "summary": "Done"})),
    ];
    for ((line, sent), (expected_line, expected)) in asked.iter().zip(&expected) {
        assert_eq!((line, &body(sent)), (expected_line, expected));
    }
    assert_eq!(asked[5], (format!("DELETE {at}"), String::new()));
}

#[tokio::test]
async fn a_server_below_a_path_or_with_its_api_in_the_url_is_understood() {
    for (below, path) in
        [("", ""), ("/", ""), ("/api/v1/", ""), ("/api/v1", ""), ("/behind/a/proxy/", "/behind/a/proxy")]
    {
        let answers = Answers::give([Answer::json(200, "[]")]).await;
        let coral = Coral::server(format!("{}{below}", answers.url()), KEY).dialect(Dialect::Server1_2).retries(0);
        coral.namespaces().await.expect("a list");
        assert_eq!(answers.lines(), [format!("GET {path}/api/v1/local/namespace")]);
        assert!(!format!("{coral:?}").contains(KEY));
    }
}

/// Builds of the weeks before 1.1 have agents and threads where later ones have the base.
#[tokio::test]
async fn a_server_without_extended_states_is_read_all_the_same() {
    let state = r#"{"id": "s1", "namespace": "default", "agents": [{"name": "writer"}], "threads": []}"#;
    let answers = Answers::give([Answer::with(404, "", ""), Answer::json(200, state)]).await;
    let state = of(&answers, Dialect::Server1_1).session("default", "s1").state().await.expect("a state");
    assert!(state.agent("writer").is_some());
}
