//! Sets of tools: their order, their joins, what is wrong with them, and the door that is open without any edge.

use coral_tools::{
    BuildErrors, Call, Context, Definition, Dialect, Handler, Origin, Outcome, Reply, Tool, ToolError, Toolset,
    coral_tool, toolset,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Adds one.
#[coral_tool]
fn increment(number: i64) -> i64 {
    number + 1
}

/// Answers at once.
#[coral_tool(title = "Ping!", read_only)]
fn ping() {}

/// Says where the call came from.
#[coral_tool]
fn origin(#[context] origin: Origin) -> String {
    format!("{origin:?}")
}

/// Answers at once, too.
#[coral_tool(name = "ping")]
fn another_ping() {}

/// A root that is no object.
#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind")]
enum Shape {
    Circle { _radius: f64 },
    Square { _side: f64 },
}

/// Draws.
#[coral_tool]
fn draw(#[arg(flatten)] shape: Shape) -> bool {
    matches!(shape, Shape::Circle { .. })
}

fn names(tools: &Toolset) -> Vec<String> {
    tools.descriptors().map(|tool| tool.name().to_owned()).collect()
}

/// Goes on.
#[coral_tool]
fn go(
    #[arg(minimum = 0.7, default = 0.7, example = 0.9)] speed: f32,
    #[arg(default = vec![0.1])] turns: Vec<f32>,
) -> f32 {
    speed + turns.iter().sum::<f32>()
}

#[test]
fn defaults_of_f32_have_the_digits_that_were_written() {
    let tools: Toolset = toolset![go];
    assert!(tools.check().is_ok(), "{:?}", tools.check());
    let tool = tools.descriptor("go").expect("go");
    let shown = &tool.input_schema()["properties"];
    assert_eq!((&shown["speed"]["default"], &shown["speed"]["examples"]), (&json!(0.7), &json!([0.9])));
    assert_eq!(shown["turns"]["default"], json!([0.1]));
}

#[test]
fn tools_keep_their_order() {
    let tools: Toolset = toolset![ping, increment, origin];
    assert_eq!(names(&tools), ["ping", "increment", "origin"]);
    assert_eq!((tools.len(), tools.is_empty()), (3, false));
    let described = tools.descriptor("ping").expect("ping");
    assert_eq!((described.title(), described.description()), (Some("Ping!"), "Answers at once."));
    assert_eq!(described.hints().read_only, Some(true));
    assert!(tools.descriptor("pong").is_none());
}

#[test]
fn sets_of_several_crates_join_and_every_clash_is_told() {
    let ours: Toolset = toolset![ping, increment];
    let theirs: Toolset = toolset![origin];
    assert_eq!(names(&ours.merge(&theirs).expect("no clash")), ["ping", "increment", "origin"]);

    let clashing: Toolset = toolset![increment, origin, another_ping];
    let errors = ours.merge(&clashing).expect_err("two clashes");
    let subjects: Vec<_> = errors.iter().map(coral_tools::BuildError::subject).collect();
    assert_eq!(subjects, ["tool `increment`", "tool `ping`"]);
}

#[test]
fn what_agents_cannot_be_told_is_an_error_with_a_way_out() {
    let tools: Toolset = toolset![draw, ping];
    let errors = tools.check().expect_err("a union at the root").to_string();
    assert!(errors.starts_with("tool `draw`, arguments: "), "{errors}");
    assert!(errors.contains("field"), "the way out: {errors}");
    assert_eq!(names(&tools), ["ping"], "the others are served");
    let both = tools.custom_tools("nowhere").expect_err("a tool and a URL");
    assert_eq!(both.iter().count(), 2, "{both}");
    assert_eq!(format!("{both:?}"), both.to_string(), "what a `main` that fails shows");
}

#[tokio::test]
async fn the_door_is_open_without_an_edge() {
    let tools: Toolset = toolset![increment, origin];
    let outcome = tools.dispatch(Call::new("increment", br#"{"number": 41}"#), &()).await;
    assert!(outcome.is_success());
    assert_eq!(outcome.into_json(), br#"{"result":42}"#);
    let outcome = tools.dispatch(Call::new("origin", b"null"), &()).await;
    assert_eq!(outcome.into_json(), br#"{"result":"Direct"}"#);
    assert!(matches!(tools.dispatch(Call::new("pong", b""), &()).await, Outcome::UnknownTool));
}

#[tokio::test]
async fn bad_arguments_are_told_all_at_once() {
    let tools: Toolset = toolset![increment];
    let body = br#"{"numbr": 1, "other": 2}"#;
    let json: Value =
        serde_json::from_slice(&tools.dispatch(Call::new("increment", body), &()).await.into_json()).unwrap();
    assert_eq!(json["success"], json!(false));
    let details = json["details"].as_array().expect("details");
    assert_eq!(details.len(), 3, "missing, and two unknown: {json}");
    assert!(details.iter().any(|problem| problem["didYouMean"] == "number"), "{json}");
}

/// A tool by hand whose name no provider takes.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Nameless {}

impl Tool for Nameless {
    const NAME: &'static str = "no name";

    fn definition() -> Definition {
        Definition::new(" ").takes::<Self>()
    }
}

impl<S: Sync> Handler<S> for Nameless {
    async fn call(self, _context: &Context<'_, S>) -> Result<Reply, ToolError> {
        Reply::json(&())
    }
}

#[test]
fn a_tool_by_hand_keeps_the_rules_of_names_and_descriptions() {
    let built: Result<Toolset, BuildErrors> =
        Toolset::builder().tool::<Nameless>().tool::<ping>().tool::<ping>().build();
    let errors = built.expect_err("a name, a description, a clash");
    assert_eq!(errors.iter().count(), 3, "{errors}");
}

/// A tree of names.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Branch {
    name: String,
    branches: Vec<Branch>,
}

/// Counts names.
#[coral_tool]
fn count(tree: Branch) -> usize {
    1 + tree.branches.into_iter().map(count).sum::<usize>()
}

#[test]
fn recursion_is_told_in_full_where_it_can_be_and_to_three_levels_elsewhere() {
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
fn below_three_levels_an_enum_has_the_variants_that_end_there() {
    let tools: Toolset = toolset![add];
    let custom_tools = tools.custom_tools("https://your-app.example/coral").expect("custom tools");
    let schema = &custom_tools.to_json(Dialect::Server1_1)["add"]["schema"];
    let deepest = "/properties/sum/anyOf/1/items/anyOf/1/items/anyOf/1/items";
    let expected = json!({"anyOf": [{"type": "integer"}], "description": "A `Sum`, as above."});
    assert_eq!(schema.pointer(deepest), Some(&expected), "{schema}");
}
