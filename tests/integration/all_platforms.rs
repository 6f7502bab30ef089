//! The same toolset and arguments give the same results on every platform.

use std::collections::BTreeMap;

use coral_stand_in::{everruns, qoder};
use coral_tools::middleware::{Next, ResultSizeLimit};
use coral_tools::platform::{Run, RunLimits, everruns as everruns_client, qoder as qoder_client};
use coral_tools::serde::de::DeserializeOwned;
use coral_tools::testing::Harness;
use coral_tools::{
    CallContext, CallOrigin, Context, DynamicTool, Everruns, Outcome, Qoder, ToolError, Toolset, coral_tool, toolset,
};
use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Adds numbers.
#[coral_tool]
fn add(
    /// The first summand.
    #[arg(default = 1, minimum = 0, maximum = 100)]
    start: u32,
    /// The other summands.
    #[arg(max_items = 3)]
    numbers: Vec<i64>,
) -> i64 {
    numbers.iter().fold(start.into(), |sum, number| sum.wrapping_add(*number))
}

/// Returns ages.
#[coral_tool]
fn describe(
    name: String,
    /// Ages by name.
    ages: BTreeMap<String, f64>,
    nickname: Option<String>,
) -> Result<BTreeMap<String, f64>, ToolError> {
    if name.is_empty() { Err(ToolError::new(format!("who? {nickname:?}"))) } else { Ok(ages) }
}

/// Does nothing.
#[coral_tool]
fn nothing() {}

/// Panics.
#[coral_tool]
fn panics(#[context] call: CallContext) {
    assert!(call.session_id().is_empty(), "this always fails");
}

/// Rejects the session.
#[coral_tool]
fn unknown_session() -> Result<(), ToolError> {
    Err(ToolError::unknown_session())
}

/// Returns the origin of the call.
#[coral_tool]
fn origin(#[context] origin: CallOrigin) -> String {
    format!("{origin:?}")
}

fn tools() -> Toolset {
    toolset![add, describe, nothing, panics, unknown_session, origin]
}

/// Valid and invalid arguments.
fn calls(rng: &mut Rng) -> Vec<(&'static str, Value)> {
    let mut calls = vec![
        ("add", json!({"start": 5, "numbers": [1, 2]})),
        ("add", json!({"start": 5.0, "numbers": [-1, 9_007_199_254_740_993_i64]})),
        ("add", json!({"start": null, "numbers": []})),
        ("add", json!({"strat": 5, "numbers": "1", "other": true})),
        ("add", json!({"start": 101, "numbers": [1, 2, 3, 4, 1.5]})),
        ("describe", json!({"name": "Zoë \"☃\"\n", "ages": {"a/b": 1e3, "": -0.5}})),
        ("describe", json!({"name": "", "ages": {}, "nickname": "x\u{7}"})),
        ("describe", json!({})),
        ("nothing", json!({})),
        ("panics", json!({})),
    ];
    for _ in 0..40 {
        let tool = if rng.bool() { "add" } else { "describe" };
        let names = ["start", "numbers", "name", "ages", "nickname", "Name"];
        let count = rng.usize(0..4);
        let fields = rng.choose_multiple(names, count).into_iter().map(|name| (name.to_owned(), value(rng, 2)));
        calls.push((tool, Value::Object(fields.collect())));
    }
    calls
}

fn value(rng: &mut Rng, depth: usize) -> Value {
    match rng.u8(0..if depth == 0 { 5 } else { 7 }) {
        0 => Value::Null,
        1 => rng.bool().into(),
        2 => rng.i64(-3..120).into(),
        3 => (f64::from(rng.i32(-9..9)) / 2.0).into(),
        4 => ["", "text", "Zoë", "5"][rng.usize(0..4)].into(),
        5 => (0..rng.usize(0..4)).map(|_| value(rng, depth - 1)).collect(),
        _ => (0..rng.usize(0..3)).map(|i| (format!("k{i}"), value(rng, depth - 1))).collect::<Map<_, _>>().into(),
    }
}

async fn results_on_coral(calls: &[(&'static str, Value)]) -> Vec<Value> {
    results_of(&tools(), calls).await
}

/// The results on Coral of the calls of a toolset.
async fn results_of(tools: &Toolset, calls: &[(&'static str, Value)]) -> Vec<Value> {
    let harness = Harness::new(tools, ());
    let mut results = Vec::new();
    for (tool, arguments) in calls {
        results.push(parse(harness.call((*tool, arguments.clone())).await.text()));
    }
    results
}

async fn results_on_everruns(tools: &Toolset, calls: &[(&'static str, Value)]) -> Vec<Value> {
    use everruns::{EverrunsStandIn, Step};
    let turn = [Step::calls(calls.to_vec()), Step::message("Done.")];
    let stand_in = EverrunsStandIn::builder().turn(turn).start().await.expect("a stand-in");
    let everruns = Everruns::at(stand_in.url()).key(stand_in.key());
    let request = everruns_client::NewSession::without_agent().tools(tools);
    let session = everruns.create_session(&request).await.expect("a session");
    let limits = RunLimits::new().calls_per_batch(calls.len());
    session.run(tools, &()).limits(limits).message("go").await.expect("a turn");
    stand_in.tool_results().iter().map(|result| parse(&result.text)).collect()
}

async fn results_on_qoder(tools: &Toolset, calls: &[(&'static str, Value)]) -> Vec<Value> {
    use qoder::{QoderStandIn, Step};
    let turn = [Step::calls(calls.to_vec()), Step::message("Done.")];
    let stand_in = QoderStandIn::builder().turn(turn).start().await.expect("a stand-in");
    let qoder = Qoder::at(stand_in.url()).key(stand_in.key());
    let environment = qoder_client::NewEnvironment::cloud("e");
    let environment = qoder.create_environment(&environment).await.expect("an environment");
    let agent = qoder_client::NewAgent::new("a", "m").tools(tools);
    let agent = qoder.create_agent(&agent).await.expect("an agent");
    let session = qoder_client::NewSession::new(&agent, &environment.id);
    let session = qoder.create_session(&session).await.expect("a session");
    let limits = RunLimits::new().calls_per_batch(calls.len());
    session.run(tools, &()).limits(limits).message("go").await.expect("a turn");
    stand_in.tool_results().iter().map(|result| parse(&result.text)).collect()
}

fn parse(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[tokio::test]
async fn the_same_arguments_have_the_same_result_on_every_platform() {
    let seed = fastrand::u64(..);
    let calls = calls(&mut Rng::with_seed(seed));
    let coral = results_on_coral(&calls).await;
    for (platform, results) in
        [("Everruns", results_on_everruns(&tools(), &calls).await), ("Qoder", results_on_qoder(&tools(), &calls).await)]
    {
        assert_eq!(results.len(), coral.len(), "{platform}");
        for ((call, coral), result) in calls.iter().zip(&coral).zip(&results) {
            assert_eq!(result, coral, "{platform}, seed {seed}: {call:?}");
        }
    }
}

/// The tools `add` and `describe`, described by the schemas of those functions.
fn dynamic_tools() -> Toolset {
    let schema = |tool: &str| Value::Object(tools().descriptor(tool).expect("the tool").input_schema().clone());
    let add_numbers = DynamicTool::new("add", "Adds numbers.", schema("add"), |arguments| async {
        let arguments: add = from_arguments(arguments)?;
        Ok::<_, ToolError>(add(arguments.start, arguments.numbers))
    });
    let describe_ages = DynamicTool::new("describe", "Returns ages.", schema("describe"), |arguments| async {
        let arguments: describe = from_arguments(arguments)?;
        describe(arguments.name, arguments.ages, arguments.nickname)
    });
    Toolset::builder().dynamic(add_numbers).dynamic(describe_ages).build().expect("valid schemas")
}

/// Without the checks of a toolset: the arguments must be valid, and have their defaults.
fn from_arguments<T: DeserializeOwned>(arguments: Map<String, Value>) -> Result<T, ToolError> {
    Ok(serde_json::from_value(Value::Object(arguments))?)
}

#[tokio::test]
async fn a_tool_made_from_a_schema_behaves_as_the_function_with_that_schema() {
    let seed = fastrand::u64(..);
    let mut calls = calls(&mut Rng::with_seed(seed));
    calls.retain(|(tool, _)| ["add", "describe"].contains(tool));
    let expected = results_on_coral(&calls).await;
    let results = results_of(&dynamic_tools(), &calls).await;
    for ((call, expected), result) in calls.iter().zip(&expected).zip(&results) {
        assert_eq!(result, expected, "seed {seed}: {call:?}");
    }
}

#[tokio::test]
async fn a_tool_can_read_the_origin_of_a_call() {
    let calls = [("origin", json!({}))];
    assert_eq!(results_on_coral(&calls).await, [json!({"result": "Coral"})]);
    assert_eq!(results_on_everruns(&tools(), &calls).await, [json!({"result": "Everruns"})]);
    assert_eq!(results_on_qoder(&tools(), &calls).await, [json!({"result": "Qoder"})]);
}

/// On Coral the status is 400; the body is the same as on other platforms.
#[tokio::test]
async fn an_unknown_session_is_reported_to_the_agent() {
    let calls = [("unknown_session", json!({}))];
    let expected = json!({"success": false, "error": "Invalid session"});
    for results in [
        results_on_coral(&calls).await,
        results_on_everruns(&tools(), &calls).await,
        results_on_qoder(&tools(), &calls).await,
    ] {
        assert_eq!(results, std::slice::from_ref(&expected));
    }
}

#[tokio::test]
async fn a_panic_is_reported_and_does_not_affect_other_calls() {
    let calls = [("panics", json!({})), ("nothing", json!({}))];
    let coral = results_on_coral(&calls).await;
    assert_eq!((&coral[0]["success"], &coral[1]), (&json!(false), &json!({"success": true})));
    assert!(!coral[0].to_string().contains("this always fails"), "the panic message is only logged");
    for results in [results_on_everruns(&tools(), &calls).await, results_on_qoder(&tools(), &calls).await] {
        assert_eq!(results, coral);
    }
}

/// So that a program can store runs of several platforms in one field.
#[test]
fn runs_of_all_platforms_have_one_type() {
    let tools = tools();
    let everruns = Everruns::at("http://localhost").session("s");
    let qoder = Qoder::at("http://localhost").session("s");
    let runs: [Run<'_, ()>; 2] = [everruns.run(&tools, &()), qoder.run(&tools, &())];
    assert!(runs.iter().all(|run| format!("{run:?}").starts_with(r#"Run { session: "s""#)), "{runs:?}");
}

/// Rejects the call with what a middleware knows about it.
async fn reject(context: &Context<'_, ()>, next: Next<'_, ()>) -> Outcome {
    let arguments = String::from_utf8_lossy(context.call().arguments());
    let empty = arguments.trim() == "{}" && context.session_id().is_some();
    Outcome::rejected(format!("{} of {:?}, {empty}", next.descriptor().name(), context.origin()))
}

#[tokio::test]
async fn middleware_runs_on_every_platform() {
    let tools = tools().with(ResultSizeLimit::new(15)).with_for::<origin>(reject);
    let calls =
        [("origin", json!({})), ("add", json!({"numbers": []})), ("describe", json!({"name": "x", "ages": {"y": 1}}))];
    for (platform, results) in [
        ("Coral", results_of(&tools, &calls).await),
        ("Everruns", results_on_everruns(&tools, &calls).await),
        ("Qoder", results_on_qoder(&tools, &calls).await),
    ] {
        assert_eq!(results[0], json!({"success": false, "error": format!("origin of {platform}, true")}));
        assert_eq!(results[1], json!({"result": 1}));
        let error = results[2]["error"].as_str().unwrap_or_default();
        assert!(error.contains("and at most 15 are allowed"), "{platform}: {error}");
    }
}
