//! The loop, with a scripted platform.

use std::collections::VecDeque;
use std::future::{pending, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::json;
use tokio::sync::{Barrier, Notify};

use crate::platform::adapter::{BatchRules, Platform};
use crate::platform::event::{SubmitReport, ToolCall, ToolResult, TurnEvent, TurnOutcome};
use crate::platform::{CallOutcome, ResultCache, Run, RunError, RunLimits, Turn, TurnEnd, UnknownToolPolicy};
use crate::{CallContext, CallOrigin, State, ToolError, Toolset, coral_tool, toolset};

/// A platform that sends scripted events, then nothing.
#[derive(Default)]
struct ScriptedPlatform {
    recovered: Vec<TurnEvent>,
    events: VecDeque<TurnEvent>,
    submitted: Arc<std::sync::Mutex<Vec<Vec<ToolResult>>>>,
    late: Vec<String>,
}

impl Platform for ScriptedPlatform {
    fn policy(&self) -> BatchRules {
        BatchRules {
            origin: CallOrigin::Qoder,
            accepts_partial: true,
            timeout: Duration::from_secs(240),
            max_bytes: 100_000,
            injected_arguments: &["human_intent"],
        }
    }

    fn session_id(&self) -> &str {
        "session_1"
    }

    fn recover(&mut self) -> BoxFuture<'_, Result<Vec<TurnEvent>, RunError>> {
        Box::pin(ready(Ok(std::mem::take(&mut self.recovered))))
    }

    fn prepare(&mut self) -> BoxFuture<'_, Result<(), RunError>> {
        Box::pin(ready(Ok(())))
    }

    fn send<'a>(&'a mut self, _message: &'a str) -> BoxFuture<'a, Result<(), RunError>> {
        Box::pin(ready(Ok(())))
    }

    fn next_event(&mut self) -> BoxFuture<'_, Result<TurnEvent, RunError>> {
        match self.events.pop_front() {
            Some(event) => Box::pin(ready(Ok(event))),
            None => Box::pin(pending()),
        }
    }

    fn submit<'a>(&'a mut self, results: &'a [ToolResult]) -> BoxFuture<'a, Result<SubmitReport, RunError>> {
        self.submitted.lock().expect("no panic").push(results.to_vec());
        Box::pin(ready(Ok(SubmitReport { late: self.late.clone(), ..SubmitReport::default() })))
    }
}

#[derive(Clone)]
struct App {
    runs: Arc<AtomicUsize>,
    gate: Gate,
    both: Arc<Barrier>,
}

impl Default for App {
    fn default() -> Self {
        Self { runs: Arc::default(), gate: Gate::default(), both: Arc::new(Barrier::new(2)) }
    }
}

impl crate::FromRef<App> for Arc<Barrier> {
    fn from_ref(app: &App) -> Self {
        Arc::clone(&app.both)
    }
}

#[derive(Clone, Default)]
struct Gate {
    entered: Arc<Notify>,
    opened: Arc<Notify>,
}

impl crate::FromRef<App> for Arc<AtomicUsize> {
    fn from_ref(app: &App) -> Self {
        Arc::clone(&app.runs)
    }
}

impl crate::FromRef<App> for Gate {
    fn from_ref(app: &App) -> Self {
        app.gate.clone()
    }
}

/// Returns the session, the platform and the call id.
#[coral_tool]
fn who(#[context] call: CallContext, #[context] State(runs): State<Arc<AtomicUsize>>) -> String {
    runs.fetch_add(1, Ordering::Relaxed);
    format!("{} {:?} {}", call.session_id(), call.origin(), call.call_id().unwrap_or("none"))
}

/// Fails.
#[coral_tool]
fn fail() -> Result<(), ToolError> {
    Err(ToolError::new("no such city"))
}

/// Repeats a string.
#[coral_tool]
fn repeat(text: String, times: usize) -> String {
    text.repeat(times)
}

/// Waits until the gate is opened.
#[coral_tool]
async fn wait(#[context] State(gate): State<Gate>) {
    gate.entered.notify_one();
    gate.opened.notified().await;
}

/// Returns its argument.
#[coral_tool]
fn intend(human_intent: String) -> String {
    human_intent
}

/// Waits for a second call of this tool.
#[coral_tool]
async fn meet(#[context] State(both): State<Arc<Barrier>>) {
    both.wait().await;
}

fn tools() -> Toolset<App> {
    toolset![who, fail, repeat, wait, intend, meet]
}

fn call(id: &str, tool: &str, arguments: &str) -> ToolCall {
    ToolCall { id: id.into(), sequence: None, tool: tool.into(), arguments: arguments.into() }
}

fn tool_calls(calls: impl IntoIterator<Item = ToolCall>) -> TurnEvent {
    TurnEvent::ToolCalls(calls.into_iter().collect())
}

const DONE: TurnEvent = TurnEvent::Ended(TurnOutcome::Done);

struct Served {
    turn: Result<Turn, RunError>,
    submitted: Vec<Vec<ToolResult>>,
}

async fn serve(events: impl IntoIterator<Item = TurnEvent>, set: impl FnOnce(Run<'_, App>) -> Run<'_, App>) -> Served {
    serve_with(&App::default(), events, set).await
}

async fn serve_with(
    app: &App,
    events: impl IntoIterator<Item = TurnEvent>,
    set: impl FnOnce(Run<'_, App>) -> Run<'_, App>,
) -> Served {
    let submitted = Arc::default();
    let script = ScriptedPlatform {
        events: events.into_iter().collect(),
        submitted: Arc::clone(&submitted),
        ..ScriptedPlatform::default()
    };
    let tools = tools();
    let turn = set(Run::new(script, &tools, app, ResultCache::new())).message("go").await;
    let submitted = submitted.lock().expect("no panic").clone();
    Served { turn, submitted }
}

fn texts(results: &[ToolResult]) -> Vec<String> {
    results.iter().map(|result| String::from_utf8_lossy(&result.json).into_owned()).collect()
}

#[tokio::test]
async fn a_batch_is_submitted_together_and_in_order() {
    let events = [
        tool_calls([
            call("c3", "repeat", r#"{"text": "ab", "times": 2.0}"#),
            call("c1", "who", "{}"),
            call("c2", "fail", "null"),
        ]),
        TurnEvent::Message("Done.".into()),
        DONE,
    ];
    let Served { turn, submitted } = serve(events, |run| run).await;
    let [batch] = submitted.as_slice() else { panic!("{submitted:?}") };
    assert_eq!(
        texts(batch),
        [r#"{"result":"abab"}"#, r#"{"result":"session_1 Qoder c1"}"#, r#"{"success":false,"error":"no such city"}"#,]
    );
    assert_eq!(batch.iter().map(|result| result.is_error).collect::<Vec<_>>(), [false, false, true]);
    let turn = turn.expect("a turn");
    assert_eq!((turn.text(), turn.end, turn.calls.len()), ("Done.", TurnEnd::Done, 3));
}

#[tokio::test]
async fn calls_of_a_batch_run_concurrently() {
    let events = [tool_calls([call("c1", "meet", "{}"), call("c2", "meet", "{}")]), DONE];
    let Served { submitted, .. } =
        serve(events, |run| run.limits(RunLimits::new().timeout(Duration::from_secs(20)))).await;
    assert_eq!(texts(&submitted[0]), [r#"{"success":true}"#; 2]);
}

#[tokio::test]
async fn a_repeated_call_gets_its_cached_result() {
    let app = App::default();
    let again = [tool_calls([call("c1", "who", "{}")]), tool_calls([call("c1", "who", "{}")]), DONE];
    let Served { turn, submitted } = serve_with(&app, again, |run| run).await;
    assert_eq!((app.runs.load(Ordering::Relaxed), submitted.len()), (1, 2));
    assert_eq!(submitted[0], submitted[1]);
    let from_cache: Vec<_> = turn.expect("a turn").calls.iter().map(|call| call.from_cache).collect();
    assert_eq!(from_cache, [false, true]);
}

#[tokio::test]
async fn a_shared_cache_outlives_the_run() {
    let (app, cache) = (App::default(), ResultCache::new());
    let events = || [tool_calls([call("c1", "who", "{}")]), DONE];
    for _ in 0..3 {
        serve_with(&app, events(), |run| run.result_cache(&cache)).await.turn.expect("a turn");
    }
    assert_eq!(app.runs.load(Ordering::Relaxed), 1);
    assert_eq!(format!("{cache:?}"), "ResultCache { entries: 1 }");
}

/// Model providers may use an id again, with the same arguments, too.
#[tokio::test]
async fn the_cache_distinguishes_calls_with_the_same_id() {
    let (app, cache) = (App::default(), ResultCache::new());
    for round in [[1, 2], [2, 3]] {
        let events = round.map(|at| tool_calls([ToolCall { sequence: Some(at), ..call("call_1", "who", "{}") }]));
        serve_with(&app, events.into_iter().chain([DONE]), |run| run.result_cache(&cache)).await.turn.expect("a turn");
    }
    assert_eq!(app.runs.load(Ordering::Relaxed), 3, "three requests");
}

#[tokio::test]
async fn the_error_for_an_oversized_result_is_cached() {
    let (app, cache) = (App::default(), ResultCache::new());
    let large = || call("c1", "repeat", r#"{"text": "x", "times": 2000}"#);
    for limits in [RunLimits::new().result_bytes(1000), RunLimits::new()] {
        let events = [tool_calls([large()]), DONE];
        let turn = serve_with(&app, events, |run| run.result_cache(&cache).limits(limits)).await.turn.expect("a turn");
        assert_eq!(turn.calls[0].outcome, CallOutcome::OverLimit);
    }
}

#[tokio::test]
async fn calls_of_unknown_tools_are_rejected_or_left() {
    let events = || [tool_calls([call("c1", "ask_user", "{}"), call("c2", "who", "{}")]), DONE];
    let Served { submitted, turn } = serve(events(), |run| run).await;
    assert_eq!(texts(&submitted[0])[0], r#"{"success":false,"error":"tool not available in this client"}"#);
    assert_eq!(turn.expect("a turn").calls[0].outcome, CallOutcome::UnknownTool);

    let Served { submitted, .. } =
        serve(events(), |run| run.limits(RunLimits::new().unknown_tools(UnknownToolPolicy::Leave))).await;
    assert_eq!(submitted[0].iter().map(|result| result.call_id.as_str()).collect::<Vec<_>>(), ["c2"]);
}

#[tokio::test]
async fn calls_over_a_limit_get_an_error_and_do_not_run() {
    let app = App::default();
    let events = [tool_calls([call("c1", "who", "{}"), call("c2", "who", "{}")]), DONE];
    let Served { submitted, .. } =
        serve_with(&app, events, |run| run.limits(RunLimits::new().calls_per_batch(1))).await;
    assert_eq!((app.runs.load(Ordering::Relaxed), submitted[0][1].is_error), (1, true));

    let large = json!({"text": "x".repeat(100), "times": 10}).to_string();
    let events = [tool_calls([call("c1", "repeat", &large)]), DONE];
    let Served { submitted, .. } = serve(events, |run| run.limits(RunLimits::new().result_bytes(1000))).await;
    assert!(texts(&submitted[0])[0].contains("larger than 1000 bytes"), "{submitted:?}");
}

#[tokio::test]
async fn rounds_over_the_limit_are_rejected_until_the_turn_ends() {
    let app = App::default();
    for (requested, served) in [(2, 2), (5, 5), (20, 9)] {
        let events = (0..requested).map(|i| tool_calls([call(&format!("c{i}"), "who", "{}")])).chain([DONE]);
        let Served { submitted, turn } = serve_with(&app, events, |run| run.limits(RunLimits::new().rounds(1))).await;
        assert!(matches!(turn, Err(RunError::TooManyRounds(1))), "{turn:?}");
        assert_eq!(submitted.len(), served, "the run ends");
        assert!(
            submitted[1..].iter().flatten().all(|result| result.is_error),
            "the platform gets a result for each call"
        );
    }
    assert_eq!(app.runs.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn the_largest_results_of_an_oversized_batch_are_replaced() {
    let of = |id: &str, bytes: usize| call(id, "repeat", &json!({"text": "x", "times": bytes}).to_string());
    let events = [tool_calls([of("c1", 40_000), of("c2", 60_000), of("c3", 30_000)]), DONE];
    let turn = serve(events, |run| run).await.turn.expect("a turn");
    let outcomes: Vec<_> = turn.calls.iter().map(|call| call.outcome).collect();
    assert_eq!(outcomes, [CallOutcome::Success, CallOutcome::OverLimit, CallOutcome::Success]);
    assert!(turn.calls[1].result.contains("ask for less"), "{turn:?}");
}

#[tokio::test(start_paused = true)]
async fn the_calls_of_a_batch_share_one_deadline() {
    let events = [tool_calls((0..9).map(|i| call(&format!("c{i}"), "wait", "{}"))), DONE];
    let began = tokio::time::Instant::now();
    let limits = RunLimits::new().timeout(Duration::MAX);
    let turn = serve(events, |run| run.limits(limits)).await.turn.expect("a turn");
    let outcomes: Vec<_> = turn.calls.iter().map(|call| call.outcome).collect();
    assert_eq!(
        outcomes,
        [vec![CallOutcome::DeadlinePassed; 8], vec![CallOutcome::OverLimit]].concat(),
        "eight run at the same time"
    );
    assert!(began.elapsed() <= Duration::from_secs(241), "by the paused clock");
}

#[tokio::test]
async fn a_slow_call_does_not_block_other_calls() {
    let app = App::default();
    let calls = [call("c0", "wait", "{}")].into_iter().chain((1..9).map(|i| call(&format!("c{i}"), "who", "{}")));
    let events = [tool_calls(calls), DONE];
    let run = serve_with(&app, events, |run| run.limits(RunLimits::new().concurrency(2)));
    let others = async {
        while app.runs.load(Ordering::Relaxed) < 8 {
            tokio::task::yield_now().await;
        }
        app.gate.opened.notify_one();
    };
    let both = async { tokio::join!(run, others) };
    let (served, ()) = tokio::time::timeout(Duration::from_secs(30), both).await.expect("the others run");
    assert_eq!(served.turn.expect("a turn").calls.len(), 9);
}

#[tokio::test]
async fn injected_arguments_are_removed() {
    let arguments = r#"{"text": "ab", "times": 1, "human_intent": "to repeat"}"#;
    let events = [tool_calls([call("c1", "repeat", arguments)]), DONE];
    assert_eq!(texts(&serve(events, |run| run).await.submitted[0]), [r#"{"result":"ab"}"#]);
    let events = [tool_calls([call("c1", "intend", r#"{"human_intent": "to know"}"#)]), DONE];
    assert_eq!(
        texts(&serve(events, |run| run).await.submitted[0]),
        [r#"{"result":"to know"}"#],
        "a declared argument is kept"
    );
}

#[tokio::test]
async fn a_stop_submits_running_calls_and_starts_no_others() {
    let (app, stop) = (App::default(), Arc::new(Notify::new()));
    let stops = Arc::clone(&stop);
    let events = [tool_calls([call("c1", "wait", "{}")]), tool_calls([call("c2", "who", "{}")]), DONE];
    let run = serve_with(&app, events, |run| run.until(async move { stops.notified().await }));
    let (served, ()) = tokio::join!(run, async {
        app.gate.entered.notified().await;
        stop.notify_one();
        app.gate.opened.notify_one();
    });
    assert_eq!(served.turn.expect("a turn").end, TurnEnd::Stopped);
    assert_eq!(texts(&served.submitted[0]), [r#"{"success":true}"#]);
    assert_eq!((served.submitted.len(), app.runs.load(Ordering::Relaxed)), (1, 0));
}

#[tokio::test]
async fn a_stopped_run_starts_nothing() {
    let app = App::default();
    let events = || [tool_calls([call("c1", "who", "{}")]), DONE];
    let Served { turn, submitted } = serve_with(&app, events(), |run| run.until(async {})).await;
    assert_eq!((turn.expect("a turn").end, submitted.len()), (TurnEnd::Stopped, 0));

    let (tools, script) = (tools(), ScriptedPlatform { recovered: events().into(), ..ScriptedPlatform::default() });
    let turn = Run::new(script, &tools, &app, ResultCache::new()).until(async {}).resume().await.expect("a turn");
    assert_eq!((turn.end, app.runs.load(Ordering::Relaxed)), (TurnEnd::Stopped, 0));
}

#[tokio::test]
async fn a_failed_turn_reports_code_and_message() {
    let failed = TurnEvent::Ended(TurnOutcome::Failed {
        code: Some("retries_exhausted".into()),
        message: "the model gave up".into(),
    });
    let error = serve([failed], |run| run).await.turn.expect_err("a failure");
    assert_eq!(error.to_string(), "the turn failed: the model gave up (retries_exhausted)");
}

#[tokio::test]
async fn the_size_of_a_turn_is_limited() {
    let message = || TurnEvent::Message("x".repeat(400));
    let events = || [message(), message(), message(), DONE];
    let fits = serve(events(), |run| run.limits(RunLimits::new().turn_bytes(2000))).await;
    assert_eq!(fits.turn.expect("a turn").messages.len(), 3);
    let flooded = serve(events(), |run| run.limits(RunLimits::new().turn_bytes(1000))).await;
    assert!(matches!(flooded.turn, Err(RunError::TooLarge(1000))), "{:?}", flooded.turn);
    let results = [tool_calls([call("c1", "repeat", r#"{"text": "ab", "times": 600}"#)]), DONE];
    let flooded = serve(results, |run| run.limits(RunLimits::new().turn_bytes(1000))).await;
    assert!(matches!(flooded.turn, Err(RunError::TooLarge(1000))), "{:?}", flooded.turn);
}

#[tokio::test]
async fn each_of_ten_thousand_calls_has_a_result() {
    let calls = (0..10_000).map(|index| call(&format!("c{index}"), "who", "{}"));
    let Served { turn, submitted } = serve([tool_calls(calls), DONE], |run| run).await;
    let turn = turn.expect("a turn");
    let ran = turn.calls.iter().filter(|call| call.outcome == CallOutcome::Success).count();
    assert_eq!((turn.calls.len(), ran, submitted[0].len()), (10_000, 32, 10_000));
}
