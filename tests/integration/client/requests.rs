//! The requests of each method, for each server version.

use coral_tools::session::{NewNamespace, RuntimeSettings};
use coral_tools::{Coral, Dialect};
use serde_json::{Value, json};

use super::{KEY, TestResponse, TestServer, created, request};

fn coral_with(server: &TestServer, dialect: Dialect) -> Coral {
    Coral::server(server.url(), KEY).dialect(dialect).retries(0)
}

fn ok() -> TestResponse {
    TestResponse::new(200, "", "")
}

fn json_body(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[tokio::test]
async fn every_request_has_the_key_and_the_content_types() {
    let server = TestServer::with_responses([created()]).await;
    coral_with(&server, Dialect::Server1_2).create_session(&request()).await.expect("a session");
    let [sent] = <[_; 1]>::try_from(server.requests()).expect("one request");
    for line in [&format!("authorization: bearer {KEY}"), "accept: application/json", "content-type: application/json"]
    {
        assert!(sent.headers.lines().any(|header| header == line), "{line} in {}", sent.headers);
    }
    assert!(sent.headers.contains("user-agent: coral-tools/"));
    assert_eq!(json_body(&sent.body), request().to_json(Dialect::Server1_2).expect("a body"));
}

#[tokio::test]
async fn the_namespace_of_a_session_is_that_of_the_response() {
    let server = TestServer::with_responses([TestResponse::json(
        200,
        r#"{"namespace": "tenant-7-default", "sessionId": "s1"}"#,
    )])
    .await;
    let session = coral_with(&server, Dialect::Server1_2).create_session(&request()).await.expect("a session");
    assert_eq!(session.namespace(), "tenant-7-default");
}

#[tokio::test]
async fn paths_of_sessions_depend_on_the_server_version() {
    let session = r#"{"id": "s1", "closing": false, "agents": [], "threads": []}"#;
    for (dialect, paths) in [
        (Dialect::Server1_2, ["local/session/a%20b/s1/extended", "local/session/a%20b/s1", "local/session/a%20b/s1"]),
        (Dialect::Cloud, ["session/a%20b/s1"; 3]),
        (Dialect::Nested, ["sessions/a%20b/s1"; 3]),
    ] {
        let server =
            TestServer::with_responses([TestResponse::json(200, session), TestResponse::json(200, session), ok()])
                .await;
        let session = coral_with(&server, dialect).session("a b", "s1");
        session.state().await.expect("a state");
        session.base_state().await.expect("a base state");
        session.close().await.expect("closed");
        let [state, base, close] = paths;
        let expected =
            [format!("GET /api/v1/{state}"), format!("GET /api/v1/{base}"), format!("DELETE /api/v1/{close}")];
        assert_eq!(server.request_lines(), expected);
    }
}

#[tokio::test]
async fn paths_of_lists_depend_on_the_server_version() {
    let guide = r#"[{"namespace": "default", "sessions": [{"sessionId": "s1", "closing": false}]}]"#;
    let server = r#"[{"base": {"name": "default"}, "sessions": [{"id": "s1", "namespace": "default"}]}]"#;
    for (dialect, list, path) in [
        (Dialect::Cloud, guide, "session"),
        (Dialect::Nested, guide, "sessions"),
        (Dialect::Server1_1, server, "local/namespace/extended"),
    ] {
        let server = TestServer::with_responses([TestResponse::json(200, list)]).await;
        let namespaces = coral_with(&server, dialect).sessions().await.expect("a list");
        let sessions = namespaces[0].sessions.as_deref().unwrap_or_default();
        assert_eq!((namespaces[0].name.as_str(), sessions[0].id.as_str()), ("default", "s1"));
        assert_eq!(server.request_lines(), [format!("GET /api/v1/{path}")]);
    }
}

/// Servers list namespaces, and the threads of a session, in the order of a hash map.
#[tokio::test]
async fn namespaces_are_sorted_by_name_and_threads_by_time() {
    let names = r#"[{"name": "b"}, {"name": "c"}, {"name": "a"}]"#;
    let extended = r#"[{"base": {"name": "b"}, "sessions": []}, {"base": {"name": "a"}, "sessions": []}]"#;
    // The order that was measured.
    let threads: Vec<_> = ["5", "4", "3", "1", "0", "2"]
        .map(|id| json!({"id": id, "timestamp": format!("2026-05-08T14:56:15.00{id}Z")}))
        .to_vec();
    let state = json!({"base": {"id": "s1"}, "agents": [], "threads": threads}).to_string();
    let responses = [names, extended, state.as_str()].map(|body| TestResponse::json(200, body));
    let server = TestServer::with_responses(responses).await;
    let coral = coral_with(&server, Dialect::Server1_2);
    let names: Vec<_> = coral.namespaces().await.expect("a list").into_iter().map(|namespace| namespace.name).collect();
    assert_eq!(names, ["a", "b", "c"]);
    assert_eq!(coral.sessions().await.expect("a list")[0].name, "a");
    let state = coral.session("default", "s1").state().await.expect("a state");
    assert_eq!(state.threads().iter().map(|thread| thread.id.as_str()).collect::<String>(), "012345");
}

#[tokio::test]
async fn sessions_of_a_namespace_have_its_name() {
    let list = r#"[{"sessionId": "s1", "closing": false}, {"sessionId": "s2", "closing": true}]"#;
    let state = r#"{"id": "s1", "namespace": "default", "closing": false, "agents": [], "threads": []}"#;
    let gone = TestResponse::json(404, r#"{"message": "Session not found"}"#);
    let server =
        TestServer::with_responses([TestResponse::json(200, list), TestResponse::json(200, state), gone.clone()]).await;
    let coral = coral_with(&server, Dialect::Nested);
    let states = coral.session_states_in("default").await.expect("states");
    assert_eq!(states.len(), 1, "one has ended since it was listed");
    let server = TestServer::with_responses([TestResponse::json(200, list)]).await;
    let listed = coral_with(&server, Dialect::Nested).sessions_in("default").await.expect("a list");
    assert!(listed.iter().all(|session| session.namespace == "default"));
}

#[tokio::test]
async fn namespaces_are_created_and_deleted() {
    let server = TestServer::with_responses([ok(), ok()]).await;
    let coral = coral_with(&server, Dialect::Server1_2);
    coral.create_namespace(NewNamespace::new("customer 7").kept().annotation("tier", "gold")).await.expect("created");
    coral.delete_namespace("customer 7").await.expect("deleted");
    let requests = server.requests();
    assert_eq!(
        json_body(&requests[0].body),
        json!({"name": "customer 7", "deleteOnLastSessionExit": false, "annotations": {"tier": "gold"}})
    );
    assert_eq!(server.request_lines(), ["POST /api/v1/local/namespace", "DELETE /api/v1/local/namespace/customer%207"]);
    let error = coral.create_namespace("a/b").await.expect_err("an invalid name");
    assert!(error.build_errors().is_some(), "{error}");
}

#[tokio::test]
async fn a_deferred_session_is_executed_with_its_settings() {
    let server = TestServer::with_responses([ok()]).await;
    let session = coral_with(&server, Dialect::Server1_2).session("default", "s1");
    let settings = RuntimeSettings::new()
        .hold_after_exit(std::time::Duration::from_millis(500))
        .session_end_webhook("https://app.example/coral?token=t");
    session.execute(&settings).await.expect("executed");
    let requests = server.requests();
    assert_eq!(requests[0].line, "POST /api/v1/local/session/default/s1");
    assert_eq!(
        json_body(&requests[0].body),
        json!({
            "persistenceMode": {"mode": "hold_after_exit", "duration": 500},
            "webhooks": {"sessionEnd": {"url": "https://app.example/coral/session-end?token=t"}},
        })
    );
}

#[tokio::test]
async fn a_puppet_sends_requests_as_its_agent() {
    let thread = r#"{"thread": {"id": "t1", "name": "Q4", "creatorName": "user", "participants": ["user", "writer"],
        "messages": [], "state": {"state": "open"}, "timestamp": "2026-05-08T14:56:15Z"}}"#;
    let message = r#"{"status": "Message sent successfully", "message": {"id": "m1", "threadId": "t1", "text": "Hello",
        "senderName": "user", "mentionNames": ["writer"], "timestamp": "2026-05-08T14:56:15.5Z"}}"#;
    let responses = [TestResponse::json(200, thread), TestResponse::json(200, message), ok(), ok(), ok(), ok()];
    let server = TestServer::with_responses(responses).await;
    let puppet = coral_with(&server, Dialect::Server1_2).session("default", "s1").puppet("the user");

    let thread = puppet.create_thread("Q4", ["writer"]).await.expect("a thread");
    let message = puppet.send_message(&thread.id, "Hello", ["writer"]).await.expect("a message");
    assert_eq!((message.id.as_str(), message.text().as_ref()), ("m1", "Hello"));
    puppet.add_participant("t1", "critic").await.expect("added");
    puppet.remove_participant("t1", "critic").await.expect("removed");
    puppet.close_thread("t1", "Done").await.expect("closed");
    puppet.kill().await.expect("stopped");

    let at = "/api/v1/puppet/default/s1/the%20user";
    let requests: Vec<_> = server.requests().into_iter().map(|request| (request.line, request.body)).collect();
    let expected = [
        (format!("POST {at}/thread"), json!({"threadName": "Q4", "participantNames": ["writer"]})),
        (format!("POST {at}/thread/message"), json!({"threadId": "t1", "content": "Hello", "mentions": ["writer"]})),
        (format!("POST {at}/thread/participant"), json!({"threadId": "t1", "participantName": "critic"})),
        (format!("DELETE {at}/thread/participant"), json!({"threadId": "t1", "participantName": "critic"})),
        (format!("DELETE {at}/thread"), json!({"threadId": "t1", "summary": "Done"})),
    ];
    for ((line, sent), (expected_line, expected)) in requests.iter().zip(&expected) {
        assert_eq!((line, &json_body(sent)), (expected_line, expected));
    }
    assert_eq!(requests[5], (format!("DELETE {at}"), String::new()));
}

#[tokio::test]
async fn the_url_may_contain_a_path_or_end_with_that_of_the_api() {
    for (suffix, path) in
        [("", ""), ("/", ""), ("/api/v1/", ""), ("/api/v1", ""), ("/behind/a/proxy/", "/behind/a/proxy")]
    {
        let server = TestServer::with_responses([TestResponse::json(200, "[]")]).await;
        let coral = Coral::server(format!("{}{suffix}", server.url()), KEY).dialect(Dialect::Server1_2).retries(0);
        coral.namespaces().await.expect("a list");
        assert_eq!(server.request_lines(), [format!("GET {path}/api/v1/local/namespace")]);
        assert!(!format!("{coral:?}").contains(KEY));
    }
}

/// Builds shortly before 1.1 return the complete state at the path where later ones return the base state.
#[tokio::test]
async fn the_state_is_read_from_servers_without_extended_states() {
    let state = r#"{"id": "s1", "namespace": "default", "agents": [{"name": "writer"}], "threads": []}"#;
    let server = TestServer::with_responses([TestResponse::new(404, "", ""), TestResponse::json(200, state)]).await;
    let state = coral_with(&server, Dialect::Server1_1).session("default", "s1").state().await.expect("a state");
    assert!(state.agent("writer").is_some());
}
