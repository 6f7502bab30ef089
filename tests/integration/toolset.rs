//! Toolsets: order, merging, problems, the rendered schemas, and direct dispatch.

use std::collections::HashMap;
use std::sync::Arc;

use coral_tools::store::{MemoryStore, Store};
use coral_tools::{
    Agent, BuildErrors, Call, CallOrigin, Context, Definition, Dialect, Handler, Outcome, Reply, Runtime,
    SessionRequest, Tool, ToolError, Toolset, coral_tool, toolset,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Adds one.
#[coral_tool]
fn increment(number: i64) -> i64 {
    number + 1
}

/// Does nothing.
#[coral_tool(title = "Ping!", read_only)]
fn ping() {}

/// Returns the origin of the call.
#[coral_tool]
fn origin(#[context] origin: CallOrigin) -> String {
    format!("{origin:?}")
}

/// Does nothing either.
#[coral_tool(name = "ping")]
fn another_ping() {}

/// A union, which cannot be the schema of all arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind")]
pub(crate) enum Shape {
    Circle { _radius: f64 },
    Square { _side: f64 },
}

/// Is not valid.
#[coral_tool]
pub(crate) fn draw(#[arg(flatten)] shape: Shape) -> bool {
    matches!(shape, Shape::Circle { .. })
}

fn names(tools: &Toolset) -> Vec<String> {
    tools.descriptors().map(|tool| tool.name().to_owned()).collect()
}

/// Moves.
#[coral_tool]
fn drive(
    #[arg(minimum = 0.7, default = 0.7, example = 0.9)] speed: f32,
    #[arg(default = vec![0.1])] turns: Vec<f32>,
) -> f32 {
    speed + turns.iter().sum::<f32>()
}

#[test]
fn f32_defaults_and_examples_keep_the_digits_of_the_source() {
    let tools: Toolset = toolset![drive];
    assert!(tools.check().is_ok(), "{:?}", tools.check());
    let tool = tools.descriptor("drive").expect("drive");
    let properties = &tool.input_schema()["properties"];
    assert_eq!((&properties["speed"]["default"], &properties["speed"]["examples"]), (&json!(0.7), &json!([0.9])));
    assert_eq!(properties["turns"]["default"], json!([0.1]));
}

#[test]
fn tools_keep_their_order() {
    let tools: Toolset = toolset![ping, increment, origin];
    assert_eq!(names(&tools), ["ping", "increment", "origin"]);
    assert_eq!((tools.len(), tools.is_empty()), (3, false));
    let none: Toolset = toolset![];
    assert_eq!((none.len(), none.is_empty()), (0, true));
    let descriptor = tools.descriptor("ping").expect("ping");
    assert_eq!((descriptor.title(), descriptor.description()), (Some("Ping!"), "Does nothing."));
    assert_eq!(descriptor.hints().read_only, Some(true));
    assert!(tools.descriptor("pong").is_none());
    let increment = tools.descriptor("increment").expect("increment");
    assert!(increment.hints().is_empty() && !descriptor.hints().is_empty());
}

#[test]
fn merging_toolsets_reports_every_duplicate_name() {
    let first: Toolset = toolset![ping, increment];
    let second: Toolset = toolset![origin];
    assert_eq!(names(&first.merge(&second).expect("unique names")), ["ping", "increment", "origin"]);

    let duplicates: Toolset = toolset![increment, origin, another_ping];
    let errors = first.merge(&duplicates).expect_err("two duplicate names");
    let subjects: Vec<_> = errors.iter().map(coral_tools::BuildError::subject).collect();
    assert_eq!(subjects, ["tool `increment`", "tool `ping`"]);
}

#[test]
fn a_tool_without_a_valid_schema_is_an_error_with_advice() {
    let tools: Toolset = toolset![draw, ping];
    let errors = tools.check().expect_err("a union at the root").to_string();
    assert!(errors.starts_with("tool `draw`, arguments: "), "{errors}");
    assert!(errors.contains("field"), "the advice: {errors}");
    assert_eq!(names(&tools), ["ping"], "the other tools are served");
    let problems = tools.custom_tools("nowhere").expect_err("a tool and a URL");
    assert_eq!(problems.iter().count(), 2, "{problems}");
    assert_eq!(format!("{problems:?}"), problems.to_string(), "a `main` that returns an error prints its `Debug` form");
}

#[tokio::test]
async fn calls_can_be_dispatched_without_a_platform() {
    let tools: Toolset = toolset![increment, origin];
    let outcome = tools.dispatch(Call::new("increment", br#"{"number": 41}"#), &()).await;
    assert!(outcome.is_success());
    assert_eq!(outcome.into_json(), br#"{"result":42}"#);
    let outcome = tools.dispatch(Call::new("origin", b"null"), &()).await;
    assert_eq!(outcome.into_json(), br#"{"result":"Direct"}"#);
    assert!(matches!(tools.dispatch(Call::new("pong", b""), &()).await, Outcome::UnknownTool));
}

#[tokio::test]
async fn all_problems_of_the_arguments_are_reported_together() {
    let tools: Toolset = toolset![increment];
    let body = br#"{"numbr": 1, "other": 2}"#;
    let json: Value =
        serde_json::from_slice(&tools.dispatch(Call::new("increment", body), &()).await.into_json()).unwrap();
    assert_eq!(json["success"], json!(false));
    let details = json["details"].as_array().expect("details");
    assert_eq!(details.len(), 3, "missing, and two unknown: {json}");
    assert!(details.iter().any(|problem| problem["didYouMean"] == "number"), "{json}");
}

#[tokio::test]
async fn arguments_that_are_not_json_have_an_error_without_details() {
    let tools: Toolset = toolset![increment];
    let outcome = tools.dispatch(Call::new("increment", br#"{"number": "#), &()).await;
    let expected =
        r#"{"success":false,"error":"arguments are not valid JSON (line 1, column 11); send one JSON object"}"#;
    assert_eq!(String::from_utf8_lossy(&outcome.into_json()), expected);
}

/// A hand-written tool with an invalid name and an empty description.
#[derive(Serialize, Deserialize, JsonSchema)]
struct InvalidName {}

impl Tool for InvalidName {
    const NAME: &'static str = "invalid name";

    fn definition() -> Definition {
        Definition::new(" ").takes::<Self>()
    }
}

impl<S: Sync> Handler<S> for InvalidName {
    async fn call(self, _context: &Context<'_, S>) -> Result<Reply, ToolError> {
        Reply::json(&())
    }
}

#[test]
fn hand_written_tools_are_checked_for_names_and_descriptions() {
    let built: Result<Toolset, BuildErrors> =
        Toolset::builder().tool::<InvalidName>().tool::<ping>().tool::<ping>().build();
    let errors = built.expect_err("an invalid name, an empty description, a duplicate name");
    assert_eq!(errors.iter().count(), 3, "{errors}");
}

/// A tree with a name at each node.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Branch {
    name: String,
    branches: Vec<Branch>,
}

/// Counts the names of a tree.
#[coral_tool]
fn count(tree: Branch) -> usize {
    1 + tree.branches.into_iter().map(count).sum::<usize>()
}

#[test]
fn recursive_types_use_defs_if_the_dialect_has_them_and_three_levels_otherwise() {
    let tools: Toolset = toolset![count];
    let custom_tools = tools.custom_tools("https://your-app.example/coral").expect("custom tools");
    let newest = custom_tools.to_json(Dialect::Server1_2);
    assert!(newest["count"]["inputSchema"]["$defs"].is_object(), "{newest}");
    for dialect in [Dialect::Cloud, Dialect::Server1_1, Dialect::Server1_0] {
        let text = custom_tools.to_json(dialect).to_string();
        assert!(!text.contains("$ref") && !text.contains("$defs"), "{dialect:?}: {text}");
        assert!(text.contains("as above"), "{dialect:?}: {text}");
    }
}

/// A sum, or a number.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Sum {
    Number(i64),
    Sum(Vec<Sum>),
}

impl Sum {
    fn value(&self) -> i64 {
        match self {
            Self::Number(number) => *number,
            Self::Sum(parts) => parts.iter().map(Self::value).sum(),
        }
    }
}

/// Adds.
#[coral_tool]
fn add(sum: Sum) -> i64 {
    sum.value()
}

#[test]
fn unrolled_enums_end_with_their_nonrecursive_variants() {
    let tools: Toolset = toolset![add];
    let custom_tools = tools.custom_tools("https://your-app.example/coral").expect("custom tools");
    let schema = &custom_tools.to_json(Dialect::Server1_1)["add"]["schema"];
    let deepest = "/properties/sum/anyOf/1/items/anyOf/1/items/anyOf/1/items";
    let expected = json!({"anyOf": [{"type": "integer"}], "description": "A `Sum`, as above."});
    assert_eq!(schema.pointer(deepest), Some(&expected), "{schema}");
}

#[derive(Deserialize, JsonSchema)]
struct Query {
    #[serde(rename = "$filter")]
    _filter: String,
}

/// Searches.
#[coral_tool]
fn search(#[arg(flatten)] query: Query) -> bool {
    query._filter.is_empty()
}

/// Searches in the field of an argument.
#[coral_tool]
fn nested_search(query: Query) -> bool {
    query._filter.is_empty()
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum Area {
    Point { _x: u8 },
    Line { _x: u8, _length: u8 },
}

/// Marks.
#[coral_tool]
fn mark(area: Area) -> bool {
    matches!(area, Area::Point { .. } | Area::Line { .. })
}

#[derive(Deserialize, JsonSchema, PartialEq, Eq, Hash)]
struct Cell {
    _row: u8,
}

/// Fills.
#[coral_tool]
fn fill(cells: HashMap<Cell, u8>) -> usize {
    cells.len()
}

#[derive(Deserialize, JsonSchema)]
struct Paging {
    _offset: u32,
    _limit: u32,
}

#[derive(Deserialize, JsonSchema)]
struct Listing {
    #[serde(flatten)]
    _paging: Option<Paging>,
}

/// Lists.
#[coral_tool]
fn list(#[arg(flatten)] listing: Listing) -> bool {
    listing._paging.is_some()
}

/// Repeats.
#[coral_tool]
fn repeat(#[arg(minimum = 1, default)] times: u8) -> u8 {
    times
}

#[test]
fn types_that_do_not_agree_with_their_schema_are_errors() {
    let tools: Toolset = toolset![search, mark, fill, list, repeat, ping];
    let errors = tools.check().expect_err("five errors");
    let dropped = "is missing, because both are fields of a flattened `Option`; make them an `Option` each, or do not \
                   flatten the struct";
    let expected = [
        "tool `search`, arguments: `$filter`: this is not a valid argument name: start with a letter or `_`, then use at \
         most 63 letters, digits or `_`; rename the field with `#[serde(rename = \"…\")]`"
            .to_owned(),
        "tool `mark`, arguments: `area`: serde reads the first variant that matches, so it reads some values with \
         `_length` as an earlier variant and drops it; write `#[serde(deny_unknown_fields)]` on the enum or the struct of \
         the earlier variant, or move the variant with more fields up"
            .to_owned(),
        "tool `fill`, arguments: `cells.*`: serde cannot read the keys of this map from JSON, whose keys are strings; use \
         strings, or put key and value in a struct and use a `Vec`. Integers are keys only outside of tagged, untagged \
         and flattened types"
            .to_owned(),
        format!("tool `list`, arguments: `_offset`: serde drops this field if `_limit` {dropped}"),
        format!("tool `list`, arguments: `_limit`: serde drops this field if `_offset` {dropped}"),
        "tool `repeat`, arguments: `times`: the default is not valid for the schema: expected an integer between 1 and \
         255; change the default or the constraints"
            .to_owned(),
    ];
    assert_eq!(errors.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    assert_eq!(names(&tools), ["ping"]);
}

#[test]
fn names_that_some_providers_reject_are_warnings() {
    let tools: Toolset = toolset![nested_search, ping];
    assert!(tools.check().is_ok());
    let expected = ["tool `nested_search`, arguments: `query.$filter`: some model providers reject this name of a \
                     property: start with a letter or `_`, then use at most 63 letters, digits or `_`; rename the field \
                     with `#[serde(rename = \"…\")]`"];
    assert_eq!(tools.warnings().iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    let tools: Toolset = toolset![nested_search];
    let request = SessionRequest::in_namespace("default")
        .agent(Agent::local("a", "1.0.0", Runtime::Docker).can_call::<nested_search>())
        .tools(&tools, "https://your-app.example");
    assert_eq!(request.warnings().iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
}

#[test]
fn a_merged_set_has_the_store_of_the_first_set_that_has_one() {
    let stores: [Arc<dyn Store>; 2] = [Arc::new(MemoryStore::new()), Arc::new(MemoryStore::new())];
    let [first, second] = &stores;
    let (one, other): (Toolset, Toolset) = (toolset![increment], toolset![ping]);
    let stored = |a: &Toolset, b: &Toolset| a.merge(b).expect("different names").store().cloned();
    let (one_stored, other_stored) =
        (one.clone().with_shared_store(first.clone()), other.clone().with_shared_store(second.clone()));
    assert!(stored(&one, &other).is_none());
    assert!(stored(&one_stored, &other).is_some_and(|store| Arc::ptr_eq(&store, first)));
    assert!(stored(&one, &other_stored).is_some_and(|store| Arc::ptr_eq(&store, second)));
    assert!(stored(&one_stored, &other_stored).is_some_and(|store| Arc::ptr_eq(&store, first)));
}

#[tokio::test]
async fn a_merged_set_has_the_larger_limit_of_results() {
    let (small, large): (Toolset, Toolset) =
        (toolset![increment].max_result_bytes(1), toolset![ping].max_result_bytes(100));
    let merged = [small.merge(&large), large.merge(&small)];
    for tools in merged.map(|merged| merged.expect("different names")) {
        let outcome = tools.dispatch(Call::new("increment", br#"{"number": 1}"#), &()).await;
        assert!(outcome.is_success(), "{outcome:?}");
    }
    let smaller = toolset![ping].max_result_bytes(5);
    let tools = small.merge(&smaller).expect("different names");
    let outcome = tools.dispatch(Call::new("increment", br#"{"number": 1}"#), &()).await;
    assert!(matches!(outcome, Outcome::Rejected(_)), "{outcome:?}");
}
