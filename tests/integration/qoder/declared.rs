//! What is declared: tools and agents, and what is wrong with them before anything is sent.

use coral_stand_in::qoder::{StandIn, Trap};
use coral_tools::platform::qoder::{AgentChange, NewAgent, NewEvent, NewSession, Schemas, SessionChange};
use coral_tools::schemars::JsonSchema;
use coral_tools::serde::Deserialize;
use coral_tools::{Toolset, coral_tool, toolset};
use serde_json::{Value, json};

use super::{qoder, session_of, started, tools};

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
    assert!(errors.iter().any(|error| error == "the tools: they are 130; an agent has at most 128"), "{errors:#?}");
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

#[tokio::test]
async fn an_agent_has_so_many_tools_of_all_kinds() {
    let custom = |n: usize| json!({"type": "custom", "name": format!("tool_{n}"), "description": "x", "input_schema": {"type": "object"}});
    let with = |customs: usize| {
        (0..customs).fold(NewAgent::new("a", "ultimate").built_in(["Bash"]), |agent, n| agent.other_tool(custom(n)))
    };
    let faults = with(128).to_json().expect_err("one too many");
    assert_eq!(faults.to_string(), "the tools: they are 129; an agent has at most 128");
    let stand_in = started(StandIn::builder()).await;
    let agent = qoder(&stand_in).create_agent(&with(127)).await.expect("as many as there may be");
    let change = AgentChange::new().tools(&tools());
    let error = qoder(&stand_in).update_agent(&agent.id, &change).await.expect_err("one too many");
    assert_eq!(error.build_errors().expect("faults"), &faults);
    let change = change.without_tool("tool_0");
    assert_eq!(qoder(&stand_in).update_agent(&agent.id, &change).await.expect("changed").tools.len(), 128);
}

#[tokio::test]
async fn what_holds_when_something_is_made_holds_when_it_is_changed() {
    let stand_in = started(StandIn::builder()).await;
    let (qoder, long) = (qoder(&stand_in), "x".repeat(513));
    let session = session_of(&qoder).await;
    let agent = qoder.agents().await.expect("a list").remove(0).id;
    let change = AgentChange::new().name(&"x".repeat(257)).metadata("k", Some(&long)).metadata("", None);
    let error = qoder.update_agent(&agent, &change).await.expect_err("faults");
    assert_eq!(error.build_errors().expect("faults").iter().count(), 3, "{error}");
    let many: Value = (0..17).map(|n| (n.to_string(), json!("v"))).collect::<serde_json::Map<_, _>>().into();
    for metadata in [json!([]), json!({"k": 7}), json!({"k": long}), json!({"": "v"}), many] {
        let error = session.update(&SessionChange::new().metadata(metadata)).await.expect_err("a fault");
        assert_eq!(error.build_errors().expect("faults").iter().count(), 1, "{error}");
    }
    session.update(&SessionChange::new().metadata(json!({"k": "v"}))).await.expect("changed");
    qoder.update_agent(&agent, &AgentChange::new().name("b").metadata("k", None)).await.expect("changed");
}

#[test]
fn a_session_begins_with_what_is_said_to_its_agent() {
    let session = || NewSession::with_agent("agent_1", "env_1");
    for event in [NewEvent::message("Go."), NewEvent::define_outcome("A report", "Short"), NewEvent::system("Hush.")] {
        session().initial_event(event).to_json().expect("sound");
    }
    for event in [NewEvent::interrupt(), NewEvent::allow("evt_1"), NewEvent::other("user.custom_tool_result")] {
        session().initial_event(event).to_json().expect_err("nothing has been asked");
    }
}

#[tokio::test]
async fn a_session_may_have_no_tools_of_its_own() {
    let stand_in = started(StandIn::builder().trap(Trap::NoOverrides)).await;
    let session = session_of(&qoder(&stand_in)).await;
    let error = session.update(&SessionChange::new().tools(&tools())).await.expect_err("refused");
    assert_eq!(
        (error.status(), error.server_message()),
        (Some(400), Some("agent: a session's own tools are not supported"))
    );
    let state = session.state().await.expect("a state");
    let environment = state.environment_id.expect("an environment");
    let own = NewSession::with_agent(&state.agent.expect("an agent"), &environment).tools(&tools());
    assert_eq!(qoder(&stand_in).create_session(&own).await.expect_err("refused").status(), Some(400));
}
