//! Lessons, with a client that requests what the page requests.

use coral_stand_in::coral::{AgentType, CoralStandIn, TestServer};
use coral_tools::WebhookConfig;
use coral_tools::testing::CoralCaller;
use futures_util::future::join_all;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::client::PageClient;
use super::{App, LONG, SECOND, running, server};
use crate::lesson::MAX_LINES;

#[tokio::test(flavor = "multi_thread")]
async fn a_question_after_more_than_the_limit_of_a_call_is_answered() {
    let (server, mut results) = server(|builder| builder.call_timeout(3 * SECOND)).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let webhooks = WebhookConfig::new(server.custom_tool_secret());
    // A call waits for a second less.
    let webhooks = webhooks.timeout(2 * SECOND);
    let app = App::start_on(listener, &server, webhooks, 2 * SECOND);
    let browser = PageClient::open(&app.url).await;
    let mut answers = browser.answers().await;
    answers.until("What would you like").await;
    if server.stand_in().is_some() {
        for _ in 0..4 {
            let result = timeout(LONG, results.recv()).await.expect("in time").expect("a result");
            assert_eq!(result, r#"{"question":null}"#);
        }
    } else {
        // A real server has a limit of 15 s, and its agents' results are not visible here.
        tokio::time::sleep(17 * SECOND).await;
    }
    assert_eq!(browser.ask("life").await, 202);
    let events = answers.until("42").await;
    assert_eq!(events.matches("event: prompt").count(), 1, "{events}");
    for question in ["a", "b"] {
        assert_eq!(browser.ask(question).await, 202);
    }
    answers.until("About b").await;

    // The page is loaded again, and closed.
    drop(answers);
    let mut answers = browser.answers().await;
    let events = answers.until("About b").await;
    assert_eq!(events.matches("event: answer").count(), 3, "{events}");
    drop(answers);
    app.wait_until_closed(&server).await;
    assert_eq!(browser.ask("c").await, 404);
}

/// Returns the id of the last event.
fn last_id(events: &str) -> &str {
    events.lines().filter_map(|line| line.strip_prefix("id: ")).next_back().expect("an id")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_learns_that_the_agent_has_left() {
    let (server, _results) = server(|builder| builder).await;
    let app = App::start(&server).await;
    let browser = PageClient::open(&app.url).await;
    let mut answers = browser.answers().await;
    browser.ask("enough?").await;
    answers.until("event: answer").await;
    let events = answers.until("event: end").await.to_owned();
    assert_eq!(browser.ask("more?").await, 404);
    drop(answers);
    app.wait_until_closed(&server).await;
    // The page is loaded again, or connects again after an event of the earlier lesson, which has other lines.
    browser.answers().await.until("What would you like").await;
    let last = last_id(&events);
    browser.answers_after(last).await.until("What would you like").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_lessons_at_once_are_known_from_their_first_call_on() {
    let (server, _results) = server(|builder| builder).await;
    let app = App::start(&server).await;
    let count = if server.stand_in().is_some() { 100 } else { 8 };
    join_all((0..count).map(async |number: usize| {
        let browser = PageClient::open(&app.url).await;
        let mut answers = browser.answers().await;
        browser.ask(&format!("number {number}.")).await;
        answers.until(&format!("About number {number}.")).await;
    }))
    .await;
    assert_eq!(app.sessions.close_all(20 * SECOND).await, 0);
    assert_eq!(running(&server).await, 0);

    let stranger = CoralCaller::new(server.custom_tool_secret());
    let url = format!("{}/coral/request_question", app.url);
    let view = stranger.call(&url, json!({"message": "x"})).await.expect("a call");
    assert_eq!(view.text, "Error code 400 returned");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_given_until_it_is_answered() {
    let (sender, mut ids) = mpsc::unbounded_channel();
    let builder = CoralStandIn::builder().agent(AgentType::local("tutor", "1.0.0"), move |agent| {
        sender.send(agent.session_id().to_owned()).expect("a test");
        std::future::pending()
    });
    let server = TestServer::from(builder.start().await.expect("a stand-in"));
    let app = App::start(&server).await;
    let browser = PageClient::open(&app.url).await;
    let mut answers = browser.answers().await;
    let caller = CoralCaller::new(server.custom_tool_secret()).in_session(ids.recv().await.expect("a session"));
    let tool = |name: &str| format!("{}/coral/{name}", app.url);
    let message = json!({"message": "?"});
    let request = async || caller.call(&tool("request_question"), message.clone()).await.expect("a call").text;
    let answer = async |response: &str| {
        caller.call(&tool("answer_question"), json!({"response": response})).await.expect("a call").text
    };

    let cut_off = caller.clone().timeout(SECOND).call(&tool("request_question"), message.clone()).await;
    assert_eq!(cut_off.expect("a call").text, "Unknown error");
    answers.until("event: prompt").await;
    for question in ["one", "two"] {
        assert_eq!(browser.ask(question).await, 202);
    }
    // The response with the question may be lost, so the agent receives it again.
    for _ in 0..2 {
        let text = request().await;
        assert!(text.contains("one"), "{text}");
    }
    // So may the response to an answer.
    for _ in 0..2 {
        assert_eq!(answer("1").await, r#"{"success":true}"#);
    }
    let text = answer("2").await;
    assert!(text.contains("call request_question"), "{text}");
    let text = request().await;
    assert!(text.contains("two"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_before_a_lost_connection_are_not_repeated() {
    let (server, _results) = server(|builder| builder).await;
    let app = App::start(&server).await;
    let browser = PageClient::open(&app.url).await;
    let mut answers = browser.answers().await;
    browser.ask("life").await;
    let events = answers.until("About life").await.to_owned();
    let last = last_id(&events);
    drop(answers);
    let mut answers = browser.answers_after(last).await;
    browser.ask("death").await;
    let events = answers.until("About death").await;
    assert!(!events.contains("life"), "{events}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_events_end_at_a_shutdown() {
    let (server, _results) = server(|builder| builder).await;
    let app = App::start(&server).await;
    let browser = PageClient::open(&app.url).await;
    let mut answers = browser.answers().await;
    answers.until("event: prompt").await;
    app.shutdown.request();
    answers.until("event: end").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_are_bounded() {
    let server = TestServer::from(
        CoralStandIn::builder()
            .agent(AgentType::local("tutor", "1.0.0"), |_| std::future::pending())
            .start()
            .await
            .expect("a stand-in"),
    );
    let app = App::start(&server).await;
    let browser = PageClient::open(&app.url).await;
    assert_eq!(browser.ask("before the lesson").await, 404);
    let _answers = browser.answers().await;
    assert_eq!(browser.ask("  ").await, 422);
    assert_eq!(browser.ask(&"x".repeat(10_001)).await, 422);
    for _ in 0..MAX_LINES {
        assert_eq!(browser.ask("?").await, 202);
    }
    assert_eq!(browser.ask("?").await, 429);
    let without_cookie = reqwest::get(format!("{}/answers", app.url)).await.expect("a response");
    assert_eq!(without_cookie.status(), 400);
}
