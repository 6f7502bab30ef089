//! What is declared: tools and agents, and what is wrong with them before anything is sent.

use coral_tools::dev::qoder::{StandIn, Trap};
use coral_tools::platform::qoder::{AgentChange, NewAgent, Schemas};
use coral_tools::schemars::JsonSchema;
use coral_tools::serde::Deserialize;
use coral_tools::{Toolset, coral_tool, toolset};
use serde_json::{Value, json};

use super::{qoder, started, tools};

#[derive(Deserialize, JsonSchema)]
#[serde(crate = "coral_tools::serde", tag = "kind", rename_all = "snake_case")]
#[schemars(crate = "coral_tools::schemars")]
#[allow(dead_code, reason = "only its schema is looked at")]
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
#[allow(dead_code, reason = "only its schema is looked at")]
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

/// Every keyword anywhere in a schema.
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
fn schemas_are_plain_and_words_say_the_rest() {
    let tools: Toolset = toolset![draw];
    let declared = tools.qoder_tools().expect("sound").to_json();
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
    assert!(shape["description"].as_str().expect("a text").starts_with("One of these forms, as JSON Schema: [{"));
    let tree = &properties["tree"]["properties"]["children"]["items"]["properties"]["children"];
    assert_eq!(tree["type"], "array");

    let full = tools.qoder_tools_in(Schemas::Full).expect("sound").to_json();
    assert_eq!(full[0]["input_schema"]["properties"]["mode"]["enum"], json!(["fast", "slow"]));
    assert!(full[0]["input_schema"].get("$defs").is_none());
}

#[test]
fn names_that_are_the_platforms_or_the_same_are_refused() {
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
    let errors: Vec<String> = tools.qoder_tools().expect_err("faults").iter().map(ToString::to_string).collect();
    let expected = [
        "tool `bash`: Qoder has a tool `Bash` of its own; rename this one with `#[coral_tool(name = \"…\")]`",
        "tool `look`: `Look` is the same to Qoder, which does not tell capitals apart; rename one",
    ];
    assert_eq!(errors, expected);
    // Nothing of it is sent.
    let agent = NewAgent::new("a", "ultimate").tools(&tools);
    assert_eq!(agent.to_json().expect_err("faults").iter().count(), 2);
}

#[test]
fn everything_that_is_wrong_with_an_agent_is_said_at_once() {
    let custom = |name: &str| json!({"type": "custom", "name": name});
    let mut agent = NewAgent::new("", "ultimate").built_in([]).metadata("k", &"x".repeat(513)).extra("system", "x");
    agent = agent.other_tool(custom("mcp__x")).other_tool(custom("a b")).other_tool(custom(&"x".repeat(129)));
    for n in 0..126 {
        agent = agent.other_tool(custom(&format!("tool_{n}")));
    }
    let errors: Vec<String> = agent.to_json().expect_err("faults").iter().map(ToString::to_string).collect();
    assert_eq!(errors.len(), 8, "{errors:#?}");
    assert!(errors.iter().any(|error| error == "the tools: they are 129; an agent has at most 128"), "{errors:#?}");
}

#[tokio::test]
async fn an_agent_keeps_the_tools_of_others() {
    for stale in [0, 1] {
        let stand_in = started(StandIn::builder().trap(Trap::StaleAgents(stale))).await;
        let qoder = qoder(&stand_in);
        let other =
            json!({"type": "custom", "name": "theirs", "description": "Theirs.", "input_schema": {"type": "object"}});
        let toolset = json!({"type": "agent_toolset_20260401", "enabled_tools": ["Bash"]});
        let outdated = json!({"type": "custom", "name": "lookup_order", "description": "Old.", "input_schema": {"type": "object"}});
        let agent = NewAgent::new("a", "ultimate").built_in(["Bash"]).other_tool(outdated).other_tool(other.clone());
        let agent = qoder.create_agent(&agent).await.expect("an agent");
        let changed = qoder.update_agent(&agent.id, &AgentChange::new().tools(&tools())).await.expect("changed");
        let ours = tools().qoder_tools().expect("sound").to_json()[0].clone();
        assert_eq!(changed.tools[..3], [toolset, ours, other]);
        let names: Vec<_> = changed.custom_tools().skip(2).collect();
        assert_eq!(names, if stale == 1 { vec!["somebody_elses_1"] } else { vec![] });

        let without = AgentChange::new().without_tool("theirs").metadata("k", Some("v"));
        let changed = qoder.update_agent(&agent.id, &without).await.expect("changed");
        assert!(!changed.custom_tools().any(|name| name == "theirs"));
        assert_eq!(changed.extra["metadata"], json!({"k": "v"}));
    }
}

#[tokio::test]
async fn an_agent_that_is_changed_all_the_time_is_given_up() {
    let stand_in = started(StandIn::builder().trap(Trap::StaleAgents(9))).await;
    let agent = qoder(&stand_in).create_agent(&NewAgent::new("a", "ultimate")).await.expect("an agent");
    let error = qoder(&stand_in).update_agent(&agent.id, &AgentChange::new().name("b")).await.expect_err("stale");
    assert_eq!((error.status(), stand_in.requests().len()), (Some(409), 5));
}
