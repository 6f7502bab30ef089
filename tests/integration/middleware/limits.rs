//! Limits: concurrency, quotas, and the size of results.

use std::sync::Arc;
use std::time::Duration;

use coral_tools::middleware::{ConcurrencyLimit, Quota, ResultSizeLimit};
use coral_tools::testing::Harness;
use coral_tools::{Context, State, Toolset, coral_tool, toolset};
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// Opens the gate of running calls, and counts those that have started.
#[derive(Debug, Clone)]
struct Gate {
    started: Arc<Semaphore>,
    open: Arc<Notify>,
}

impl Gate {
    fn new() -> Self {
        Self { started: Arc::new(Semaphore::new(0)), open: Arc::default() }
    }

    async fn wait_for_start(&self) {
        self.started.acquire().await.expect("open").forget();
    }
}

/// Waits at the gate.
#[coral_tool]
async fn wait(#[context] State(gate): State<Gate>) {
    gate.started.add_permits(1);
    gate.open.notified().await;
}

/// Waits at the gate on a thread. Its timeout is 1 s.
#[coral_tool(blocking, timeout = "1s")]
fn block(#[context] State(gate): State<Gate>) {
    gate.started.add_permits(1);
    tokio::runtime::Handle::current().block_on(gate.open.notified());
}

/// Returns immediately.
#[coral_tool]
fn ping() {}

fn harness(limit: ConcurrencyLimit, gate: &Gate) -> Harness {
    let tools: Toolset<Gate> = toolset![wait, block, ping];
    Harness::new(&tools.with(limit), gate.clone())
}

fn spawn(harness: &Harness, tool: &'static str) -> JoinHandle<String> {
    let harness = harness.clone();
    tokio::spawn(async move { harness.call((tool, ())).await.text().to_owned() })
}

const DONE: &str = r#"{"success":true}"#;
const BUSY: &str = r#"{"success":false,"error":"`wait` is busy: it runs at most 2 times at the same time; try again in a few seconds"}"#;

#[tokio::test]
async fn calls_above_the_concurrency_limit_of_a_tool_are_rejected() {
    let gate = Gate::new();
    let harness = harness(ConcurrencyLimit::new(2), &gate);
    let running = [spawn(&harness, "wait"), spawn(&harness, "wait")];
    gate.wait_for_start().await;
    gate.wait_for_start().await;
    assert_eq!(harness.call(("wait", ())).await.text(), BUSY);
    assert_eq!(harness.call(("ping", ())).await.text(), DONE, "another tool has its own limit");
    gate.open.notify_waiters();
    for call in running {
        assert_eq!(call.await.expect("no panic"), DONE);
    }
    let next = spawn(&harness, "wait");
    gate.wait_for_start().await;
    gate.open.notify_waiters();
    assert_eq!(next.await.expect("no panic"), DONE);
}

#[tokio::test(start_paused = true)]
async fn a_call_above_the_limit_waits_if_it_may() {
    let gate = Gate::new();
    let harness = harness(ConcurrencyLimit::new(1).max_wait(Duration::from_secs(3)), &gate);
    let first = spawn(&harness, "wait");
    gate.wait_for_start().await;
    let second = spawn(&harness, "wait");
    sleep(Duration::from_secs(2)).await;
    gate.open.notify_waiters();
    assert_eq!(first.await.expect("no panic"), DONE);
    gate.wait_for_start().await;
    let third = spawn(&harness, "wait");
    sleep(Duration::from_secs(4)).await;
    assert!(third.await.expect("no panic").contains("at most 1 times"), "rejected after 3 s");
    gate.open.notify_waiters();
    assert_eq!(second.await.expect("no panic"), DONE);
}

/// A wait until the deadline would leave no time for the tool.
#[tokio::test(start_paused = true)]
async fn a_call_waits_at_most_half_of_the_time_until_its_deadline() {
    let gate = Gate::new();
    let harness = harness(ConcurrencyLimit::new(1).max_wait(Duration::from_secs(60)), &gate);
    let running = spawn(&harness, "wait");
    gate.wait_for_start().await;
    // The first call holds the permit until its deadline, 12 s.
    let start = tokio::time::Instant::now();
    assert!(harness.call(("wait", ())).await.text().contains("busy"));
    assert!((5..=6).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    running.abort();
}

#[tokio::test]
async fn a_cancelled_call_frees_its_place() {
    let gate = Gate::new();
    let harness = harness(ConcurrencyLimit::new(1), &gate);
    let cancelled = spawn(&harness, "wait");
    gate.wait_for_start().await;
    cancelled.abort();
    assert!(cancelled.await.is_err());
    let next = spawn(&harness, "wait");
    gate.wait_for_start().await;
    gate.open.notify_waiters();
    assert_eq!(next.await.expect("no panic"), DONE);
}

#[tokio::test]
async fn a_blocking_call_counts_until_its_thread_is_free() {
    let gate = Gate::new();
    let harness = harness(ConcurrencyLimit::new(1), &gate);
    let late = spawn(&harness, "block");
    gate.wait_for_start().await;
    assert!(late.await.expect("no panic").contains("continues without a result"));
    assert!(harness.call(("block", ())).await.text().contains("busy"), "its thread is not free");
    gate.open.notify_one();
    // The next call is accepted as soon as the thread is free, and waits at the gate, too.
    while spawn(&harness, "block").await.expect("no panic").contains("busy") {
        tokio::task::yield_now().await;
    }
    gate.wait_for_start().await;
    gate.open.notify_one();
}

fn quota_tools(quota: Quota<()>) -> Harness {
    let tools: Toolset = toolset![ping, pong];
    Harness::new(&tools.with(quota), ())
}

/// Returns immediately.
#[coral_tool]
fn pong() {}

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn a_quota_starts_again_after_its_period() {
    let harness = quota_tools(Quota::per_session(2, MINUTE)).in_session("s");
    assert!(harness.call(("ping", ())).await.is_success());
    sleep(Duration::from_secs(20)).await;
    assert!(harness.call(("pong", ())).await.is_success(), "all tools share the quota of the session");
    let rejected = harness.call(("ping", ())).await;
    let expected = "the quota of 2 calls in this session per 60 s is used up; try again in 40 s";
    assert_eq!((rejected.status(), rejected.error()), (Some(200), Some(expected)));
    assert!(harness.clone().in_session("other").call(("ping", ())).await.is_success());
    sleep(Duration::from_secs(40)).await;
    assert!(harness.call(("ping", ())).await.is_success());
}

#[tokio::test(start_paused = true)]
async fn a_quota_can_be_per_tool() {
    let harness = quota_tools(Quota::per_tool(1, MINUTE));
    assert!(harness.call(("ping", ())).await.is_success());
    assert!(harness.call(("pong", ())).await.is_success());
    let rejected = harness.clone().in_session("other").call(("ping", ())).await;
    let expected = "the quota of 1 calls of this tool per 60 s is used up; try again in 60 s";
    assert_eq!(rejected.error(), Some(expected));
}

#[tokio::test(start_paused = true)]
async fn a_quota_can_be_per_caller() {
    let agent = |context: &Context<'_, ()>| context.agent_name().filter(|name| *name != "admin").map(str::to_owned);
    let harness = quota_tools(Quota::per_caller(1, MINUTE, agent));
    for (agent, expected) in [("a", true), ("a", false), ("b", true), ("admin", true), ("admin", true)] {
        let response = harness.clone().by_agent(agent).call(("ping", ())).await;
        assert_eq!(response.is_success(), expected, "{agent}: {}", response.text());
    }
}

#[tokio::test(start_paused = true)]
async fn a_quota_forgets_the_key_whose_last_call_is_the_longest_ago() {
    let harness = quota_tools(Quota::per_session(1, MINUTE).max_keys(2));
    for (session, expected) in [("a", true), ("b", true), ("a", false), ("c", true), ("a", false), ("b", true)] {
        let response = harness.clone().in_session(session).call(("ping", ())).await;
        assert_eq!(response.is_success(), expected, "{session}");
    }
}

/// Returns a string of this length.
#[coral_tool]
fn text(length: usize) -> String {
    "x".repeat(length)
}

/// Returns another string of this length.
#[coral_tool]
fn other_text(length: usize) -> String {
    "y".repeat(length)
}

/// The bytes of `{"result":""}`.
const AROUND: usize = 13;

#[tokio::test]
async fn a_result_above_1_mib_is_dropped() {
    let tools: Toolset = toolset![text];
    let harness = Harness::new(&tools, ());
    let largest = (1 << 20) - AROUND;
    assert!(harness.call(text { length: largest }).await.is_success());
    let rejected = harness.call(text { length: largest + 1 }).await;
    let expected = "the result has 1048577 bytes, and at most 1048576 are allowed; ask for less, such as fewer items or a \
        shorter range";
    assert_eq!((rejected.status(), rejected.error()), (Some(200), Some(expected)));
    let larger = Harness::new(&tools.max_result_bytes(2 << 20), ());
    assert!(larger.call(text { length: largest + 1 }).await.is_success());
}

#[tokio::test]
async fn one_tool_can_have_a_lower_limit() {
    let tools: Toolset = toolset![text, other_text];
    let harness = Harness::new(&tools.with_for::<text>(ResultSizeLimit::new(100)), ());
    assert!(harness.call(text { length: 100 - AROUND }).await.is_success());
    assert!(
        harness.call(text { length: 100 }).await.error().is_some_and(|error| error.contains("at most 100 are allowed"))
    );
    assert!(harness.call(other_text { length: 100 }).await.is_success());
}
