//! The cache of read-only tools.

use std::time::Duration;

use coral_tools::middleware::{CacheScope, ReadOnlyCache};
use coral_tools::testing::Harness;
use coral_tools::{Call, State, ToolError, Toolset, coral_tool, toolset};
use serde_json::{Value, json};

use super::Events;

/// Returns the sum.
#[coral_tool(read_only)]
fn sum(a: i128, b: i128, #[context] State(events): State<Events>) -> Result<String, ToolError> {
    events.add("sum");
    if b == 0 { Err(ToolError::new("nothing to add")) } else { Ok((a + b).to_string()) }
}

/// Writes it.
#[coral_tool]
fn write(text: String, #[context] State(events): State<Events>) {
    events.add(text);
}

/// A session whose calls are counted.
struct Session {
    harness: Harness,
    events: Events,
}

impl Session {
    fn new(cache: ReadOnlyCache) -> Self {
        let (tools, events): (Toolset<Events>, _) = (toolset![sum, write], Events::default());
        let harness = Harness::new(&tools.with(cache), events.clone()).in_session("s").in_namespace("n");
        Self { harness, events }
    }

    /// Returns the text of the result, and whether the tool ran.
    async fn call(&self, tool: &str, arguments: Value) -> (String, bool) {
        let text = self.harness.call((tool, arguments)).await.text().to_owned();
        (text, !self.events.take().is_empty())
    }

    async fn runs(&self, a: i64) -> bool {
        self.call("sum", json!({"a": a, "b": 1})).await.1
    }

    fn in_session(&self, id: &str) -> Self {
        Self { harness: self.harness.clone().in_session(id), events: self.events.clone() }
    }

    fn in_namespace(&self, name: &str) -> Self {
        Self { harness: self.harness.clone().in_namespace(name), events: self.events.clone() }
    }
}

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn a_call_with_the_same_arguments_has_the_earlier_result_until_it_expires() {
    let session = Session::new(ReadOnlyCache::new(MINUTE));
    let result = r#"{"result":"3"}"#.to_owned();
    assert_eq!(session.call("sum", json!({"a": 1, "b": 2})).await, (result.clone(), true));
    let other_order = session.harness.call(("sum", r#"{ "b" : 2, "a" : 1 }"#)).await;
    assert_eq!((other_order.text(), session.events.take().len()), (result.as_str(), 0));
    assert!(session.call("sum", json!({"a": 2, "b": 1})).await.1);
    tokio::time::sleep(MINUTE).await;
    assert_eq!(session.call("sum", json!({"a": 1, "b": 2})).await, (result, true));
}

#[tokio::test]
async fn only_successes_of_read_only_tools_are_kept() {
    let session = Session::new(ReadOnlyCache::new(MINUTE));
    for (tool, arguments) in [("sum", json!({"a": 1, "b": 0})), ("write", json!({"text": "x"}))] {
        assert!(session.call(tool, arguments.clone()).await.1);
        assert!(session.call(tool, arguments.clone()).await.1, "{tool}");
    }
}

#[tokio::test]
async fn large_integers_are_not_confused() {
    let tools: Toolset<Events> = toolset![sum];
    let tools = tools.with(ReadOnlyCache::new(MINUTE).scope(CacheScope::All));
    for (a, expected) in
        [("36893488147419103232", "36893488147419103233"), ("36893488147419103233", "36893488147419103234")]
    {
        let arguments = format!(r#"{{"a": {a}, "b": 1}}"#);
        let outcome = tools.dispatch(Call::new("sum", arguments.as_bytes()), &Events::default()).await;
        assert_eq!(outcome.into_json(), format!(r#"{{"result":"{expected}"}}"#).into_bytes());
    }
}

#[tokio::test]
async fn results_are_shared_within_the_scope() {
    for (scope, same_namespace, other_namespace) in
        [(CacheScope::Session, true, true), (CacheScope::Namespace, false, true), (CacheScope::All, false, false)]
    {
        let session = Session::new(ReadOnlyCache::new(MINUTE).scope(scope));
        assert!(session.runs(1).await);
        assert!(!session.runs(1).await);
        assert_eq!(session.in_session("other").runs(1).await, same_namespace, "{scope:?}");
        let elsewhere = session.in_session("third").in_namespace("other");
        assert_eq!(elsewhere.runs(1).await, other_namespace, "{scope:?}");
    }
}

#[tokio::test]
async fn the_result_that_was_used_least_recently_is_dropped() {
    let session = Session::new(ReadOnlyCache::new(MINUTE).capacity(2, 1 << 20));
    let mut runs = Vec::new();
    for a in [1, 2, 1, 3, 1, 2] {
        runs.push(session.runs(a).await);
    }
    assert_eq!(runs, [true, true, false, true, false, true]);
}

#[tokio::test]
async fn the_bytes_of_all_results_are_bounded() {
    let session = Session::new(ReadOnlyCache::new(MINUTE).capacity(1000, 90));
    let mut runs = Vec::new();
    for a in [1, 1, 2, 1] {
        runs.push(session.runs(a).await);
    }
    assert_eq!(runs, [true, false, true, true], "two results have more than 90 bytes");
    let none = Session::new(ReadOnlyCache::new(MINUTE).capacity(1000, 10));
    assert!(none.runs(1).await && none.runs(1).await);
}
