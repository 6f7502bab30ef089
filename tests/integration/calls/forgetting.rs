//! When a store forgets the calls of a session.

use std::sync::Arc;

use coral_tools::store::Store;
use futures_util::FutureExt;
use tokio::time::timeout;

use super::LONG;
use super::setup::{Application, agent, report, stay};

const TOOL: &[&str] = &["submit_report"];

fn store(application: &Application) -> Arc<dyn Store> {
    application.tools.store().expect("a store").clone()
}

fn has_call(store: &Arc<dyn Store>, session_id: &str) -> bool {
    store.call_recorded(session_id, TOOL).now_or_never().is_some()
}

async fn wait_until_forgotten(store: &Arc<dyn Store>, session_id: &str) {
    let forgotten = async {
        while has_call(store, session_id) {
            tokio::task::yield_now().await;
        }
    };
    timeout(LONG, forgotten).await.expect("forgotten");
}

#[tokio::test]
async fn the_calls_of_a_session_that_has_ended_are_forgotten_with_its_last_owner() {
    let application = Application::start().await;
    let store = store(&application);
    let session = application.session([agent("writer", &[report("Q4")])]).await;
    let other_owner = session.clone();
    session.wait_until_ended(LONG).await.expect("ended");
    let id = session.id().to_owned();
    drop(session);
    tokio::task::yield_now().await;
    assert!(has_call(&store, &id), "the other owner can take it");
    drop(other_owner);
    wait_until_forgotten(&store, &id).await;
}

#[tokio::test]
async fn the_calls_of_a_closed_session_are_forgotten() {
    let application = Application::start().await;
    let store = store(&application);
    let session = application.session([agent("writer", &[report("Q4"), stay()])]).await;
    let id = session.id().to_owned();
    timeout(LONG, store.call_recorded(&id, TOOL)).await.expect("in time").expect("a call");
    session.close().await.expect("closed");
    assert!(has_call(&store, &id), "until the session is dropped");
    drop(session);
    wait_until_forgotten(&store, &id).await;
}

#[tokio::test]
async fn the_calls_of_a_running_session_are_kept() {
    let application = Application::start().await;
    let store = store(&application);
    let session = application.session([agent("writer", &[report("Q4"), stay()])]).await;
    let id = session.id().to_owned();
    timeout(LONG, store.call_recorded(&id, TOOL)).await.expect("in time").expect("a call");
    drop(session);
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert!(has_call(&store, &id));
}
