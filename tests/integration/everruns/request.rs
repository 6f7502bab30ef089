//! The request for a session: its fields and its checks.

use coral_stand_in::everruns::EverrunsStandIn;
use coral_tools::platform::everruns::{Capability, InitialFile, NetworkAccess, NewSession, SessionSource};
use coral_tools::schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use coral_tools::{
    BuildError, Context, Definition, FailureStage, Handler, Reply, Tool, ToolError, Toolset, coral_tool, toolset,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{everruns, posted, start};

const AGENT: &str = "agent_01933b5a000070008000000000000001";

/// Look up the weather for a city.
#[coral_tool(read_only, open_world, destructive = false)]
fn lookup_weather(city: String) -> String {
    format!("sunny in {city}")
}

/// Order an article.
#[coral_tool(title = "Order", idempotent)]
fn order(article: u32) -> u32 {
    article
}

#[test]
fn tools_are_written_in_order() {
    let tools: Toolset = toolset![lookup_weather, order];
    let declared = tools.everruns_tools().expect("tools");
    assert_eq!(declared.names().collect::<Vec<_>>(), ["lookup_weather", "order"]);
    let weather = json!({
        "type": "client_side",
        "name": "lookup_weather",
        "description": "Look up the weather for a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
        "hints": {"readonly": true, "destructive": false, "open_world": true},
        "deferrable": "never",
    });
    assert_eq!(declared.to_json()[0], weather);
    let order = &declared.to_json()[1];
    assert_eq!((&order["display_name"], &order["hints"]), (&json!("Order"), &json!({"idempotent": true})));
    assert_eq!(serde_json::to_value(&declared).expect("JSON"), declared.to_json());
}

/// A folder.
#[derive(Deserialize, JsonSchema)]
struct Folder {
    #[expect(dead_code, reason = "for its schema")]
    folders: Vec<Folder>,
}

/// Keeps folders.
#[coral_tool]
fn keep(root: Folder) {
    drop(root);
}

#[test]
fn recursive_types_are_unrolled() {
    let tools: Toolset = toolset![keep];
    let text = tools.everruns_tools().expect("tools").to_json().to_string();
    assert!(!text.contains("$ref") && !text.contains("$defs"), "{text}");
    assert!(text.contains("as above"), "{text}");
}

#[tokio::test]
async fn every_field_is_written() {
    let tools: Toolset = toolset![lookup_weather];
    let request = NewSession::with_agent(AGENT)
        .harness("harness_01933b5a000070008000000000000001")
        .tools(&tools)
        .hint("canvas", true)
        .capability(Capability::new("web_fetch").config(json!({"limit": 3})))
        .capability(Capability::new("session_file_system"))
        .model("model_01933b5a000070008000000000000001")
        .tag("debugging")
        .tag("urgent")
        .title("Debug login issue")
        .parallel_tool_calls(false)
        .system_prompt("Be brief.")
        .max_iterations(12)
        .locale("uk-UA")
        .initial_file(InitialFile::text("/workspace/notes.md", "# Notes").read_only())
        .initial_file(InitialFile::binary("/workspace/logo.png", &[0, 255]))
        .mcp_server("docs", json!({"type": "http", "url": "https://docs.example/mcp"}))
        .network_access(&NetworkAccess::new().allow("*.example.com").block("evil.example.com"))
        .workspace("wsp_01933b5a000070008000000000000001")
        .agent_identity("identity_01933b5a000070008000000000000001")
        .source(SessionSource::Api)
        .extra("goal", "find the bug");
    let written = json!({
        "agent_id": AGENT,
        "harness_id": "harness_01933b5a000070008000000000000001",
        "tools": tools.everruns_tools().expect("tools").to_json(),
        "hints": {"canvas": true, "setup_connection": true},
        "capabilities": [{"ref": "web_fetch", "config": {"limit": 3}}, {"ref": "session_file_system"}],
        "model_id": "model_01933b5a000070008000000000000001",
        "tags": ["debugging", "urgent"],
        "title": "Debug login issue",
        "parallel_tool_calls": false,
        "system_prompt": "Be brief.",
        "max_iterations": 12,
        "locale": "uk-UA",
        "initial_files": [
            {"path": "/workspace/notes.md", "content": "# Notes", "is_readonly": true},
            {"path": "/workspace/logo.png", "content": "AP8=", "encoding": "base64"},
        ],
        "mcpServers": {"docs": {"type": "http", "url": "https://docs.example/mcp"}},
        "network_access": {"allowed": ["*.example.com"], "blocked": ["evil.example.com"]},
        "workspace_id": "wsp_01933b5a000070008000000000000001",
        "agent_identity_id": "identity_01933b5a000070008000000000000001",
        "source": "api",
        "goal": "find the bug",
    });
    assert_eq!(request.to_json().expect("a request"), written);

    let stand_in = start(EverrunsStandIn::builder()).await;
    let session = everruns(&stand_in).create_session(&request).await.expect("the stand-in accepts it");
    assert_eq!(posted(&stand_in, "/sessions"), [written]);
    let state = session.state().await.expect("a state");
    assert_eq!((state.id.as_str(), state.tools), (session.id(), vec!["lookup_weather".to_owned()]));
    assert_eq!((state.agent_id.as_deref(), state.title.as_deref()), (Some(AGENT), Some("Debug login issue")));
    assert_eq!((state.tags.len(), &state.hints["canvas"]), (2, &json!(true)));
    assert!(state.extra.contains_key("workspace_id"), "other fields are kept: {:?}", state.extra);
}

#[test]
fn unset_options_are_not_written() {
    assert_eq!(NewSession::without_agent().to_json().expect("a request"), json!({}));
    let named = NewSession::with_agent_name("order-desk").harness("harness_1").harness_name("generic");
    let written = json!({"agent_name": "order-desk", "harness_name": "generic"});
    assert_eq!(named.to_json().expect("a request"), written, "the last harness wins");
    let other = NewSession::without_agent().virtual_user("identity_1").extra("environment", json!(null));
    assert_eq!(other.to_json().expect("a request"), json!({"virtual_user_id": "identity_1", "environment": null}));
}

/// Asks the user.
#[coral_tool]
fn ask_user() {}

/// Does nothing.
#[coral_tool]
fn fine() {}

#[tokio::test]
async fn all_problems_are_reported_before_sending() {
    let tools: Toolset = toolset![ask_user];
    let request = NewSession::with_agent_name("Order Desk")
        .harness(" ")
        .model("")
        .tools(&tools)
        .agent_identity("a")
        .virtual_user("b")
        .capability(Capability::new(""))
        .initial_file(InitialFile::text("notes.md", ""))
        .initial_file(InitialFile::text("notes.md", ""))
        .mcp_server("docs", Value::Null)
        .extra("tools", json!([]));
    let stand_in = start(EverrunsStandIn::builder()).await;
    let error = everruns(&stand_in).create_session(&request).await.expect_err("an invalid request");
    assert_eq!(error.stage(), FailureStage::InvalidRequest);
    let subjects: Vec<_> = error.build_errors().expect("build errors").iter().map(BuildError::subject).collect();
    assert_eq!(
        subjects,
        [
            "agent",
            "harness",
            "model_id",
            "virtual_user_id",
            "tool `ask_user`",
            "capability",
            "file `notes.md`",
            "file `notes.md`",
            "file `notes.md`",
            "MCP server `docs`",
            "extra `tools`",
        ]
    );
    assert!(stand_in.requests().is_empty());
}

#[test]
fn hints_that_contradict_tools_are_rejected() {
    let tools: Toolset = toolset![fine];
    for hint in [("setup_connection", false), ("ask_user", true), ("url_elicitation", true)] {
        let request = NewSession::without_agent().hint(hint.0, hint.1);
        request.check().expect("without tools they are valid");
        let errors = request.tools(&tools).check().expect_err("with tools they are invalid");
        assert!(errors.to_string().starts_with(&format!("hint `{}`", hint.0)), "{errors}");
    }
}

/// One of 65 tools.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Numbered<const N: usize> {}

macro_rules! numbered {
    ($($n:literal)*) => {
        const NAMES: [&str; 65] = [$(concat!("tool_", $n)),*];

        fn tools_up_to(count: usize) -> Toolset {
            let set = Toolset::builder();
            $(let set = if $n < count { set.tool::<Numbered<$n>>() } else { set };)*
            set.build().expect("valid tools")
        }
    };
}

numbered!(
    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21
    22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43
    44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64
);

impl<const N: usize> Tool for Numbered<N> {
    const NAME: &'static str = NAMES[N];

    fn definition() -> Definition {
        Definition::new("Does nothing.").takes::<Self>()
    }
}

impl<const N: usize, S: Sync> Handler<S> for Numbered<N> {
    async fn call(self, _context: &Context<'_, S>) -> Result<Reply, ToolError> {
        Reply::json(&())
    }
}

#[test]
fn up_to_20_tools_are_never_deferred_and_64_are_accepted() {
    for (count, deferrable) in [(20, json!("never")), (21, Value::Null), (64, Value::Null)] {
        let declared = tools_up_to(count).everruns_tools().expect("tools").to_json();
        assert_eq!((declared.as_array().map(Vec::len), &declared[0]["deferrable"]), (Some(count), &deferrable));
    }
    let errors = tools_up_to(65).everruns_tools().expect_err("too many").to_string();
    assert_eq!(errors, "tools: there are 65; Everruns accepts 64");
}

/// A string with a long description.
struct LongDescription;

impl JsonSchema for LongDescription {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "LongDescription".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "description": "x".repeat(16 << 10)})
    }
}

/// Arguments with a schema that is too large.
#[derive(Serialize, Deserialize, JsonSchema)]
struct OversizedTool {
    #[schemars(with = "LongDescription")]
    text: String,
}

impl Tool for OversizedTool {
    const NAME: &'static str = "confirm_url_elicitation";

    fn definition() -> Definition {
        Definition::new("x".repeat(4097)).takes::<Self>()
    }
}

impl<S: Sync> Handler<S> for OversizedTool {
    async fn call(self, _context: &Context<'_, S>) -> Result<Reply, ToolError> {
        Reply::json(&self.text)
    }
}

#[test]
fn reserved_tool_names_are_rejected() {
    /// One.
    #[coral_tool(name = "setup_connection")]
    fn one() {}
    /// Two.
    #[coral_tool(name = "confirm_url_elicitation")]
    fn two() {}
    /// Three.
    #[coral_tool(name = "approve_tool_call")]
    fn three() {}
    /// Four.
    #[coral_tool(name = "openai_mcp_approval")]
    fn four() {}
    let tools: Toolset = toolset![one, two, three, four, ask_user];
    assert_eq!(tools.everruns_tools().expect_err("all of them").iter().count(), 5);
}

#[test]
fn all_limits_of_tools_are_checked() {
    let tools: Toolset = toolset![OversizedTool];
    tools.check().expect("valid for other platforms");
    let errors = tools.everruns_tools().expect_err("over the limits").to_string();
    let lines: Vec<_> = errors.lines().collect();
    let [name, description, schema] = &lines[..] else { panic!("{errors}") };
    assert!(name.ends_with("Everruns uses this name for calls of its own; rename the tool"), "{name}");
    assert!(description.ends_with("the description has 4097 characters; Everruns accepts 4096"), "{description}");
    assert!(schema.contains("the schema of the arguments has 16") && schema.ends_with("accepts 16384"), "{schema}");
}
