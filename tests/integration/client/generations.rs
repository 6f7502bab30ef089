//! Which form of requests a server is sent, and how that is found out.

use coral_tools::session::{MicroCents, SessionBudget};
use coral_tools::{Coral, Dialect, SessionRequest};
use http::StatusCode;
use serde_json::{Value, json};

use super::{Answer, Answers, KEY, created, request};

fn unknown() -> Coral {
    Coral::server("http://127.0.0.1:9", KEY).retries(0)
}

fn at(answers: &Answers) -> Coral {
    Coral::server(answers.url(), KEY).retries(0)
}

/// The description of a server, as much of it as tells generations apart.
fn description(paths: &[&str], schemas: &Value) -> Answer {
    let paths: serde_json::Map<_, _> = paths.iter().map(|path| ((*path).to_owned(), json!({}))).collect();
    Answer::json(200, &json!({"openapi": "3.1.0", "paths": paths, "components": {"schemas": schemas}}).to_string())
}

fn local(tool_fields: &Value, request_fields: &Value) -> Answer {
    let schemas =
        json!({"GraphAgentTool": {"properties": tool_fields}, "SessionRequest": {"properties": request_fields}});
    description(&["/api/v1/local/session"], &schemas)
}

fn sent(answers: &Answers, at: usize) -> Value {
    serde_json::from_str(&answers.asked()[at].body).expect("JSON")
}

fn in_form(dialect: Dialect) -> Value {
    request().to_json(dialect).expect("a body")
}

#[tokio::test]
async fn a_server_is_asked_once_what_it_is() {
    let flat = json!({"transport": {}, "inputSchema": {}, "outputSchema": {}});
    let cases = [
        (local(&flat, &json!({})), Dialect::Server1_2, "/api/v1/local/session"),
        (local(&flat, &json!({"budgetSettings": {}})), Dialect::Next, "/api/v1/local/session"),
        (local(&json!({"transport": {}, "schema": {}}), &json!({})), Dialect::Server1_1, "/api/v1/local/session"),
        (description(&["/api/v1/sessions/{namespace}"], &json!({})), Dialect::Nested, "/api/v1/sessions/default"),
    ];
    for (description, dialect, path) in cases {
        let answers = Answers::give([description, created(), created()]).await;
        let coral = at(&answers);
        let clone = coral.clone();
        coral.create_session(&request()).await.expect("a session");
        clone.create_session(&request()).await.expect("another");
        let post = format!("POST {path}");
        assert_eq!(answers.lines(), ["GET /api_v1.json", &post, &post], "{dialect:?}");
        assert_eq!(sent(&answers, 1), in_form(dialect), "{dialect:?}");
    }
}

#[tokio::test]
async fn many_who_ask_at_once_share_the_answer() {
    let list = || Answer::json(200, "[]");
    let answers = Answers::give([local(&json!({}), &json!({})), list(), list(), list()]).await;
    let coral = at(&answers);
    let (a, b, c) = tokio::join!(coral.namespaces(), coral.namespaces(), coral.namespaces());
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    let descriptions = answers.lines().iter().filter(|line| *line == "GET /api_v1.json").count();
    assert_eq!(descriptions, 1);
}

#[tokio::test]
async fn a_server_that_describes_nothing_is_taken_for_the_cloud() {
    for nothing in
        [Answer::json(404, r#"{"message": "Not found"}"#), Answer::with(200, "", "<html>"), Answer::json(200, "[]")]
    {
        let answers = Answers::give([nothing, created()]).await;
        at(&answers).create_session(&request()).await.expect("a session");
        assert_eq!(sent(&answers, 1), in_form(Dialect::Cloud));
    }
}

const NOT_DECODED: &str =
    r#"{"message": "Failed to convert request body to class org.coralprotocol.coralserver.session.SessionRequest"}"#;

#[tokio::test]
async fn a_form_that_is_not_understood_is_followed_by_the_next_and_that_is_remembered() {
    let nothing = Answer::with(404, "", "");
    let answers = Answers::give([nothing, Answer::json(500, NOT_DECODED), created(), created()]).await;
    let coral = at(&answers);
    coral.create_session(&request()).await.expect("a session");
    coral.create_session(&request()).await.expect("another");
    assert_eq!(answers.asked().len(), 4);
    let forms = [1, 2, 3].map(|i| sent(&answers, i));
    assert_eq!(forms, [in_form(Dialect::Cloud), in_form(Dialect::Server1_2), in_form(Dialect::Server1_2)]);
}

#[tokio::test]
async fn only_one_other_form_is_tried_and_only_of_a_server_that_is_not_known() {
    let nothing = Answer::with(404, "", "");
    let not_decoded = || Answer::json(500, NOT_DECODED);
    let answers = Answers::give([nothing, not_decoded(), not_decoded(), created()]).await;
    at(&answers).create_session(&request()).await.expect_err("no form was understood");
    assert_eq!(answers.asked().len(), 3);

    let answers = Answers::give([not_decoded(), created()]).await;
    at(&answers).dialect(Dialect::Cloud).create_session(&request()).await.expect_err("it was told");
    assert_eq!(answers.asked().len(), 1);

    let answers = Answers::give([local(&json!({}), &json!({})), not_decoded(), created()]).await;
    at(&answers).create_session(&request()).await.expect_err("the server said what it is");
    assert_eq!(answers.asked().len(), 2);
}

#[tokio::test]
async fn what_another_error_says_is_not_tried_in_another_form() {
    let nothing = Answer::with(404, "", "");
    let said = Answer::json(500, r#"{"message": "Agent graph contains duplicate agent names: {x=2}"}"#);
    let answers = Answers::give([nothing, said, created()]).await;
    at(&answers).create_session(&request()).await.expect_err("a wrong request");
    assert_eq!(answers.asked().len(), 2);
}

#[tokio::test]
async fn a_guess_can_say_the_request() {
    let budget = SessionBudget::new().budget(MicroCents::dollars(5));
    let answers = Answers::give([Answer::with(404, "", ""), created()]).await;
    let request: SessionRequest = request().budget(budget);
    at(&answers).create_session(&request).await.expect("a session");
    assert_eq!(sent(&answers, 1), request.to_json(Dialect::Next).expect("only there are budgets"));
}

#[tokio::test]
async fn paths_of_the_guide_that_are_not_there_are_tried_where_servers_have_them() {
    let state = r#"{"base": {"id": "s1", "status": {"type": "executed"}}, "agents": [], "threads": []}"#;
    for unknown in [Answer::with(404, "", ""), Answer::json(404, r#"{"message": "Not found"}"#)] {
        let answers =
            Answers::give([Answer::with(404, "", ""), unknown, Answer::json(200, state), Answer::json(200, state)])
                .await;
        let session = at(&answers).session("default", "s1");
        session.state().await.expect("a state");
        session.state().await.expect("again");
        let local = "GET /api/v1/local/session/default/s1/extended";
        assert_eq!(answers.lines(), ["GET /api_v1.json", "GET /api/v1/session/default/s1", local, local]);
    }
}

#[tokio::test]
async fn a_session_that_is_not_there_is_not_looked_for_elsewhere() {
    let gone = Answer::json(404, r#"{"message": "Session not found"}"#);
    let answers = Answers::give([Answer::with(404, "", ""), gone]).await;
    let error = at(&answers).session("default", "s1").state().await.expect_err("gone");
    assert_eq!((error.is_not_found(), answers.asked().len()), (true, 2));
}

#[tokio::test]
async fn a_server_that_is_not_reached_is_not_taken_for_anything() {
    let error = unknown().create_session(&request()).await.expect_err("nobody listens");
    assert!(error.to_string().starts_with("detecting the server version: request not sent"), "{error}");
}

#[tokio::test]
async fn trouble_is_not_taken_for_an_answer() {
    let refused = Answer::with(401, "", "");
    for (trouble, status) in [(Answer::with(503, "", ""), 503), (refused, 401), (Answer::with(500, "", ""), 500)] {
        let old = local(&json!({"transport": {}, "schema": {}}), &json!({}));
        let answers = Answers::give([trouble, old, created()]).await;
        let coral = at(&answers);
        let error = coral.create_session(&request()).await.expect_err("trouble");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        coral.create_session(&request()).await.expect("a session");
        assert_eq!(sent(&answers, 2), in_form(Dialect::Server1_1), "it was asked again");
    }
}

#[tokio::test]
async fn those_who_ask_at_once_share_the_trouble_too() {
    let answers = Answers::give([Answer::with(503, "", "")]).await;
    let coral = at(&answers);
    let (a, b, c) = tokio::join!(coral.namespaces(), coral.namespaces(), coral.namespaces());
    assert!(
        [a, b, c]
            .iter()
            .all(|list| list.as_ref().is_err_and(|error| error.status() == Some(StatusCode::SERVICE_UNAVAILABLE)))
    );
    assert_eq!(answers.lines(), ["GET /api_v1.json"]);
}

#[tokio::test]
async fn a_server_that_was_replaced_is_asked_again() {
    let flat = json!({"transport": {}, "inputSchema": {}});
    let (old, new) = (local(&json!({"schema": {}}), &json!({})), local(&flat, &json!({})));
    let answers = Answers::give([old, created(), Answer::json(500, NOT_DECODED), new, created()]).await;
    let coral = at(&answers);
    coral.create_session(&request()).await.expect("a session");
    coral.create_session(&request()).await.expect_err("it is another by now");
    coral.create_session(&request()).await.expect("a session");
    assert_eq!(sent(&answers, 4), in_form(Dialect::Server1_2));
}

#[tokio::test]
async fn settings_that_are_not_understood_are_sent_in_the_next_form() {
    let answers =
        Answers::give([Answer::with(404, "", ""), Answer::json(500, NOT_DECODED), Answer::with(200, "", "")]).await;
    let settings = coral_tools::session::RuntimeSettings::new().hold_after_exit(std::time::Duration::from_secs(1));
    at(&answers).session("default", "s1").execute(&settings).await.expect("executed");
    assert_eq!(sent(&answers, 2), settings.to_json(Dialect::Server1_2).expect("settings"));
}
