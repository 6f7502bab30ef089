//! Recorded calls.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::{advance, timeout};

use super::{Log, MINUTE, call, text};
use crate::store::{MemoryStore, Store, StoreError};

async fn record(store: &MemoryStore, session_id: &str, tool: &str, text: &str) {
    store.record_call(call(session_id, tool, text)).await.expect("recorded");
}

async fn take(store: &MemoryStore, session_id: &str, tools: &[&str]) -> Option<String> {
    store.take_call(session_id, tools).await.expect("a store").map(text)
}

async fn take_all(store: &MemoryStore, session_id: &str, tools: &[&str]) -> Vec<String> {
    let mut taken = Vec::new();
    while let Some(text) = take(store, session_id, tools).await {
        taken.push(text);
    }
    taken
}

#[tokio::test(start_paused = true)]
async fn a_call_is_delivered_once_to_its_session_and_tool() {
    let store = MemoryStore::new();
    record(&store, "s1", "a", "1").await;
    record(&store, "s1", "b", "2").await;
    record(&store, "s1", "a", "3").await;
    assert_eq!(take(&store, "s2", &["a", "b"]).await, None);
    assert_eq!(take(&store, "s1", &["c"]).await, None);
    assert_eq!(take(&store, "s1", &[]).await, None);
    assert_eq!(take(&store, "s1", &["b"]).await.as_deref(), Some("2"));
    assert_eq!(take_all(&store, "s1", &["b", "a"]).await, ["1", "3"]);
}

#[tokio::test(start_paused = true)]
async fn the_oldest_call_of_a_tool_is_dropped_with_one_line_in_the_log() {
    let store = MemoryStore::new().calls_per_tool(2);
    let (log, _guard) = Log::start();
    for text in ["1", "2", "3", "4"] {
        record(&store, "s1", "a", text).await;
    }
    record(&store, "s1", "b", "5").await;
    record(&store, "s2", "a", "6").await;
    assert_eq!(log.lines().len(), 1, "{:?}", log.lines());
    assert!(log.lines()[0].contains(r#"gen_ai.tool.name="a" gen_ai.conversation.id="s1""#), "{:?}", log.lines());
    assert_eq!(take_all(&store, "s1", &["a", "b"]).await, ["3", "4", "5"]);
    assert_eq!(take_all(&store, "s2", &["a"]).await, ["6"]);
}

#[tokio::test(start_paused = true)]
async fn a_limit_of_one_call_is_logged_once() {
    let store = MemoryStore::new().calls_per_tool(1);
    let (log, _guard) = Log::start();
    for text in ["1", "2", "3"] {
        record(&store, "s1", "a", text).await;
    }
    assert_eq!(log.lines().len(), 1, "{:?}", log.lines());
    assert_eq!(take_all(&store, "s1", &["a"]).await, ["3"]);
}

/// A limit of bytes that two calls of `large` fit into, and three do not.
const BYTES: usize = 30_000;

fn large(name: &str) -> String {
    name.repeat(10_000)
}

#[tokio::test(start_paused = true)]
async fn a_session_above_its_bytes_loses_only_its_own_calls() {
    let store = MemoryStore::new().bytes_per_session(BYTES);
    record(&store, "s1", "a", "other").await;
    for text in ["1", "2", "3"] {
        record(&store, "s2", "a", &large(text)).await;
    }
    assert_eq!(take_all(&store, "s2", &["a"]).await, [large("2"), large("3")]);
    assert_eq!(take_all(&store, "s1", &["a"]).await, ["other"]);
}

#[tokio::test(start_paused = true)]
async fn the_oldest_of_all_calls_is_dropped_above_the_bytes_of_the_store() {
    let store = MemoryStore::new().bytes(BYTES);
    for (session_id, text) in [("s1", "1"), ("s2", "2"), ("s3", "3")] {
        record(&store, session_id, "a", &large(text)).await;
    }
    assert_eq!(take(&store, "s1", &["a"]).await, None);
    assert_eq!(take_all(&store, "s2", &["a"]).await, [large("2")]);
    assert_eq!(take_all(&store, "s3", &["a"]).await, [large("3")]);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_exceeds_the_limit_alone_is_rejected_and_drops_nothing() {
    let store = MemoryStore::new().bytes(BYTES);
    record(&store, "s1", "a", "1").await;
    let rejected = store.record_call(call("s2", "a", &"x".repeat(BYTES))).await;
    assert!(matches!(rejected, Err(StoreError::Full(_))), "{rejected:?}");
    assert_eq!(take_all(&store, "s1", &["a"]).await, ["1"]);
    assert_eq!(take(&store, "s2", &["a"]).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_call_expires_after_its_retention() {
    let store = MemoryStore::new().call_retention(MINUTE);
    record(&store, "s1", "a", "1").await;
    advance(MINUTE / 2).await;
    record(&store, "s1", "a", "2").await;
    advance(MINUTE / 2).await;
    assert_eq!(take_all(&store, "s1", &["a"]).await, ["2"]);
    record(&store, "s1", "a", "3").await;
    advance(MINUTE).await;
    assert!(store.call_recorded("s1", &["a"]).now_or_never().is_none());
    assert_eq!(take(&store, "s1", &["a"]).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_retention_without_end_is_valid() {
    let store = MemoryStore::new().call_retention(Duration::MAX);
    record(&store, "s1", "a", "1").await;
    assert_eq!(take(&store, "s1", &["a"]).await.as_deref(), Some("1"));
}

#[tokio::test(start_paused = true)]
async fn every_waiting_reader_is_notified_of_a_call() {
    let store = Arc::new(MemoryStore::new());
    let wait = |tools: &'static [&'static str]| {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.call_recorded("s1", tools).await })
    };
    let (first, second, other) = (wait(&["a"]), wait(&["a", "b"]), wait(&["b"]));
    tokio::task::yield_now().await;
    record(&store, "s2", "a", "0").await;
    record(&store, "s1", "a", "1").await;
    first.await.expect("no panic").expect("a call");
    second.await.expect("no panic").expect("a call");
    assert!(timeout(MINUTE, other).await.is_err());
    assert_eq!(take_all(&store, "s1", &["a"]).await, ["1"], "a reader that waits takes nothing");
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_stops_waiting_leaves_nothing() {
    let store = MemoryStore::new();
    for session in 0..1000 {
        let session_id = session.to_string();
        let waited = timeout(Duration::from_millis(1), store.call_recorded(&session_id, &["a"])).await;
        assert!(waited.is_err());
    }
    record(&store, "s1", "a", "1").await;
    assert_eq!(take(&store, "s1", &["a"]).await.as_deref(), Some("1"));
    assert_eq!(store.calls().session_count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_forgotten_session_has_no_calls() {
    let store = MemoryStore::new();
    for session_id in ["s1", "s2"] {
        record(&store, session_id, "a", session_id).await;
        record(&store, session_id, "b", session_id).await;
    }
    store.forget_session("s1").await.expect("forgotten");
    store.forget_session("unknown").await.expect("forgotten");
    assert_eq!(take(&store, "s1", &["a", "b"]).await, None);
    assert_eq!(take_all(&store, "s2", &["a", "b"]).await, ["s2", "s2"]);
    assert_eq!(store.calls().session_count(), 0);
}
