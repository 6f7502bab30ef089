//! Calls beside others that hang, block their threads, or panic.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use coral_tools::testing::{AgentView, CallerError};
use coral_tools::{State, Toolset, WebhookConfig, coral_tool, toolset};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{self, error::TryRecvError};
use tokio::task::JoinHandle;
use tokio::time::advance;

use super::{BASE, app_state, coral, secret, tools};

/// Starts calls of `wait` and waits until they run.
async fn start_waiting(
    app: &Router,
    started: &mut mpsc::UnboundedReceiver<()>,
    calls: usize,
) -> Vec<JoinHandle<Result<AgentView, CallerError>>> {
    let mut running = Vec::new();
    for _ in 0..calls {
        running.push(start(app, "wait", "null"));
        started.recv().await.expect("a call runs");
    }
    running
}

fn start(app: &Router, tool: &'static str, arguments: &'static str) -> JoinHandle<Result<AgentView, CallerError>> {
    let app = app.clone();
    tokio::spawn(async move { coral().call_in_process(app, &format!("{BASE}/{tool}"), arguments).await })
}

async fn status(app: &Router, tool: &'static str, arguments: &'static str) -> Option<u16> {
    start(app, tool, arguments).await.expect("no panic").expect("a response").status()
}

#[tokio::test]
async fn one_tool_uses_at_most_half_of_the_permits() {
    let (state, mut control) = app_state();
    let app = tools().webhooks(WebhookConfig::new(secret()).concurrency(8)).with_state(state);
    let running = start_waiting(&app, &mut control.started, 4).await;
    assert_eq!(status(&app, "wait", "null").await, Some(503));
    assert_eq!(status(&app, "echo", "null").await, Some(200));
    running.iter().for_each(JoinHandle::abort);
    for call in running {
        assert!(call.await.is_err_and(|error| error.is_cancelled()));
    }
    start_waiting(&app, &mut control.started, 4).await;
}

#[tokio::test]
async fn the_share_of_a_tool_is_configurable() {
    let (state, mut control) = app_state();
    let app = tools().webhooks(WebhookConfig::new(secret()).concurrency(8).tool_concurrency(7)).with_state(state);
    start_waiting(&app, &mut control.started, 7).await;
    assert_eq!(status(&app, "wait", "null").await, Some(503));
    assert_eq!(status(&app, "echo", "null").await, Some(200));
}

#[tokio::test]
async fn the_only_tool_may_use_all_permits() {
    let (state, mut control) = app_state();
    let only = tools();
    let names: Vec<String> = only.descriptors().map(|tool| tool.name().to_owned()).collect();
    for name in names.iter().filter(|name| *name != "wait") {
        only.remove(name);
    }
    let app = only.webhooks(WebhookConfig::new(secret()).concurrency(8)).with_state(state);
    start_waiting(&app, &mut control.started, 8).await;
    assert_eq!(status(&app, "wait", "null").await, Some(503));
}

/// The state of an application with a blocking tool.
#[derive(Debug, Clone)]
struct Payments {
    begun: mpsc::UnboundedSender<u32>,
    gate: Arc<Gate>,
}

/// Blocks threads until it is open.
#[derive(Debug, Default)]
struct Gate {
    is_open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    fn wait(&self) {
        let is_open = self.is_open.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.opened.wait_while(is_open, |is_open| !*is_open));
    }

    fn open(&self) {
        *self.is_open.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.opened.notify_all();
    }
}

/// Pays an invoice. Blocks its thread until the gate is open.
#[coral_tool(blocking)]
fn pay(number: u32, #[context] State(payments): State<Payments>) {
    let _sent = payments.begun.send(number);
    payments.gate.wait();
}

/// Responds immediately.
#[coral_tool]
async fn ping() {}

/// Runs a test in a runtime with one thread for blocking work and paused time.
fn with_one_blocking_thread<F: Future<Output = ()>>(
    test: impl FnOnce(Router, Arc<Gate>, mpsc::UnboundedReceiver<u32>) -> F,
) {
    let (begun, received) = mpsc::unbounded_channel();
    let payments = Payments { begun, gate: Arc::default() };
    let gate = Arc::clone(&payments.gate);
    let tools: Toolset<Payments> = toolset![pay, ping];
    let app = tools.webhooks(WebhookConfig::new(secret()).concurrency(4)).with_state(payments);
    one_blocking_thread().block_on(test(app, gate, received));
}

fn one_blocking_thread() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.enable_all().start_paused(true).max_blocking_threads(1).build().expect("a runtime")
}

/// Longer than any deadline, also counted from a later start.
const LATER: Duration = Duration::from_secs(600);

/// Waits until the thread for blocking work has done what it was given before.
async fn thread_is_free() {
    tokio::task::spawn_blocking(|| ()).await.expect("no panic");
}

#[test]
fn a_blocking_call_that_has_not_begun_at_its_deadline_never_begins() {
    with_one_blocking_thread(async |app, gate, mut begun| {
        let first = start(&app, "pay", r#"{"number": 1}"#);
        assert_eq!(begun.recv().await, Some(1));
        let second = start(&app, "pay", r#"{"number": 2}"#);
        tokio::task::yield_now().await;
        advance(LATER).await;
        let first = first.await.expect("no panic").expect("a response").text;
        assert!(first.contains("within 12 s and continues without a result"), "{first}");
        let second = second.await.expect("no panic").expect("a response").text;
        assert!(second.contains("could not start within 12 s and had no effect"), "{second}");
        gate.open();
        thread_is_free().await;
        assert_eq!(begun.try_recv(), Err(TryRecvError::Empty), "the second call never begins");
    });
}

#[test]
fn a_blocking_call_that_has_not_begun_when_its_client_disconnects_never_begins() {
    with_one_blocking_thread(async |app, gate, mut begun| {
        let first = start(&app, "pay", r#"{"number": 1}"#);
        assert_eq!(begun.recv().await, Some(1));
        let second = start(&app, "pay", r#"{"number": 2}"#);
        tokio::task::yield_now().await;
        second.abort();
        assert!(second.await.is_err_and(|error| error.is_cancelled()));
        gate.open();
        assert_eq!(first.await.expect("no panic").expect("a response").status(), Some(200));
        thread_is_free().await;
        assert_eq!(begun.try_recv(), Err(TryRecvError::Empty), "the second call never begins");
    });
}

#[test]
fn a_blocking_call_holds_its_permit_until_its_thread_is_free_and_async_tools_keep_working() {
    with_one_blocking_thread(async |app, gate, mut begun| {
        // Half of the four permits are for blocking tools.
        let calls = [start(&app, "pay", r#"{"number": 1}"#), start(&app, "pay", r#"{"number": 2}"#)];
        assert_eq!(begun.recv().await, Some(1));
        tokio::task::yield_now().await;
        assert_eq!(status(&app, "pay", r#"{"number": 3}"#).await, Some(503));
        assert_eq!(status(&app, "ping", "null").await, Some(200));

        advance(LATER).await;
        for call in calls {
            let status = call.await.expect("no panic").expect("a response").status();
            assert_eq!(status, Some(200), "a failure that the agent reads");
        }
        // The first call still holds one permit; the second, which will never begin, holds none.
        let fourth = start(&app, "pay", r#"{"number": 4}"#);
        tokio::task::yield_now().await;
        advance(LATER).await;
        assert_eq!(fourth.await.expect("no panic").expect("a response").status(), Some(200));
        gate.open();
        thread_is_free().await;
        assert_eq!(begun.try_recv(), Err(TryRecvError::Empty));
    });
}

#[test]
fn the_permits_of_blocking_tools_are_configurable_and_free_with_their_threads() {
    let (begun, mut received) = mpsc::unbounded_channel();
    let payments = Payments { begun, gate: Arc::default() };
    let gate = Arc::clone(&payments.gate);
    let tools: Toolset<Payments> = toolset![pay, ping];
    let app = tools.webhooks(WebhookConfig::new(secret()).blocking_concurrency(1)).with_state(payments);
    one_blocking_thread().block_on(async {
        let call = start(&app, "pay", r#"{"number": 1}"#);
        assert_eq!(received.recv().await, Some(1));
        advance(LATER).await;
        assert_eq!(call.await.expect("no panic").expect("a response").status(), Some(200));
        assert_eq!(status(&app, "pay", r#"{"number": 2}"#).await, Some(503), "the thread is not free");
        gate.open();
        thread_is_free().await;
        assert_eq!(status(&app, "pay", r#"{"number": 3}"#).await, Some(200));
    });
}

/// A value whose drop panics.
struct PanicsOnDrop;

impl Drop for PanicsOnDrop {
    fn drop(&mut self) {
        panic!("hunter2");
    }
}

/// Hangs with a value whose drop panics.
#[coral_tool]
async fn hang_with_a_panic() {
    let _value = PanicsOnDrop;
    std::future::pending::<()>().await;
}

/// Panics with a value whose drop panics.
#[coral_tool]
async fn panic_with_a_panic() {
    std::panic::panic_any(PanicsOnDrop);
}

#[tokio::test(start_paused = true)]
async fn a_panic_while_a_future_or_a_panic_is_dropped_is_answered_like_any_panic() {
    let tools: Toolset = toolset![hang_with_a_panic, panic_with_a_panic];
    let app: Router = tools.webhooks(secret());
    for tool in ["hang_with_a_panic", "panic_with_a_panic"] {
        let view = start(&app, tool, "null").await.expect("no panic").expect("a response");
        assert_eq!(view.text, r#"{"success":false,"error":"the tool failed"}"#, "{tool}");
    }
}
