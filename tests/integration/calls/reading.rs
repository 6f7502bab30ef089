//! `SessionCalls`: reading from a store.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use coral_tools::calls::{NextCallError, Received, SessionCalls};
use coral_tools::store::{MemoryStore, RecordedCall, Store};
use coral_tools::{Call, Deferred, ToolError, Toolset, coral_tool, toolset};
use futures_util::StreamExt;
use tokio::time::timeout;

use super::submit_report;

fn recorded(arguments: &str) -> RecordedCall {
    RecordedCall {
        session_id: "s1".to_owned(),
        tool: "submit_report".to_owned(),
        agent_name: None,
        recorded_at: SystemTime::now(),
        key: "k".to_owned(),
        arguments: arguments.as_bytes().to_vec(),
        result: b"{}".to_vec(),
    }
}

fn calls() -> (Arc<dyn Store>, SessionCalls) {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    (store.clone(), SessionCalls::new(store, "s1"))
}

#[tokio::test]
async fn a_call_of_another_version_is_returned_in_the_error() {
    let (store, calls) = calls();
    let old = recorded(r#"{"headline": "secret"}"#);
    for call in [old.clone(), old.clone(), recorded(r#"{"title": "new"}"#)] {
        store.record_call(call).await.expect("recorded");
    }
    let error = calls.next_received::<submit_report>().await.expect_err("another version");
    assert!(error.to_string().starts_with("a recorded call of `submit_report` has arguments of another version; "));
    assert!(!format!("{error} {error:?}").contains("secret"));
    let NextCallError::Arguments { call, problems } = error else { panic!("{error}") };
    assert_eq!((*call, problems.is_empty()), (old, false), "nothing is lost");

    let mut stream = calls.calls::<submit_report>();
    assert!(matches!(stream.next().await, Some(Err(NextCallError::Arguments { .. }))));
    assert_eq!(stream.next().await.expect("the stream continues").expect("a call").title, "new");
}

#[tokio::test(start_paused = true)]
async fn a_future_that_is_dropped_takes_no_call() {
    let (store, calls) = calls();
    let record = async {
        for number in 0..100 {
            tokio::time::sleep(Duration::from_millis(7)).await;
            store.record_call(recorded(&format!(r#"{{"title": "{number}"}}"#))).await.expect("recorded");
        }
    };
    let read = async {
        let mut titles = Vec::new();
        while titles.len() < 100 {
            // Most of these futures are dropped.
            if let Ok(call) = timeout(Duration::from_millis(2), calls.next_call::<submit_report>()).await {
                titles.push(call.expect("a call").title);
            }
        }
        titles
    };
    let (titles, ()) = tokio::join!(read, record);
    assert_eq!(titles, (0..100).map(|number| number.to_string()).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn each_call_is_returned_to_one_of_several_readers() {
    let (store, calls) = calls();
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let calls = calls.clone();
            tokio::spawn(async move {
                let mut titles = Vec::new();
                while let Ok(call) = timeout(Duration::from_secs(1), calls.next_call::<Received<submit_report>>()).await
                {
                    titles.push(call.expect("a call").arguments.title);
                }
                titles
            })
        })
        .collect();
    for number in 0..50 {
        store.record_call(recorded(&format!(r#"{{"title": "{number}"}}"#))).await.expect("recorded");
        tokio::task::yield_now().await;
    }
    let mut titles = Vec::new();
    for reader in readers {
        titles.extend(reader.await.expect("no panic"));
    }
    titles.sort_by_key(|title| title.parse::<u32>().expect("a number"));
    assert_eq!(titles, (0..50).map(|number| number.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_forgotten_session_has_no_calls() {
    let (store, calls) = calls();
    store.record_call(recorded(r#"{"title": "Q4"}"#)).await.expect("recorded");
    calls.forget().await.expect("forgotten");
    assert!(calls.take_call::<submit_report>().await.expect("a store").is_none());
}

/// Returns the time at which it runs, in nanoseconds.
#[coral_tool]
fn clock() -> Deferred<u64> {
    Deferred::new(async {
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
        Ok::<_, ToolError>(u64::try_from(since_1970.as_nanos()).expect("before 2554"))
    })
}

#[tokio::test]
async fn a_call_is_recorded_at_its_end() {
    let tools: Toolset = toolset![clock].with_store(MemoryStore::new());
    let outcome = tools.dispatch(Call::new("clock", b"{}").in_session("s1"), &()).await;
    let json: serde_json::Value = serde_json::from_slice(&outcome.into_json()).expect("JSON");
    let ran_at = SystemTime::UNIX_EPOCH + Duration::from_nanos(json["result"].as_u64().expect("a time"));
    let store = tools.store().expect("the store");
    let recorded = store.take_call("s1", &["clock"]).await.expect("no failure").expect("a call");
    assert!(recorded.recorded_at >= ran_at);
}
