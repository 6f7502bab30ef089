//! Tools that are only known at run time.

mod changes;
mod deferred;
mod schemas;

use coral_tools::testing::Harness;
use coral_tools::{
    Agent, BuildErrors, Call, CallContext, DynamicTool, Icon, Runtime, SessionRequest, State, ToolError, Toolset,
    coral_tool,
};
use serde_json::{Map, Value, json};

/// A tool that returns its arguments.
fn echo(schema: Value) -> DynamicTool {
    DynamicTool::new("echo", "Returns its arguments.", schema, |arguments| async move {
        Ok::<_, ToolError>(Value::Object(arguments))
    })
}

fn toolset_of(tool: DynamicTool) -> Result<Toolset, BuildErrors> {
    Toolset::builder().dynamic(tool).build()
}

/// Calls the only tool, `echo`.
async fn call(tools: &Toolset, arguments: &Value) -> Value {
    let outcome = tools.dispatch(Call::new("echo", arguments.to_string().as_bytes()), &()).await;
    serde_json::from_slice(&outcome.into_json()).expect("JSON")
}

#[derive(Clone)]
struct Prefix(&'static str);

#[tokio::test]
async fn a_handler_takes_context_parameters() {
    let whoami = DynamicTool::with_context(
        "whoami",
        "Returns the session.",
        json!({"type": "object"}),
        |_: Map<String, Value>, (call, State(Prefix(prefix))): (CallContext, State<Prefix>)| async move {
            Ok::<_, ToolError>(format!("{prefix}{}", call.session_id()))
        },
    );
    let tools: Toolset<Prefix> = Toolset::builder().dynamic(whoami).build().expect("a valid tool");
    let outcome = tools.dispatch(Call::new("whoami", b"").in_session("s1"), &Prefix("session ")).await;
    assert_eq!(outcome.into_json(), br#"{"result":"session s1"}"#);
}

#[tokio::test]
async fn errors_of_a_handler_are_those_of_a_function() {
    let fails = |name: &str, error: fn() -> ToolError| {
        DynamicTool::new(name, "Fails.", json!({"type": "object"}), move |_| async move { Err::<(), _>(error()) })
    };
    let io = DynamicTool::new("io", "Fails.", json!({"type": "object"}), |_| async {
        Err::<(), _>(ToolError::from(std::io::Error::other("password=hunter2")))
    });
    let tools: Toolset =
        Toolset::builder().dynamic(fails("shown", || ToolError::new("sold out"))).dynamic(io).build().expect("tools");
    let shown = tools.dispatch(Call::new("shown", b"{}"), &()).await.into_json();
    assert_eq!(shown, br#"{"success":false,"error":"sold out"}"#);
    let hidden = String::from_utf8(tools.dispatch(Call::new("io", b"{}"), &()).await.into_json()).expect("UTF-8");
    assert!(!hidden.contains("hunter2"), "{hidden}");
}

#[tokio::test]
async fn a_result_is_sent_as_its_schema_describes_it() {
    let schema = json!({"type": "object", "properties": {"a": {"type": "integer"}}});
    let object = json!({"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]});
    for (output, result) in [
        (None, json!({"result": {"a": 1}})),
        (Some(object), json!({"a": 1})),
        (Some(json!({"type": "object", "additionalProperties": {"type": "integer"}})), json!({"result": {"a": 1}})),
    ] {
        let tool = echo(schema.clone());
        let tool = output.clone().map_or(echo(schema.clone()), |output| tool.returns(output));
        assert_eq!(call(&toolset_of(tool).expect("a tool"), &json!({"a": 1})).await, result, "{output:?}");
    }
    let unit = DynamicTool::new("echo", "Nothing.", json!({"type": "object"}), |_| async { Ok::<_, ToolError>(()) });
    let tools = toolset_of(unit.returns(json!({"type": "null"}))).expect("a tool");
    assert_eq!(call(&tools, &json!({})).await, json!({"success": true}));
}

#[test]
fn a_descriptor_has_icons_and_meta() {
    let icon = Icon::new("https://example.com/i.png").mime_type("image/png").size("48x48").theme("dark");
    let tool = echo(json!({"type": "object"})).title("Echo").icon(icon).meta("com.example/group", "text");
    let tools = toolset_of(tool).expect("a tool");
    let descriptor = tools.descriptor("echo").expect("the tool");
    assert_eq!(descriptor.title(), Some("Echo"));
    assert_eq!(descriptor.meta()["com.example/group"], "text");
    assert_eq!(
        serde_json::to_value(descriptor.icons()).expect("JSON"),
        json!([{"src": "https://example.com/i.png", "mimeType": "image/png", "sizes": ["48x48"], "theme": "dark"}])
    );
}

/// Answers.
#[coral_tool(name = "echo")]
fn typed_echo() {}

#[test]
fn names_and_descriptions_are_checked() {
    let schema = json!({"type": "object"});
    let handler = |_: Map<String, Value>| async { Ok::<_, ToolError>(()) };
    let invalid: DynamicTool = DynamicTool::new("coral_x", " ", schema.clone(), handler);
    let errors = toolset_of(invalid).expect_err("a reserved name, no description").to_string();
    assert_eq!(errors.lines().count(), 2, "{errors}");

    let errors = Toolset::builder().tool::<typed_echo>().dynamic(echo(schema)).build().expect_err("a repeated name");
    assert!(errors.to_string().starts_with("tool `echo`: two tools have this name"), "{errors}");
}

#[tokio::test]
async fn an_agent_of_a_session_can_call_it_by_name() {
    let tools = toolset_of(echo(json!({"type": "object", "properties": {"a": {}}}))).expect("a tool");
    let request = |name| {
        let agent = Agent::local("seller", "1.0.0", Runtime::Docker).can_call_named(name);
        SessionRequest::in_namespace("n").agent(agent).tools(&tools, "https://example.com")
    };
    assert!(request("echo").check().is_ok(), "{:?}", request("echo").check());
    assert!(request("ecko").check().is_err());
    let harness = Harness::new(&tools, ());
    assert_eq!(harness.call(("echo", json!({"a": [1]}))).await.text(), r#"{"result":{"a":[1]}}"#);
}
