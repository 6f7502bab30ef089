//! `Harness`, which tests of applications use.

use axum::Router;
use coral_tools::schemars::JsonSchema;
use coral_tools::serde::{Deserialize, Serialize};
use coral_tools::serde_json::{Value, json};
use coral_tools::testing::{Harness, ToolResponseError};
use coral_tools::{CallContext, Extension, Secret, State, ToolError, Toolset, coral_tool, toolset};

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
struct Receipt {
    report_id: String,
}

/// Submit a completed report to the application.
#[coral_tool]
async fn submit_report(
    /// The title of the report.
    title: String,
    /// The report content in markdown format.
    #[arg(min_length = 1)]
    content: String,
    #[context] State(prefix): State<String>,
) -> Result<Receipt, ToolError> {
    if content.is_empty() {
        return Err(ToolError::new("a report needs content"));
    }
    if title == "refused" {
        return Err(ToolError::new("this title is taken"));
    }
    Ok(Receipt { report_id: format!("{prefix}-{title}") })
}

/// Returns the namespace, the session and the agent of the call.
#[coral_tool]
async fn who(#[context] call: CallContext) -> Vec<String> {
    vec![
        call.namespace().unwrap_or_default().into(),
        call.session_id().into(),
        call.agent_name().unwrap_or_default().into(),
    ]
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
struct Sum {
    result: i64,
}

/// Adds two numbers.
#[coral_tool]
fn add(a: i64, b: i64) -> Sum {
    Sum { result: a + b }
}

#[tokio::test]
async fn a_struct_whose_only_field_is_result_is_read_unwrapped_or_whole() {
    let tools: Toolset = toolset![add];
    let answer = Harness::new(&tools, ()).call(add { a: 1, b: 2 }).await;
    assert_eq!(answer.value::<Sum>(), Ok(Sum { result: 3 }));
    assert_eq!(answer.value::<i64>(), Ok(3));
}

/// Returns the deployed version.
#[coral_tool]
fn version(#[context] Extension(version): Extension<u32>) -> u32 {
    version
}

fn tools() -> Toolset<String> {
    toolset![submit_report, who, version]
}

fn harness() -> Harness {
    Harness::new(&tools(), "report".to_owned())
}

#[tokio::test]
async fn arguments_can_be_typed_or_json() {
    let harness = harness();
    let typed = submit_report { title: "Q4".into(), content: "# Done".into() };
    let receipt = Ok(Receipt { report_id: "report-Q4".into() });
    assert_eq!(harness.call(typed).await.value(), receipt);
    let value = json!({"title": "Q4", "content": "# Done"});
    assert_eq!(harness.call(("submit_report", &value)).await.value(), receipt);
    assert_eq!(harness.call(("submit_report", value.to_string())).await.value(), receipt);
    assert_eq!(harness.call(("submit_report", value)).await.json(), &json!({"report_id": "report-Q4"}));
}

#[tokio::test]
async fn a_call_has_a_namespace_a_session_and_an_agent() {
    let harness = harness().in_namespace("n").in_session("s").by_agent("a/b");
    let answer = harness.call(("who", ())).await;
    assert_eq!(answer.value::<Vec<String>>(), Ok(vec!["n".into(), "s".into(), "a/b".into()]));
    assert_eq!(answer.json(), &json!({"result": ["n", "s", "a/b"]}), "the body is an object");
}

#[tokio::test]
async fn each_kind_of_failure_is_reported() {
    let harness = harness();
    let refused = harness.call(submit_report { title: "refused".into(), content: "x".into() }).await;
    assert_eq!((refused.is_success(), refused.error()), (false, Some("this title is taken")));
    assert!(!refused.agent_view().is_error, "Coral shows the agent the sentence");
    assert!(matches!(refused.value::<Receipt>(), Err(ToolResponseError::Failed(_))));

    let bad = harness.call(("submit_report", json!({"content": ""}))).await;
    assert!(!bad.is_success());
    assert_eq!(bad.json()["details"].as_array().map(Vec::len), Some(2), "{}", bad.text());

    let unknown = harness.call(("submit_reprot", ())).await;
    assert_eq!((unknown.status(), unknown.text(), unknown.json()), (Some(404), "", &Value::Null));
    assert!(!unknown.is_success());
    assert_eq!(unknown.error(), None);

    let broken = harness.call(("submit_report", "{")).await;
    assert_eq!((broken.status(), broken.agent_view().cause()), (None, Some("the arguments are not JSON")));
}

#[tokio::test]
async fn a_value_of_another_type_is_a_mismatch() {
    let answer = harness().call(("who", ())).await;
    assert!(matches!(answer.value::<Receipt>(), Err(ToolResponseError::Mismatch(_))));
}

#[tokio::test]
async fn layers_around_the_tools_apply() {
    assert_eq!(harness().call(("version", ())).await.error(), Some("the tool failed"), "the extension is missing");
    let secret = Secret::new("secret");
    let webhooks = tools().webhooks(secret.clone()).layer(Extension(7_u32));
    let app = Router::new().nest("/api/coral", webhooks).with_state(String::new());
    let answer = Harness::from_router(app, "/api/coral", secret).call(("version", ())).await;
    // `axum::Extension` is also a layer that adds the value to the request, where the tool reads it.
    assert_eq!(answer.value::<u32>(), Ok(7), "{}", answer.text());
}
