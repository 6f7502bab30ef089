//! Functions with `#[coral_tool]`.

use std::collections::BTreeMap;

use coral_tools::schemars::JsonSchema;
use coral_tools::serde::{Deserialize, Serialize};
use coral_tools::{Call, CallContext, State, ToolError, Toolset, coral_tool, toolset};
use serde_json::{Value, json};

#[derive(Debug, Clone)]
struct Reports {
    prefix: &'static str,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Receipt {
    id: String,
}

/// Submit a completed report.
///
/// - Only once.
///   - Really.
#[coral_tool(title = "Submit", timeout = "5s", read_only = false, idempotent)]
async fn submit_report(
    /// The title of the report.
    title: String,
    /// The report content, in Markdown.
    #[arg(min_length = 1)]
    content: String,
    #[arg(default = 3, minimum = 1, maximum = 5)] stars: Option<u8>,
    note: Option<String>,
    #[context] call: CallContext,
    #[context] State(reports): State<Reports>,
) -> Result<Receipt, ToolError> {
    if note.is_some() {
        return Err(ToolError::new("no notes, please"));
    }
    Ok(Receipt { id: format!("{}/{}/{title}/{}/{stars:?}", reports.prefix, call.session_id(), content.len()) })
}

/// Adds.
#[coral_tool]
fn add(a: i64, mut b: i64) -> i64 {
    b += a;
    b
}

/// Answers at once.
#[coral_tool(blocking)]
fn ping() {}

#[derive(Serialize, JsonSchema)]
struct Done;

/// Finishes.
#[coral_tool]
fn finish() -> Done {
    Done
}

type ParseResult<T> = Result<T, std::num::ParseIntError>;

/// Parses a number.
#[coral_tool(name = "parse-number")]
fn parse(r#type: String) -> ParseResult<u8> {
    r#type.parse()
}

/// A point.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Point {
    x: i32,
    #[serde(default)]
    y: i32,
}

mod nested {
    use super::{Point, coral_tool};

    /// Mirrors a point.
    #[coral_tool]
    pub(super) fn mirror(#[arg(flatten)] point: Point) -> Point {
        Point { x: point.y, y: point.x }
    }
}

/// Returns its arguments as text.
#[coral_tool]
fn show(
    #[arg(default)] a: u8,
    #[arg(default = "x")] b: String,
    #[arg(default = 1 + 1, rename = "see")] c: Option<u32>,
    #[arg(default = ["p", "q"])] d: Vec<String>,
    #[arg(default = 3)] e: f64,
    #[arg(default = Opaque, example = Opaque)] f: Opaque,
) -> String {
    format!("{a} {b} {c:?} {d:?} {e} {f:?}")
}

/// A type that cannot be serialized.
#[derive(Debug, Deserialize, JsonSchema)]
struct Opaque;

/// Panics, on a thread for blocking work.
#[coral_tool(blocking)]
fn panics() -> Result<(), ToolError> {
    panic!("failed")
}

fn tools() -> Toolset<Reports> {
    toolset![submit_report, add, ping, finish, parse, nested::mirror, show, panics]
}

async fn call(tool: &str, arguments: Value) -> Value {
    let tools = tools();
    tools.check().expect("valid tools");
    let arguments = arguments.to_string();
    let call = Call::new(tool, arguments.as_bytes()).in_session("s").by_agent("a");
    let outcome = tools.dispatch(call, &Reports { prefix: "p" }).await;
    serde_json::from_slice(&outcome.into_json()).expect("JSON")
}

#[tokio::test]
async fn the_function_receives_arguments_and_context() {
    let result = call("submit_report", json!({ "title": "t", "content": "abc" })).await;
    assert_eq!(result, json!({ "id": "p/s/t/3/Some(3)" }));
    let result = call("submit_report", json!({ "title": "t", "content": "abc", "note": "x" })).await;
    assert_eq!(result["error"], "no notes, please");
}

#[tokio::test]
async fn results_of_every_type_are_returned() {
    assert_eq!(call("add", json!({ "a": 2, "b": 3 })).await, json!({ "result": 5 }));
    assert_eq!(call("ping", json!({})).await, json!({ "success": true }));
    assert_eq!(call("finish", json!({})).await, json!({ "result": null }));
    assert_eq!(call("parse-number", json!({ "type": "7" })).await, json!({ "result": 7 }));
    assert_eq!(call("parse-number", json!({ "type": "x" })).await["error"], "the tool failed");
    assert_eq!(call("mirror", json!({ "x": 1 })).await, json!({ "x": 0, "y": 1 }));
}

#[tokio::test]
async fn missing_arguments_have_their_defaults() {
    assert_eq!(call("show", json!({})).await["result"], r#"0 x Some(2) ["p", "q"] 3 Opaque"#);
    let arguments = json!({ "a": 1, "b": "y", "see": 5, "d": [], "e": 0.5 });
    assert_eq!(call("show", arguments).await["result"], "1 y Some(5) [] 0.5 Opaque");
}

#[test]
fn serializable_defaults_are_in_the_schema() {
    let tools = tools();
    let tool = tools.descriptor("show").expect("the tool");
    let properties = &tool.input_schema()["properties"];
    assert_eq!(properties["b"]["default"], "x");
    assert_eq!(properties["see"]["default"], 2);
    assert_eq!(properties["d"]["default"], json!(["p", "q"]));
    assert!(properties["f"].get("default").is_none());
}

#[tokio::test]
async fn a_panic_of_a_blocking_tool_is_an_error() {
    assert_eq!(call("panics", json!({})).await["error"], "the tool failed");
}

#[test]
fn the_definition_comes_from_the_function() {
    let tools = tools();
    let tool = tools.descriptor("submit_report").expect("the tool");
    assert_eq!(tool.description(), "Submit a completed report.\n\n- Only once.\n  - Really.");
    assert_eq!(tool.title(), Some("Submit"));
    assert_eq!(tool.timeout(), Some(std::time::Duration::from_secs(5)));
    let schema = tool.input_schema();
    assert_eq!(schema["required"], json!(["title", "content"]));
    assert_eq!(schema["properties"]["title"]["description"], "The title of the report.");
    assert_eq!(schema["properties"]["stars"]["default"], 3);
}

#[test]
fn the_function_can_be_called_and_its_name_is_a_type() {
    assert_eq!(add(1, 2), 3);
    let arguments = add { a: 1, b: 2 };
    assert_eq!(serde_json::to_value(&arguments).expect("JSON"), json!({ "a": 1, "b": 2 }));
    assert_eq!(format!("{arguments:?}"), "add { a: 1, b: 2 }");
}

/// Changes a customer.
#[coral_tool]
fn change_customer(
    /// The new nickname; `null` removes it.
    nickname: Option<Option<String>>,
    /// The new limit.
    limit: Option<u32>,
) -> String {
    format!("{nickname:?} {limit:?}")
}

#[tokio::test]
async fn an_option_of_an_option_has_a_meaning_for_null() {
    let tools: Toolset = toolset![change_customer];
    let schema = tools.descriptor("change_customer").expect("the tool").input_schema().clone();
    let nickname = json!([{ "type": "string" }, { "type": "null" }]);
    assert_eq!(schema["properties"]["nickname"]["anyOf"], nickname);
    assert_eq!(schema["required"], json!([]));
    let cases = [
        (json!({}), "None None"),
        (json!({ "nickname": null, "limit": null }), "Some(None) None"),
        (json!({ "nickname": "Bo", "limit": 3 }), "Some(Some(\"Bo\")) Some(3)"),
    ];
    for (arguments, expected) in cases {
        let body = arguments.to_string();
        let outcome = tools.dispatch(Call::new("change_customer", body.as_bytes()), &()).await;
        let json: Value = serde_json::from_slice(&outcome.into_json()).expect("JSON");
        assert_eq!(json["result"], expected, "{body}");
    }
    let absent = change_customer { nickname: None, limit: None };
    assert_eq!(serde_json::to_value(&absent).expect("JSON"), json!({ "limit": null }));
    let cleared = change_customer { nickname: Some(None), limit: None };
    assert_eq!(serde_json::to_value(&cleared).expect("JSON"), json!({ "nickname": null, "limit": null }));
}

/// Orders an article.
#[coral_tool(rename_all = "camelCase")]
fn order_article(
    article_number: u64,
    #[arg(default = 1)] item_count: u8,
    #[arg(rename = "note")] note_for_the_seller: Option<String>,
) -> String {
    format!("{article_number} {item_count} {note_for_the_seller:?}")
}

#[tokio::test]
async fn rename_all_renames_every_argument_without_its_own_name() {
    let tools: Toolset = toolset![order_article];
    let schema = tools.descriptor("order_article").expect("the tool").input_schema().clone();
    let names: Vec<_> = schema["properties"].as_object().expect("properties").keys().collect();
    assert_eq!(names, ["articleNumber", "itemCount", "note"]);
    assert_eq!(schema["required"], json!(["articleNumber"]));
    let call = Call::new("order_article", br#"{"articleNumber": 7, "itemCount": 2, "note": "n"}"#);
    let json: Value = serde_json::from_slice(&tools.dispatch(call, &()).await.into_json()).expect("JSON");
    assert_eq!(json, json!({ "result": "7 2 Some(\"n\")" }));
    let call = Call::new("order_article", br#"{"article_number": 7}"#);
    let json: Value = serde_json::from_slice(&tools.dispatch(call, &()).await.into_json()).expect("JSON");
    assert_eq!(json["details"][0]["didYouMean"], "articleNumber");
    let arguments = order_article { article_number: 1, item_count: 2, note_for_the_seller: None };
    assert_eq!(
        serde_json::to_value(&arguments).expect("JSON"),
        json!({ "articleNumber": 1, "itemCount": 2, "note": null })
    );
}

/// Tags an article.
#[coral_tool]
fn tag_article(
    #[arg(max_items = 3, items(min_length = 2, pattern = "^[a-z]+$"))] tags: Vec<String>,
    #[arg(items(minimum = 1, maximum = 5))] ratings: Option<Vec<u8>>,
) -> String {
    format!("{tags:?} {ratings:?}")
}

#[tokio::test]
async fn items_have_constraints() {
    let tools: Toolset = toolset![tag_article];
    let schema = tools.descriptor("tag_article").expect("the tool").input_schema().clone();
    let tags = &schema["properties"]["tags"];
    assert_eq!((&tags["maxItems"], &tags["items"]["minLength"]), (&json!(3), &json!(2)));
    assert_eq!(tags["items"]["pattern"], "^[a-z]+$");
    let ratings = &schema["properties"]["ratings"]["items"];
    assert_eq!((&ratings["minimum"], &ratings["maximum"]), (&json!(1), &json!(5)));
    let call = Call::new("tag_article", br#"{"tags": ["ab", "c", "D1"], "ratings": [5, 6]}"#);
    let json: Value = serde_json::from_slice(&tools.dispatch(call, &()).await.into_json()).expect("JSON");
    let locations: Vec<_> = json["details"].as_array().expect("details").iter().map(|one| &one["path"]).collect();
    assert_eq!(locations, ["tags[1]", "tags[2]", "ratings[1]"]);
    let call = Call::new("tag_article", br#"{"tags": ["ab"]}"#);
    let json: Value = serde_json::from_slice(&tools.dispatch(call, &()).await.into_json()).expect("JSON");
    assert_eq!(json["result"], r#"["ab"] None"#);
}

/// Part of a list.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Paging {
    /// The first item.
    #[serde(default)]
    first_item: u32,
    #[schemars(range(min = 1, max = 100))]
    limit: u8,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Filter {
    since: Option<String>,
    sort: Option<Sort>,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
enum Sort {
    Oldest,
    By(String),
}

/// Lists reports.
#[coral_tool]
fn list_reports(
    /// The author's name.
    author: String,
    #[arg(flatten)] page: Paging,
    #[arg(default = 2026)] year: u16,
    #[arg(flatten)] filter: Filter,
) -> String {
    format!("{author} {page:?} {year} {filter:?}")
}

/// Collides.
#[coral_tool]
fn collide(limit: u8, #[arg(flatten)] page: Paging) {
    let _ = (limit, page);
}

/// Flattens a map.
#[coral_tool]
fn flatten_map(a: u8, #[arg(flatten)] b: BTreeMap<String, u8>) {
    let _ = (a, b);
}

/// Flattens a number.
#[coral_tool]
fn flatten_number(a: u8, #[arg(flatten)] b: u8) {
    let _ = (a, b);
}

async fn list_reports_with(arguments: Value) -> Value {
    let tools: Toolset = toolset![list_reports];
    tools.check().expect("a valid tool");
    let body = arguments.to_string();
    let outcome = tools.dispatch(Call::new("list_reports", body.as_bytes()), &()).await;
    serde_json::from_slice(&outcome.into_json()).expect("JSON")
}

#[tokio::test]
async fn flattened_parameters_are_arguments_beside_others() {
    let tools: Toolset = toolset![list_reports];
    let schema = tools.descriptor("list_reports").expect("the tool").input_schema().clone();
    let names: Vec<_> = schema["properties"].as_object().expect("properties").keys().collect();
    assert_eq!(names, ["author", "firstItem", "limit", "year", "since", "sort"]);
    assert_eq!(schema["required"], json!(["author", "limit"]));
    assert_eq!(schema["properties"]["limit"]["maximum"], 100);

    let result = list_reports_with(json!({ "author": "Bo", "limit": 5.0 })).await;
    let expected = "Bo Paging { first_item: 0, limit: 5 } 2026 Filter { since: None, sort: None }";
    assert_eq!(result, json!({ "result": expected }));
    let arguments = json!({ "sort": { "By": "title" }, "since": "June", "limit": 5, "firstItem": 7, "author": "Bo" });
    let expected =
        r#"Bo Paging { first_item: 7, limit: 5 } 2026 Filter { since: Some("June"), sort: Some(By("title")) }"#;
    assert_eq!(list_reports_with(arguments).await, json!({ "result": expected }));
    // The second pass reads them, too.
    let arguments = json!({ "author": "Bo", "limit": 5, "firstItem": null, "year": null, "sort": "Oldest" });
    let expected = "Bo Paging { first_item: 0, limit: 5 } 2026 Filter { since: None, sort: Some(Oldest) }";
    assert_eq!(list_reports_with(arguments).await, json!({ "result": expected }));
}

#[tokio::test]
async fn problems_of_flattened_parameters_are_listed() {
    let result = list_reports_with(json!({ "limit": 0, "page": {}, "sort": "Newest" })).await;
    let details = result["details"].as_array().expect("details").iter();
    let mut locations: Vec<_> = details.map(|one| one["path"].as_str().expect("a location")).collect();
    locations.sort_unstable();
    assert_eq!(locations, ["author", "limit", "page", "sort"]);
}

#[test]
fn flattened_parameters_are_serialized_as_arguments() {
    let arguments = list_reports {
        author: "Bo".to_owned(),
        page: Paging { first_item: 1, limit: 2 },
        year: 2026,
        filter: Filter { since: None, sort: Some(Sort::Oldest) },
    };
    let expected = json!({ "author": "Bo", "firstItem": 1, "limit": 2, "year": 2026, "since": null, "sort": "Oldest" });
    assert_eq!(serde_json::to_value(&arguments).expect("JSON"), expected);
}

#[test]
fn flattened_parameters_that_are_not_valid_are_errors_of_the_toolset() {
    for (tools, message) in [
        (toolset![collide], "two arguments have this name"),
        (toolset![flatten_number], "must be a struct with named fields"),
        (toolset![flatten_map], "must be a struct with named fields"),
    ] {
        let tools: Toolset = tools;
        let errors = tools.check().expect_err("an invalid tool").to_string();
        assert!(errors.contains(message), "{errors}");
    }
}
