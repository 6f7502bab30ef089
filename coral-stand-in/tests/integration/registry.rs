//! The registry of agent types.

use coral_stand_in::coral::{CoralStandIn, EmulatedVersion};
use coral_tools::serde_json::{Value, json};

use crate::client::{get, post};
use crate::{agent_type, debug_agent, request, start, start_version};

#[tokio::test]
async fn every_source_lists_its_agents() {
    let mut linked = agent_type("elsewhere", json!({}));
    linked["registryAgent"]["info"]["identifier"]["registrySourceId"] =
        json!({"type": "linked", "linkedServerId": "berlin"});
    let coral = CoralStandIn::builder().agent(linked.clone(), |_agent| async {}).start().await.expect("started");
    let sources = get(&coral, "/api/v1/registry").await.json();
    assert_eq!(sources[0]["identifier"], json!({"type": "linked", "linkedServerId": "berlin"}));
    assert_eq!(sources[0]["agents"], json!([{"name": "elsewhere", "versions": ["1.0.0"]}]));
    assert_eq!((&sources[1]["identifier"], &sources[1]["name"]), (&json!({"type": "local"}), &json!("merged")));
    let listed = sources[1]["agents"].as_array().expect("agents");
    let names: Vec<&Value> = listed.iter().map(|agent| &agent["name"]).collect();
    assert_eq!(names, ["echo", "seed", "tool", "puppet", "natural-tone-agent"]);
    assert!(sources[1]["timestamp"].is_string());
    assert_eq!(get(&coral, "/api/v1/registry/linked/berlin/elsewhere/1.0.0").await.json(), linked);
}

#[tokio::test]
async fn a_registered_agent_type_can_be_inspected() {
    let coral = start().await;
    let tool = get(&coral, "/api/v1/registry/local/tool/1.0.0").await.json();
    assert_eq!(tool["registryAgent"]["options"]["TOOL_NAME"]["required"], true);
    assert!(tool["registryAgent"]["runtimes"]["function"].is_object());
    for (path, message) in [
        ("local/tool/2.0.0", "Agent 'tool' not found in any of the 1 registry sources matching 'local'"),
        ("marketplace/tool/1.0.0", "No registry sources for 'marketplace' found"),
        ("linked/berlin/tool/1.0.0", "No registry sources for 'linked(berlin)' found"),
    ] {
        let response = get(&coral, &format!("/api/v1/registry/{path}")).await;
        assert_eq!((response.status, response.message().as_deref()), (404, Some(message)));
    }
}

/// The JSON of real servers can be registered unchanged.
#[tokio::test]
async fn agent_types_of_every_version_can_be_registered() {
    for (agent, source) in [
        (include_str!("../../../tests/integration/registry/samples/guide.json"), "local"),
        (include_str!("../../../tests/integration/registry/samples/server_1_1.json"), "linked/berlin"),
        (include_str!("../../../tests/integration/registry/samples/server_1_2.json"), "marketplace"),
    ] {
        let agent: Value = serde_json::from_str(agent).expect("JSON");
        let id = &agent["registryAgent"]["info"]["identifier"];
        let path = format!("/api/v1/registry/{source}/{}/{}", text(&id["name"]), text(&id["version"]));
        let coral = CoralStandIn::builder().agent(agent.clone(), |_agent| async {}).start().await.expect("started");
        assert_eq!(get(&coral, &path).await.json(), agent, "{path}");
    }
}

fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}

/// The restriction contains the name or the id of the server.
#[tokio::test]
async fn an_agent_type_can_be_restricted_to_a_linked_server() {
    for key in ["linkedServerName", "linkedServerId"] {
        let mut agent = agent_type("bound", json!({}));
        agent["restrictions"] = json!([{"type": "linked", key: "berlin"}]);
        let coral = CoralStandIn::builder().agent(agent, |_agent| async {}).start().await.expect("started");
        let create_on = async |server: &str| {
            let mut agent = debug_agent("bound", json!({}));
            agent["provider"] = json!({"type": "linked", "linkedServerName": server, "runtime": "function"});
            post(&coral, "/api/v1/local/session", &request(json!([agent]))).await
        };
        assert_eq!(create_on("berlin").await.status, 200, "{key}");
        let rejected = create_on("paris").await;
        let message = "Agent local/bound:1.0.0 may only be run on linked server berlin";
        assert_eq!((rejected.status, rejected.message().as_deref()), (500, Some(message)));
    }
}

#[tokio::test]
async fn coral_cloud_lists_sources_as_in_its_guide() {
    let coral = start_version(EmulatedVersion::Cloud).await;
    let sources = get(&coral, "/api/v1/registry").await.json();
    let keys: Vec<&String> = sources[0].as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["identifier", "timestamp", "agents"]);
    assert!(sources[0]["timestamp"].is_i64());
    let agent = get(&coral, "/api/v1/registry/local/natural-tone-agent/1.1.0").await.json();
    assert_eq!(agent["registryAgent"]["options"]["MAX_ITERATIONS"]["validation"], json!({"min": 1, "max": 200}));
}

#[tokio::test]
async fn an_application_can_replace_a_built_in_agent_type() {
    let mut tool = agent_type("tool", json!({}));
    tool["registryAgent"]["info"]["description"] = json!("mine");
    let coral = CoralStandIn::builder().agent(tool, |_agent| async {}).start().await.expect("started");
    let agent = get(&coral, "/api/v1/registry/local/tool/1.0.0").await.json();
    assert_eq!(agent["registryAgent"]["info"]["description"], "mine");
}

#[tokio::test]
async fn an_incomplete_agent_type_is_rejected() {
    for (agent, message) in [
        (json!({}), "registryAgent: required field is missing"),
        (agent_type("a", json!({"O": {}})), "registryAgent.options.O.type: required field is missing"),
        (agent_type("a", json!({"O": {"type": "u8", "default": 300}})), "O: default: 300 is out of range"),
    ] {
        let error = CoralStandIn::builder().agent(agent, |_agent| async {}).start().await.expect_err(message);
        assert_eq!(error.to_string(), message);
    }
}

#[tokio::test]
async fn the_version_can_be_detected_from_the_openapi_document() {
    for (version, properties) in [
        (
            EmulatedVersion::Server1_2,
            &["transport", "inputSchema", "outputSchema", "description", "title", "annotations"][..],
        ),
        (EmulatedVersion::Server1_1, &["transport", "schema"]),
    ] {
        let coral = start_version(version).await;
        let response = crate::client::send(&coral, "GET", "/api_v1.json", &[("No-Key", "")], None).await;
        assert_eq!(response.status, 200, "the document needs no key");
        let tool = response.json()["components"]["schemas"]["GraphAgentTool"].clone();
        let found: Vec<&String> = tool["properties"].as_object().expect("properties").keys().collect();
        assert_eq!(found, properties);
    }
}
