//! Definitions of tools and agents, and the checks before they are sent.

use coral_stand_in::qoder::{Fault, QoderStandIn};
use coral_tools::platform::qoder::{AgentChange, NewAgent, NewEvent, NewSession, SchemaKeywords, SessionChange};
use coral_tools::schemars::JsonSchema;
use coral_tools::serde::Deserialize;
use coral_tools::{Toolset, coral_tool, toolset};
use http::StatusCode;
use serde_json::{Value, json};

use super::{qoder, session_of, started, tools};

#[derive(Deserialize, JsonSchema)]
#[serde(crate = "coral_tools::serde", tag = "kind", rename_all = "snake_case")]
#[schemars(crate = "coral_tools::schemars")]
#[allow(dead_code, reason = "only the schema is used")]
enum Shape {
    Circle { radius: f64 },
    Dot,
}

#[derive(Deserialize, JsonSchema)]
#[serde(crate = "coral_tools::serde", rename_all = "snake_case")]
#[schemars(crate = "coral_tools::schemars")]
enum Mode {
    Fast,
    Slow,
}

#[derive(Deserialize, JsonSchema)]
#[serde(crate = "coral_tools::serde")]
#[schemars(crate = "coral_tools::schemars")]
#[allow(dead_code, reason = "only the schema is used")]
struct Tree {
    children: Vec<Tree>,
}

/// Draws.
#[coral_tool]
fn draw(
    /// How.
    mode: Mode,
    shapes: Vec<Shape>,
    tree: Option<Tree>,
    #[arg(minimum = 1, maximum = 9)] times: u8,
) {
    drop((mode, shapes, tree, times));
}

/// Collects the keywords of a schema and its subschemas.
fn keywords(schema: &Value, found: &mut Vec<String>) {
    let Some(schema) = schema.as_object() else { return };
    for (key, value) in schema {
        found.push(key.clone());
        match key.as_str() {
            "properties" => value.as_object().expect("an object").values().for_each(|value| keywords(value, found)),
            "items" | "additionalProperties" => keywords(value, found),
            _ => {}
        }
    }
}

#[test]
fn basic_schemas_move_constraints_into_descriptions() {
    let tools: Toolset = toolset![draw];
    let declared = tools.qoder_tools().expect("valid").to_json();
    let schema = &declared[0]["input_schema"];
    let mut found = Vec::new();
    keywords(schema, &mut found);
    found.sort();
    found.dedup();
    assert_eq!(found, ["additionalProperties", "description", "items", "properties", "required", "type"]);
    let properties = &schema["properties"];
    assert_eq!(properties["mode"]["description"], "How. One of: `fast`, `slow`.");
    assert_eq!(properties["times"]["description"], "Between 1 and 9.");
    let shape = &properties["shapes"]["items"];
    assert_eq!((&shape["type"], &shape["required"]), (&json!("object"), &json!(["kind"])));
    assert!(shape["description"].as_str().expect("a string").starts_with("One of these variants, as JSON Schema: [{"));
    let tree = &properties["tree"]["properties"]["children"]["items"]["properties"]["children"];
    assert_eq!(tree["type"], "array");

    let full = tools.qoder_tools_with(SchemaKeywords::Full).expect("valid").to_json();
    assert_eq!(full[0]["input_schema"]["properties"]["mode"]["enum"], json!(["fast", "slow"]));
    assert!(full[0]["input_schema"].get("$defs").is_none());
}

#[test]
fn reserved_and_equal_tool_names_are_rejected() {
    /// Runs.
    #[coral_tool(name = "bash")]
    fn run() {}
    /// Looks.
    #[coral_tool(name = "Look")]
    fn look() {}
    /// Looks again.
    #[coral_tool(name = "look")]
    fn look_again() {}
    let tools: Toolset = toolset![run, look, look_again];
    let errors: Vec<String> = tools.qoder_tools().expect_err("build errors").iter().map(ToString::to_string).collect();
    let expected = [
        "tool `bash`: `Bash` is a built-in tool of Qoder; rename this one with `#[coral_tool(name = \"…\")]`",
        "tool `look`: Qoder ignores case in names, so it equals `Look`; rename one of them",
    ];
    assert_eq!(errors, expected);
    // Such tools are not sent.
    let agent = NewAgent::new("a", "ultimate").tools(&tools);
    assert_eq!(agent.to_json().expect_err("build errors").iter().count(), 2);
}

#[test]
fn all_problems_of_an_agent_are_reported_together() {
    let custom = |name: &str| json!({"type": "custom", "name": name});
    let mut agent =
        NewAgent::new("", "ultimate").built_in_tools([]).metadata("k", &"x".repeat(513)).extra("system", "x");
    agent = agent.other_tool(custom("mcp__x")).other_tool(custom("a b")).other_tool(custom(&"x".repeat(129)));
    for n in 0..126 {
        agent = agent.other_tool(custom(&format!("tool_{n}")));
    }
    let errors: Vec<String> = agent.to_json().expect_err("build errors").iter().map(ToString::to_string).collect();
    assert_eq!(errors.len(), 8, "{errors:#?}");
    assert!(errors.iter().any(|error| error == "tools: the agent has 130 tools; the maximum is 128"), "{errors:#?}");
}

#[tokio::test]
async fn tools_of_other_applications_are_kept() {
    for stale in [0, 1] {
        let stand_in = started(QoderStandIn::builder().fault(Fault::ConcurrentAgentUpdates(stale))).await;
        let qoder = qoder(&stand_in);
        let other =
            json!({"type": "custom", "name": "theirs", "description": "Theirs.", "input_schema": {"type": "object"}});
        let toolset = json!({"type": "agent_toolset_20260401", "enabled_tools": ["Bash"]});
        let outdated = json!({"type": "custom", "name": "lookup_order", "description": "Old.", "input_schema": {"type": "object"}});
        let agent =
            NewAgent::new("a", "ultimate").built_in_tools(["Bash"]).other_tool(outdated).other_tool(other.clone());
        let agent = qoder.create_agent(&agent).await.expect("an agent");
        let changed = qoder.update_agent(&agent.id, &AgentChange::new().tools(&tools())).await.expect("changed");
        let new = tools().qoder_tools().expect("valid").to_json()[0].clone();
        assert_eq!(changed.tools[..3], [toolset, new, other]);
        let names: Vec<_> = changed.custom_tool_names().skip(2).collect();
        assert_eq!(names, if stale == 1 { vec!["somebody_elses_1"] } else { vec![] });

        let without = AgentChange::new().remove_tool("theirs").metadata("k", Some("v"));
        let changed = qoder.update_agent(&agent.id, &without).await.expect("changed");
        assert!(!changed.custom_tool_names().any(|name| name == "theirs"));
        assert_eq!(changed.extra["metadata"], json!({"k": "v"}));
    }
}

#[tokio::test]
async fn a_second_concurrent_change_of_an_agent_is_an_error() {
    let stand_in = started(QoderStandIn::builder().fault(Fault::ConcurrentAgentUpdates(9))).await;
    let agent = qoder(&stand_in).create_agent(&NewAgent::new("a", "ultimate")).await.expect("an agent");
    let error = qoder(&stand_in).update_agent(&agent.id, &AgentChange::new().name("b")).await.expect_err("stale");
    assert_eq!((error.status(), stand_in.requests().len()), (Some(StatusCode::CONFLICT), 5));
}

#[tokio::test]
async fn the_number_of_tools_of_an_agent_is_limited() {
    let custom = |n: usize| json!({"type": "custom", "name": format!("tool_{n}"), "description": "x", "input_schema": {"type": "object"}});
    let with = |customs: usize| {
        (0..customs)
            .fold(NewAgent::new("a", "ultimate").built_in_tools(["Bash"]), |agent, n| agent.other_tool(custom(n)))
    };
    let errors = with(128).to_json().expect_err("one too many");
    assert_eq!(errors.to_string(), "tools: the agent has 129 tools; the maximum is 128");
    let stand_in = started(QoderStandIn::builder()).await;
    let agent = qoder(&stand_in).create_agent(&with(127)).await.expect("the maximum number of tools");
    let change = AgentChange::new().tools(&tools());
    let error = qoder(&stand_in).update_agent(&agent.id, &change).await.expect_err("one too many");
    assert_eq!(error.build_errors().expect("build errors"), &errors);
    let change = change.remove_tool("tool_0");
    assert_eq!(qoder(&stand_in).update_agent(&agent.id, &change).await.expect("changed").tools.len(), 128);
}

#[tokio::test]
async fn changes_are_checked_like_new_objects() {
    let stand_in = started(QoderStandIn::builder()).await;
    let (qoder, long) = (qoder(&stand_in), "x".repeat(513));
    let session = session_of(&qoder).await;
    let agent = qoder.agents().await.expect("a list").remove(0).id;
    let change = AgentChange::new().name(&"x".repeat(257)).metadata("k", Some(&long)).metadata("", None);
    let error = qoder.update_agent(&agent, &change).await.expect_err("build errors");
    assert_eq!(error.build_errors().expect("build errors").iter().count(), 3, "{error}");
    let many: Value = (0..17).map(|n| (n.to_string(), json!("v"))).collect::<serde_json::Map<_, _>>().into();
    for metadata in [json!([]), json!({"k": 7}), json!({"k": long}), json!({"": "v"}), many] {
        let error = session.update(&SessionChange::new().metadata(metadata)).await.expect_err("a build error");
        assert_eq!(error.build_errors().expect("build errors").iter().count(), 1, "{error}");
    }
    session.update(&SessionChange::new().metadata(json!({"k": "v"}))).await.expect("changed");
    qoder.update_agent(&agent, &AgentChange::new().name("b").metadata("k", None)).await.expect("changed");
}

#[test]
fn initial_events_are_messages_outcomes_and_system_messages() {
    let session = || NewSession::new("agent_1", "env_1");
    for event in [NewEvent::message("Go."), NewEvent::define_outcome("A report", "Short"), NewEvent::system("Hush.")] {
        session().initial_event(event).to_json().expect("valid");
    }
    for event in [NewEvent::interrupt(), NewEvent::allow("evt_1"), NewEvent::other("user.custom_tool_result")] {
        session().initial_event(event).to_json().expect_err("not an initial event");
    }
}

#[tokio::test]
async fn a_server_that_rejects_tools_of_sessions_is_an_error() {
    let stand_in = started(QoderStandIn::builder().fault(Fault::NoOverrides)).await;
    let session = session_of(&qoder(&stand_in)).await;
    let error = session.update(&SessionChange::new().tools(&tools())).await.expect_err("rejected");
    assert_eq!(
        (error.status(), error.server_message()),
        (Some(StatusCode::BAD_REQUEST), Some("agent: a session's own tools are not supported"))
    );
    let state = session.state().await.expect("a state");
    let environment = state.environment_id.expect("an environment");
    let own = NewSession::new(&state.agent.expect("an agent"), &environment).tools(&tools());
    assert_eq!(
        qoder(&stand_in).create_session(&own).await.expect_err("rejected").status(),
        Some(StatusCode::BAD_REQUEST)
    );
}
