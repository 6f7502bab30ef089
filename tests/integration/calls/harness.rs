//! Awaited calls without a socket, and which calls are recorded.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use coral_tools::calls::NextCallError;
use coral_tools::store::MemoryStore;
use coral_tools::testing::Harness;
use coral_tools::{Coral, SessionValue, Sessions, State, ToolError, Toolset, coral_tool, toolset};
use serde_json::{Value, json};

use super::submit_report;

#[derive(Clone, Default)]
struct Saved(Arc<Mutex<Vec<String>>>);

/// Saves a string.
#[coral_tool]
async fn save(
    text: String,
    #[arg(minimum = 1, default = 3)] copies: u8,
    tags: Option<Vec<String>>,
    #[context] State(saved): State<Saved>,
) -> Result<usize, ToolError> {
    if text.is_empty() {
        return Err(ToolError::new("the text is empty"));
    }
    let mut saved = saved.0.lock().expect("not poisoned");
    saved.push(format!("{text} {copies} {tags:?}"));
    Ok(saved.len())
}

/// Panics.
#[coral_tool]
fn panic_now() {
    panic!("a bug")
}

fn tools() -> Toolset<Saved> {
    toolset![save, panic_now].with_store(MemoryStore::new())
}

#[tokio::test]
async fn the_function_runs_and_its_result_is_recorded_before_the_agent_receives_it() {
    let saved = Saved::default();
    let harness = Harness::new(&tools(), saved.clone()).in_session("s1").by_agent("writer");
    let response = harness.call(("save", json!({"text": "a"}))).await;
    assert_eq!(response.value::<usize>(), Ok(1));
    let recorded = harness.calls().expect("a store").take_call::<coral_tools::calls::Received<save>>().await;
    let recorded = recorded.expect("a store").expect("recorded before the response");
    assert_eq!(recorded.arguments.text, "a");
    assert_eq!(recorded.result, response.text().as_bytes());
    assert_eq!(*saved.0.lock().expect("not poisoned"), ["a 3 None"]);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_is_not_recorded() {
    let harness = Harness::new(&tools(), Saved::default());
    for (tool, arguments) in
        [("save", json!({"text": ""})), ("save", json!({"text": 1})), ("save", json!({})), ("panic_now", json!({}))]
    {
        assert!(!harness.call((tool, &arguments)).await.is_success(), "{tool} {arguments}");
    }
    assert!(harness.calls().expect("a store").take_call::<save>().await.expect("a store").is_none());
    let error = harness.next_call::<panic_now>().await.expect_err("no call");
    assert!(matches!(error, NextCallError::TimedOut { .. }), "{error}");
}

#[tokio::test]
async fn awaited_arguments_are_those_that_the_function_received() {
    let saved = Saved::default();
    let harness = Harness::new(&tools(), saved.clone());
    let cases: [Value; 6] = [
        json!({"text": "a"}),
        json!({"text": "a", "copies": 2.0}),
        json!({"text": "a", "copies": null, "tags": null}),
        json!({"tags": [], "copies": 255, "text": "\u{0}ß"}),
        json!({"text": "a", "tags": ["b", "c"]}),
        json!({"text": " "}),
    ];
    for arguments in cases {
        assert!(harness.call(("save", &arguments)).await.is_success(), "{arguments}");
        let save { text, copies, tags } = harness.next_call::<save>().await.expect("a call");
        let received = saved.0.lock().expect("not poisoned").pop();
        assert_eq!(received, Some(format!("{text} {copies} {tags:?}")), "{arguments}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_can_be_awaited_before_it_arrives() {
    let tools: Toolset = toolset![submit_report].with_store(MemoryStore::new());
    let harness = Harness::new(&tools, ()).in_session("s1");
    let (call, response) = tokio::join!(harness.next_call::<submit_report>(), async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        harness.call(("submit_report", json!({"title": "Q4"}))).await
    });
    assert_eq!(call.expect("a call").title, "Q4");
    assert_eq!(response.json(), &json!({"success": true}));
    let other = harness.clone().in_session("s2");
    assert!(other.next_call::<submit_report>().await.is_err(), "calls belong to their session");
}

#[tokio::test]
async fn a_toolset_without_a_store_records_nothing() {
    let tools: Toolset<Saved> = toolset![save];
    let error = Harness::new(&tools, Saved::default()).next_call::<save>().await.expect_err("no store");
    assert!(matches!(error, NextCallError::NoStore { .. }), "{error}");
}

#[test]
fn a_tool_without_a_body_needs_a_store() {
    let tools: Toolset = toolset![submit_report];
    let errors = tools.check().expect_err("no store").to_string();
    assert_eq!(
        errors,
        "tool `submit_report`: it has no body, and its calls are not recorded; add a store with `Toolset::with_store`"
    );
    assert!(tools.custom_tools("https://app.example").is_err());
    tools.with_store(MemoryStore::new()).check().expect("a store");
}

/// Votes.
#[coral_tool]
fn vote(choice: String, #[context] _: SessionValue<()>);

#[tokio::test]
async fn a_call_whose_context_is_rejected_is_not_recorded() {
    let sessions = Sessions::new(Coral::server("http://localhost:5555", "key"));
    sessions.insert_for_test("known", ());
    let tools: Toolset<Sessions<()>> = toolset![vote].with_store(MemoryStore::new());
    for (session, status, is_recorded) in [("known", 200, true), ("unknown", 400, false)] {
        let harness = Harness::new(&tools, sessions.clone()).in_session(session);
        assert_eq!(harness.call(vote { choice: "tea".into() }).await.status(), Some(status), "{session}");
        let recorded = harness.calls().expect("a store").take_call::<vote>().await.expect("a store");
        assert_eq!(recorded.is_some(), is_recorded, "{session}");
    }
}
