//! The loop, on a platform that tells what it was told to tell.

use std::collections::VecDeque;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use tokio::sync::{Barrier, Notify};

use super::wire::{Answer, Asked, Ended, Told, Wire};
use super::{Answers, Foreign, Limits, Run, RunError, Turn, TurnEnd};
use crate::{CallContext, Origin, State, ToolError, Toolset, coral_tool, toolset};

/// Tells what is in it; then nothing.
struct Script {
    told: VecDeque<Told>,
    submitted: Arc<std::sync::Mutex<Vec<Vec<Answer>>>>,
    late: Vec<String>,
}

impl Wire for Script {
    const ORIGIN: Origin = Origin::Qoder;
    const TAKES_PARTS: bool = true;
    const PATIENCE: Duration = Duration::from_secs(240);
    const INJECTED: &'static [&'static str] = &["human_intent"];

    fn session_id(&self) -> &str {
        "session_1"
    }

    async fn recover(&mut self) -> Result<Vec<Told>, RunError> {
        Ok(Vec::new())
    }

    async fn send(&mut self, _message: &str) -> Result<(), RunError> {
        Ok(())
    }

    async fn next(&mut self) -> Result<Told, RunError> {
        match self.told.pop_front() {
            Some(told) => Ok(told),
            None => pending().await,
        }
    }

    async fn submit(&mut self, answers: &[Answer]) -> Result<Vec<String>, RunError> {
        self.submitted.lock().expect("no panic").push(answers.to_vec());
        Ok(self.late.clone())
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

/// Says who calls.
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

/// Repeats something.
#[coral_tool]
fn repeat(text: String, times: usize) -> String {
    text.repeat(times)
}

/// Waits to be let go.
#[coral_tool]
async fn wait(#[context] State(gate): State<Gate>) {
    gate.entered.notify_one();
    gate.opened.notified().await;
}

/// Says what it is for.
#[coral_tool]
fn intend(human_intent: String) -> String {
    human_intent
}

/// Waits for another of its kind.
#[coral_tool]
async fn meet(#[context] State(both): State<Arc<Barrier>>) {
    both.wait().await;
}

fn tools() -> Toolset<App> {
    toolset![who, fail, repeat, wait, intend, meet]
}

fn ask(id: &str, tool: &str, arguments: &str) -> Told {
    Told::Asked(Asked { id: id.into(), tool: tool.into(), arguments: arguments.into() })
}

fn waiting(ids: &[&str]) -> Told {
    Told::Waiting(ids.iter().map(|id| (*id).to_owned()).collect())
}

const DONE: Told = Told::Ended(Ended::Done);

struct Served {
    turn: Result<Turn, RunError>,
    submitted: Vec<Vec<Answer>>,
}

async fn serve(
    told: impl IntoIterator<Item = Told>,
    set: impl FnOnce(Run<'_, App, Script>) -> Run<'_, App, Script>,
) -> Served {
    serve_with(&App::default(), told, set).await
}

async fn serve_with(
    app: &App,
    told: impl IntoIterator<Item = Told>,
    set: impl FnOnce(Run<'_, App, Script>) -> Run<'_, App, Script>,
) -> Served {
    let submitted = Arc::default();
    let script = Script { told: told.into_iter().collect(), submitted: Arc::clone(&submitted), late: Vec::new() };
    let tools = tools();
    let turn = set(Run::new(script, &tools, app, Answers::new())).message("go").await;
    let submitted = submitted.lock().expect("no panic").clone();
    Served { turn, submitted }
}

fn texts(answers: &[Answer]) -> Vec<String> {
    answers.iter().map(|answer| String::from_utf8_lossy(&answer.json).into_owned()).collect()
}

#[tokio::test]
async fn a_batch_is_answered_at_once_in_its_order() {
    let told = [
        ask("c1", "who", "{}"),
        ask("c2", "fail", "null"),
        ask("c3", "repeat", r#"{"text": "ab", "times": 2.0}"#),
        waiting(&["c3", "c1", "c2", "c1"]),
        Told::Said("Done.".into()),
        DONE,
    ];
    let Served { turn, submitted } = serve(told, |run| run).await;
    let [batch] = submitted.as_slice() else { panic!("{submitted:?}") };
    assert_eq!(
        texts(batch),
        [r#"{"result":"abab"}"#, r#"{"result":"session_1 Qoder c1"}"#, r#"{"success":false,"error":"no such city"}"#,]
    );
    assert_eq!(batch.iter().map(|answer| answer.is_error).collect::<Vec<_>>(), [false, false, true]);
    let turn = turn.expect("a turn");
    assert_eq!((turn.text(), turn.end, turn.calls.len()), ("Done.", TurnEnd::Done, 3));
}

#[tokio::test]
async fn calls_run_beside_each_other() {
    let told = [ask("c1", "meet", "{}"), ask("c2", "meet", "{}"), waiting(&["c1", "c2"]), DONE];
    let Served { submitted, .. } = serve(told, |run| run.limits(Limits::new().deadline(Duration::from_secs(20)))).await;
    assert_eq!(texts(&submitted[0]), [r#"{"success":true}"#; 2]);
}

#[tokio::test]
async fn a_call_that_is_asked_again_is_answered_and_not_run_again() {
    let app = App::default();
    let again = [ask("c1", "who", "{}"), waiting(&["c1"]), ask("c1", "who", "{}"), waiting(&["c1"]), DONE];
    let Served { turn, submitted } = serve_with(&app, again, |run| run).await;
    assert_eq!((app.runs.load(Ordering::Relaxed), submitted.len()), (1, 2));
    assert_eq!(submitted[0], submitted[1]);
    let repeated: Vec<_> = turn.expect("a turn").calls.iter().map(|call| call.repeated).collect();
    assert_eq!(repeated, [false, true]);
}

#[tokio::test]
async fn what_is_answered_already_is_not_answered_again() {
    let app = App::default();
    let told = [
        ask("c1", "who", "{}"),
        ask("c2", "who", "{}"),
        waiting(&["c1"]),
        waiting(&["c1", "c2"]),
        waiting(&["c1"]),
        DONE,
    ];
    let Served { submitted, .. } = serve_with(&app, told, |run| run).await;
    let ids: Vec<Vec<_>> =
        submitted.iter().map(|batch| batch.iter().map(|answer| answer.id.as_str()).collect()).collect();
    assert_eq!(ids, [["c1"], ["c2"]]);

    let told = [ask("c1", "who", "{}"), Told::Settled(vec!["c1".into()]), waiting(&["c1"]), DONE];
    assert!(serve(told, |run| run).await.submitted.is_empty(), "somebody else has answered it");
}

#[tokio::test]
async fn answers_survive_the_run() {
    let (app, answers) = (App::default(), Answers::new());
    let told = || [ask("c1", "who", "{}"), waiting(&["c1"]), DONE];
    for _ in 0..3 {
        serve_with(&app, told(), |run| run.answers(&answers)).await.turn.expect("a turn");
    }
    assert_eq!(app.runs.load(Ordering::Relaxed), 1);
    assert_eq!(format!("{answers:?}"), "Answers { kept: 1 }");
}

/// Model providers may use an id again in another turn.
#[tokio::test]
async fn another_call_of_the_same_id_is_another_call() {
    let answers = Answers::new();
    let mut seen = Vec::new();
    for text in ["a", "b"] {
        let arguments = json!({"text": text, "times": 1}).to_string();
        let told = [ask("call_1", "repeat", &arguments), waiting(&["call_1"]), DONE];
        let served = serve_with(&App::default(), told, |run| run.answers(&answers)).await;
        seen.extend(texts(&served.submitted[0]));
    }
    assert_eq!(seen, [r#"{"result":"a"}"#, r#"{"result":"b"}"#]);
}

#[tokio::test]
async fn calls_of_other_tools_are_refused_or_left() {
    let told = || [ask("c1", "ask_user", "{}"), ask("c2", "who", "{}"), waiting(&["c1", "c2"]), DONE];
    let Served { submitted, turn } = serve(told(), |run| run).await;
    assert_eq!(texts(&submitted[0])[0], r#"{"success":false,"error":"tool not available in this client"}"#);
    assert_eq!(turn.expect("a turn").calls[0].outcome, "foreign");

    let Served { submitted, .. } = serve(told(), |run| run.limits(Limits::new().foreign(Foreign::Leave))).await;
    assert_eq!(submitted[0].iter().map(|answer| answer.id.as_str()).collect::<Vec<_>>(), ["c2"]);
}

#[tokio::test]
async fn what_is_over_a_limit_is_answered_and_not_run() {
    let app = App::default();
    let told = [ask("c1", "who", "{}"), ask("c2", "who", "{}"), waiting(&["c1", "c2"]), DONE];
    let Served { submitted, .. } = serve_with(&app, told, |run| run.limits(Limits::new().calls_per_batch(1))).await;
    assert_eq!((app.runs.load(Ordering::Relaxed), submitted[0][1].is_error), (1, true));

    let large = json!({"text": "x".repeat(100), "times": 10}).to_string();
    let told = [ask("c1", "repeat", &large), waiting(&["c1"]), DONE];
    let Served { submitted, .. } = serve(told, |run| run.limits(Limits::new().result_bytes(1000))).await;
    assert!(texts(&submitted[0])[0].contains("larger than 1000 bytes"), "{submitted:?}");

    let told = [ask("c1", "who", "{}"), waiting(&["c1"]), ask("c2", "who", "{}"), waiting(&["c2"]), DONE];
    let Served { submitted, turn } = serve(told, |run| run.limits(Limits::new().rounds(1))).await;
    assert!(matches!(turn, Err(RunError::TooManyRounds(1))));
    assert!(submitted[1][0].is_error, "the platform does not wait for ever");
}

#[tokio::test(start_paused = true)]
async fn a_tool_that_takes_too_long_is_answered_for() {
    let told = [ask("c1", "wait", "{}"), waiting(&["c1"]), DONE];
    let limits = Limits::new().deadline(Duration::from_secs(1000));
    let Served { submitted, turn } = serve(told, |run| run.limits(limits)).await;
    assert!(texts(&submitted[0])[0].contains("within 240 s"), "the platform's patience is less: {submitted:?}");
    assert_eq!(turn.expect("a turn").calls[0].outcome, "deadline_passed");
}

#[tokio::test]
async fn what_the_platform_adds_to_arguments_is_not_seen_by_tools() {
    let arguments = r#"{"text": "ab", "times": 1, "human_intent": "to repeat"}"#;
    let told = [ask("c1", "repeat", arguments), waiting(&["c1"]), DONE];
    assert_eq!(texts(&serve(told, |run| run).await.submitted[0]), [r#"{"result":"ab"}"#]);
    let told = [ask("c1", "intend", r#"{"human_intent": "to know"}"#), waiting(&["c1"]), DONE];
    assert_eq!(texts(&serve(told, |run| run).await.submitted[0]), [r#"{"result":"to know"}"#], "but for its own");
}

#[tokio::test]
async fn a_stop_hands_in_what_runs_and_begins_nothing() {
    let (app, stop) = (App::default(), Arc::new(Notify::new()));
    let stops = Arc::clone(&stop);
    let told = [ask("c1", "wait", "{}"), waiting(&["c1"]), ask("c2", "who", "{}"), waiting(&["c2"]), DONE];
    let run = serve_with(&app, told, |run| run.until(async move { stops.notified().await }));
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
async fn nonsense_is_an_error() {
    let told = [waiting(&["never"])];
    let error = serve(told, |run| run).await.turn.expect_err("nonsense");
    assert!(error.to_string().contains("never asked"), "{error}");
    let told = [ask("c1", "who", "{}"), ask("c1", "fail", "{}")];
    let error = serve(told, |run| run).await.turn.expect_err("nonsense");
    assert!(error.to_string().contains("two different calls"), "{error}");
    let failed =
        Told::Ended(Ended::Failed { code: Some("retries_exhausted".into()), message: "the model gave up".into() });
    let error = serve([failed], |run| run).await.turn.expect_err("a failure");
    assert_eq!(error.to_string(), "the turn failed: the model gave up (retries_exhausted)");
}
