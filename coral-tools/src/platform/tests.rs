//! The loop, on a platform that tells what it was told to tell.

use std::collections::VecDeque;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use tokio::sync::{Barrier, Notify};

use super::wire::{Answer, Asked, Ended, HandedIn, Told, Wire};
use super::{Answers, Foreign, Limits, Run, RunError, Turn, TurnEnd};
use crate::{CallContext, Origin, State, ToolError, Toolset, coral_tool, toolset};

/// Tells what is in it; then nothing.
#[derive(Default)]
struct Script {
    recovered: Vec<Told>,
    told: VecDeque<Told>,
    submitted: Arc<std::sync::Mutex<Vec<Vec<Answer>>>>,
    late: Vec<String>,
}

impl Wire for Script {
    const ORIGIN: Origin = Origin::Qoder;
    const TAKES_PARTS: bool = true;
    const PATIENCE: Duration = Duration::from_secs(240);
    const LARGEST_BATCH: usize = 100_000;
    const INJECTED: &'static [&'static str] = &["human_intent"];

    fn session_id(&self) -> &str {
        "session_1"
    }

    async fn recover(&mut self) -> Result<Vec<Told>, RunError> {
        Ok(std::mem::take(&mut self.recovered))
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

    async fn submit(&mut self, answers: &[Answer]) -> Result<HandedIn, RunError> {
        self.submitted.lock().expect("no panic").push(answers.to_vec());
        Ok(HandedIn { late: self.late.clone(), ..HandedIn::default() })
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

fn ask(id: &str, tool: &str, arguments: &str) -> Asked {
    Asked { id: id.into(), place: None, tool: tool.into(), arguments: arguments.into() }
}

/// The platform waits for these.
fn waiting(calls: impl IntoIterator<Item = Asked>) -> Told {
    Told::Waiting(calls.into_iter().collect())
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
    let script = Script { told: told.into_iter().collect(), submitted: Arc::clone(&submitted), ..Script::default() };
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
        waiting([
            ask("c3", "repeat", r#"{"text": "ab", "times": 2.0}"#),
            ask("c1", "who", "{}"),
            ask("c2", "fail", "null"),
        ]),
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
    let told = [waiting([ask("c1", "meet", "{}"), ask("c2", "meet", "{}")]), DONE];
    let Served { submitted, .. } = serve(told, |run| run.limits(Limits::new().deadline(Duration::from_secs(20)))).await;
    assert_eq!(texts(&submitted[0]), [r#"{"success":true}"#; 2]);
}

#[tokio::test]
async fn a_call_that_is_asked_again_is_answered_and_not_run_again() {
    let app = App::default();
    let again = [waiting([ask("c1", "who", "{}")]), waiting([ask("c1", "who", "{}")]), DONE];
    let Served { turn, submitted } = serve_with(&app, again, |run| run).await;
    assert_eq!((app.runs.load(Ordering::Relaxed), submitted.len()), (1, 2));
    assert_eq!(submitted[0], submitted[1]);
    let repeated: Vec<_> = turn.expect("a turn").calls.iter().map(|call| call.repeated).collect();
    assert_eq!(repeated, [false, true]);
}

#[tokio::test]
async fn answers_survive_the_run() {
    let (app, answers) = (App::default(), Answers::new());
    let told = || [waiting([ask("c1", "who", "{}")]), DONE];
    for _ in 0..3 {
        serve_with(&app, told(), |run| run.answers(&answers)).await.turn.expect("a turn");
    }
    assert_eq!(app.runs.load(Ordering::Relaxed), 1);
    assert_eq!(format!("{answers:?}"), "Answers { kept: 1 }");
}

/// Model providers may use an id again, with the same arguments, too.
#[tokio::test]
async fn another_call_of_the_same_id_is_another_call() {
    let (app, answers) = (App::default(), Answers::new());
    for round in [[1, 2], [2, 3]] {
        let told = round.map(|at| waiting([Asked { place: Some(at), ..ask("call_1", "who", "{}") }]));
        serve_with(&app, told.into_iter().chain([DONE]), |run| run.answers(&answers)).await.turn.expect("a turn");
    }
    assert_eq!(app.runs.load(Ordering::Relaxed), 3, "of three places");
}

#[tokio::test]
async fn of_a_result_that_is_too_large_the_refusal_is_kept() {
    let (app, answers) = (App::default(), Answers::new());
    let large = || ask("c1", "repeat", r#"{"text": "x", "times": 2000}"#);
    for limits in [Limits::new().result_bytes(1000), Limits::new()] {
        let told = [waiting([large()]), DONE];
        let turn = serve_with(&app, told, |run| run.answers(&answers).limits(limits)).await.turn.expect("a turn");
        assert_eq!(turn.calls[0].outcome, "over_limit");
    }
}

#[tokio::test]
async fn calls_of_other_tools_are_refused_or_left() {
    let told = || [waiting([ask("c1", "ask_user", "{}"), ask("c2", "who", "{}")]), DONE];
    let Served { submitted, turn } = serve(told(), |run| run).await;
    assert_eq!(texts(&submitted[0])[0], r#"{"success":false,"error":"tool not available in this client"}"#);
    assert_eq!(turn.expect("a turn").calls[0].outcome, "foreign");

    let Served { submitted, .. } = serve(told(), |run| run.limits(Limits::new().foreign(Foreign::Leave))).await;
    assert_eq!(submitted[0].iter().map(|answer| answer.id.as_str()).collect::<Vec<_>>(), ["c2"]);
}

#[tokio::test]
async fn what_is_over_a_limit_is_answered_and_not_run() {
    let app = App::default();
    let told = [waiting([ask("c1", "who", "{}"), ask("c2", "who", "{}")]), DONE];
    let Served { submitted, .. } = serve_with(&app, told, |run| run.limits(Limits::new().calls_per_batch(1))).await;
    assert_eq!((app.runs.load(Ordering::Relaxed), submitted[0][1].is_error), (1, true));

    let large = json!({"text": "x".repeat(100), "times": 10}).to_string();
    let told = [waiting([ask("c1", "repeat", &large)]), DONE];
    let Served { submitted, .. } = serve(told, |run| run.limits(Limits::new().result_bytes(1000))).await;
    assert!(texts(&submitted[0])[0].contains("larger than 1000 bytes"), "{submitted:?}");
}

#[tokio::test]
async fn an_agent_that_asks_too_often_is_refused_to_the_end_of_the_turn() {
    let app = App::default();
    for (asked, answered) in [(2, 2), (5, 5), (20, 9)] {
        let told = (0..asked).map(|i| waiting([ask(&format!("c{i}"), "who", "{}")])).chain([DONE]);
        let Served { submitted, turn } = serve_with(&app, told, |run| run.limits(Limits::new().rounds(1))).await;
        assert!(matches!(turn, Err(RunError::TooManyRounds(1))), "{turn:?}");
        assert_eq!(submitted.len(), answered, "it does not go on for ever");
        assert!(submitted[1..].iter().flatten().all(|answer| answer.is_error), "the platform does not wait for ever");
    }
    assert_eq!(app.runs.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn a_batch_is_no_larger_than_the_platform_takes() {
    let of = |id: &str, bytes: usize| ask(id, "repeat", &json!({"text": "x", "times": bytes}).to_string());
    let told = [waiting([of("c1", 40_000), of("c2", 60_000), of("c3", 30_000)]), DONE];
    let turn = serve(told, |run| run).await.turn.expect("a turn");
    let outcomes: Vec<_> = turn.calls.iter().map(|call| call.outcome).collect();
    assert_eq!(outcomes, ["success", "over_limit", "success"]);
    assert!(turn.calls[1].text.contains("ask for less"), "{turn:?}");
}

#[tokio::test(start_paused = true)]
async fn the_calls_of_a_batch_share_the_time_that_the_platform_waits() {
    let told = [waiting((0..9).map(|i| ask(&format!("c{i}"), "wait", "{}"))), DONE];
    let began = tokio::time::Instant::now();
    let limits = Limits::new().deadline(Duration::MAX);
    let turn = serve(told, |run| run.limits(limits)).await.turn.expect("a turn");
    let outcomes: Vec<_> = turn.calls.iter().map(|call| call.outcome).collect();
    assert_eq!(outcomes, [vec!["deadline_passed"; 8], vec!["over_limit"]].concat(), "eight at once");
    assert!(began.elapsed() <= Duration::from_secs(241), "by the paused clock");
}

#[tokio::test]
async fn a_slow_call_holds_no_other_up() {
    let app = App::default();
    let calls = [ask("c0", "wait", "{}")].into_iter().chain((1..9).map(|i| ask(&format!("c{i}"), "who", "{}")));
    let told = [waiting(calls), DONE];
    let run = serve_with(&app, told, |run| run.limits(Limits::new().at_once(2)));
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
async fn what_the_platform_adds_to_arguments_is_not_seen_by_tools() {
    let arguments = r#"{"text": "ab", "times": 1, "human_intent": "to repeat"}"#;
    let told = [waiting([ask("c1", "repeat", arguments)]), DONE];
    assert_eq!(texts(&serve(told, |run| run).await.submitted[0]), [r#"{"result":"ab"}"#]);
    let told = [waiting([ask("c1", "intend", r#"{"human_intent": "to know"}"#)]), DONE];
    assert_eq!(texts(&serve(told, |run| run).await.submitted[0]), [r#"{"result":"to know"}"#], "but for its own");
}

#[tokio::test]
async fn a_stop_hands_in_what_runs_and_begins_nothing() {
    let (app, stop) = (App::default(), Arc::new(Notify::new()));
    let stops = Arc::clone(&stop);
    let told = [waiting([ask("c1", "wait", "{}")]), waiting([ask("c2", "who", "{}")]), DONE];
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
async fn nothing_is_begun_after_a_stop() {
    let app = App::default();
    let told = || [waiting([ask("c1", "who", "{}")]), DONE];
    let Served { turn, submitted } = serve_with(&app, told(), |run| run.until(async {})).await;
    assert_eq!((turn.expect("a turn").end, submitted.len()), (TurnEnd::Stopped, 0));

    let (tools, script) = (tools(), Script { recovered: told().into(), ..Script::default() });
    let turn = Run::new(script, &tools, &app, Answers::new()).until(async {}).resume().await.expect("a turn");
    assert_eq!((turn.end, app.runs.load(Ordering::Relaxed)), (TurnEnd::Stopped, 0));
}

#[tokio::test]
async fn a_failure_is_told_with_its_reason() {
    let failed =
        Told::Ended(Ended::Failed { code: Some("retries_exhausted".into()), message: "the model gave up".into() });
    let error = serve([failed], |run| run).await.turn.expect_err("a failure");
    assert_eq!(error.to_string(), "the turn failed: the model gave up (retries_exhausted)");
}
