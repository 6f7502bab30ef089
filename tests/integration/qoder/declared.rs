//! What is declared: tools, agents, sessions, and what is wrong with them before anything is sent.

use coral_tools::dev::qoder::{StandIn, Trap};
use coral_tools::platform::qoder::{
    AgentChange, NewAgent, NewEvent, NewSession, Resource, Schemas, SessionState, Status,
};
use coral_tools::schemars::JsonSchema;
use coral_tools::serde::Deserialize;
use coral_tools::{Stage, Toolset, coral_tool, toolset};
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

#[tokio::test]
async fn a_session_has_every_field() {
    let session = NewSession::with_agent("agent_1", "env_1")
        .title("t")
        .metadata("a", "b")
        .delta_flush_interval_ms(50)
        .memory_store_ids(["memstore_1"])
        .vault_ids(["vault_1"])
        .max_credit_cost("12.50")
        .environment_variable("A", "1")
        .environment_variable("B", "2")
        .resource(Resource::file("file_1").mounted_at("/data/x"))
        .resource(Resource::github_repository("https://github.com/a/b", "gh-secret"))
        .resource(Resource::git_repository("https://git.example/a").with("password", "pw-secret"))
        .resource(Resource::memory_store("memstore_2").with("instructions", "Read it."))
        .resource(Resource::read_only_memory_store("memstore_3"))
        .extra("new_field", true);
    let expected = json!({
        "agent": "agent_1", "environment_id": "env_1", "title": "t", "metadata": {"a": "b"},
        "delta_flush_interval_ms": 50, "memory_store_ids": ["memstore_1"], "vault_ids": ["vault_1"],
        "budget": {"type": "limit", "max_credit_cost": "12.50"}, "environment_variables": {"A": "1", "B": "2"},
        "resources": [
            {"type": "file", "file_id": "file_1", "mount_path": "/data/x"},
            {"type": "github_repository", "url": "https://github.com/a/b", "authorization_token": "gh-secret"},
            {"type": "git_repository", "url": "https://git.example/a", "password": "pw-secret"},
            {"type": "memory_store", "memory_store_id": "memstore_2", "access": "read_write", "instructions": "Read it."},
            {"type": "memory_store", "memory_store_id": "memstore_3", "access": "read_only"},
        ],
        "new_field": true,
    });
    assert_eq!(session.to_json().expect("sound"), expected);
    let shown = format!("{session:?}");
    assert!(!shown.contains("secret"), "{shown}");
    let text = session.environment_variables_as_text().to_json().expect("sound");
    assert_eq!(text["environment_variables"], "A=1;B=2");
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_session_is_said_at_once() {
    let mut session = NewSession::with_agent("", "")
        .delta_flush_interval_ms(49)
        .vault_ids([""])
        .max_credit_cost("much")
        .metadata(&"k".repeat(65), "v")
        .metadata("k", &"v".repeat(513))
        .resource(Resource::file(""))
        .environment_variable("A=B", "1")
        .extra("title", "t");
    for n in 0..51 {
        session = session.initial_event(NewEvent::message(&n.to_string()));
    }
    for n in 0..15 {
        session = session.metadata(&n.to_string(), "v");
    }
    let stand_in = started(StandIn::builder()).await;
    let error = qoder(&stand_in).create_session(&session).await.expect_err("faults");
    let faults = error.build_errors().expect("faults");
    assert_eq!((error.stage(), faults.iter().count()), (Stage::Request, 12), "{faults}");
    assert!(stand_in.requests().is_empty());
    for millis in [50, 5_000] {
        NewSession::with_agent("a", "e").delta_flush_interval_ms(millis).to_json().expect("sound");
    }
    NewSession::with_agent("a", "e").delta_flush_interval_ms(5_001).to_json().expect_err("too long");
}

/// As the platform's reference page shows it.
const SHOWN: &str = r#"{
    "id": "sess_1", "type": "session", "agent_id": "agent_1",
    "agent": {
        "id": "agent_1", "type": "agent", "name": "test-agent-e2e", "description": "E2E test agent", "model": "ultimate",
        "instructions": "You are a test assistant.", "system": "You are a test assistant.", "tools": [], "mcp_servers": [],
        "default_environment": "", "version": 2,
        "created_at": "2026-05-18T03:04:33.952256Z", "updated_at": "2026-05-18T03:05:28.023697Z"
    },
    "environment_id": "env_1", "title": "My session", "status": "idle",
    "resources": [], "vault_ids": [], "memory_store_ids": [],
    "usage": {
        "input_tokens": 1, "output_tokens": 2, "cache_read_input_tokens": 3,
        "cache_creation": {"ephemeral_5m_input_tokens": 4, "ephemeral_1h_input_tokens": 5}
    },
    "created_at": "2026-05-18T15:26:15.747298Z", "updated_at": "2026-05-18T15:26:15.747298Z"
}"#;

#[test]
fn every_field_of_the_answer_is_read() {
    let state = SessionState::from_json(SHOWN.as_bytes()).expect("a session");
    assert_eq!(
        (state.id.as_str(), state.agent_id.as_deref(), state.environment_id.as_deref()),
        ("sess_1", Some("agent_1"), Some("env_1"))
    );
    assert_eq!((state.title.as_deref(), state.status), (Some("My session"), Some(Status::Idle)));
    let usage = state.usage.expect("usage");
    let tokens = [
        usage.input_tokens,
        usage.output_tokens,
        usage.cache_read_input_tokens,
        usage.cached_for_5_minutes,
        usage.cached_for_1_hour,
    ];
    assert_eq!(tokens, [1, 2, 3, 4, 5].map(Some));
    let agent = state.agent.expect("an agent");
    assert_eq!(
        (agent.model_id(), agent.version, agent.system.as_deref()),
        (Some("ultimate"), Some(2), Some("You are a test assistant."))
    );
    assert_eq!(state.created_at.expect("a moment").to_string(), "2026-05-18T15:26:15.747298Z");
    assert!(state.archived_at.is_none());
}

#[test]
fn an_answer_needs_nothing_but_an_id() {
    let read = |json: Value| SessionState::from_json(json.to_string().as_bytes());
    let state = read(json!({"id": "s"})).expect("a session");
    assert!(state.agent.is_none() && state.status.is_none() && state.usage.is_none());
    let odd = json!({
        "id": "s", "title": 7, "status": "dreaming", "metadata": [], "usage": "much", "created_at": "yesterday",
        "agent": {"model": {"id": "ultimate", "effort": "high"}}, "agent_id": "agent_1", "resources": {}, "new": 1,
    });
    let state = read(odd).expect("a session");
    assert_eq!(state.status, Some(Status::Other("dreaming".to_owned())));
    let agent = state.agent.expect("an agent");
    assert_eq!((agent.id.as_str(), agent.model_id()), ("agent_1", Some("ultimate")));
    let kept: Vec<_> = ["title", "metadata", "usage", "created_at", "resources", "new"]
        .into_iter()
        .filter(|key| state.extra.contains_key(*key))
        .collect();
    assert_eq!(kept.len(), 6);
    assert_eq!(read(json!({"id": "s", "status": "processing"})).expect("a session").status, Some(Status::Running));
    for bad in [json!({}), json!({"id": ""}), json!({"id": 7}), json!([])] {
        read(bad).expect_err("no id");
    }
}
