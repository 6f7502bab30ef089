//! Strict decoding of requests, field by field.

use coral_stand_in::coral::EmulatedVersion;
use coral_tools::serde_json::{Value, json};

use crate::client::{post, post_text};
use crate::{start, start_version};

/// A request with every field of coral-server 1.2.
fn full_request() -> Value {
    json!({
        "agentGraphRequest": {
            "agents": [{
                "id": {"name": "puppet", "version": "1.0.0", "registrySourceId": {"type": "local"}},
                "name": "a",
                "provider": {"type": "local", "runtime": "function"},
                "description": "d",
                "systemPrompt": "s",
                "blocking": true,
                "options": {},
                "customToolAccess": ["t", "t"],
                "plugins": [{"type": "close_session_tool"}],
                "x402Budgets": [{"priority": 1, "resource": "r", "remainingBudget": 123}],
                "proxies": {"MAIN": {"configurationName": "c", "modelName": "m"}},
                "annotations": {"k": "v"},
            }],
            "groups": [["a"]],
            "customTools": {"t": {
                "transport": {"type": "http", "url": "http://127.0.0.1:9/t", "signatureHeader": "X-Other"},
                "inputSchema": {"type": "object", "properties": {"x": {"anyOf": []}}, "required": [], "$defs": {}},
                "outputSchema": {"type": "object"},
                "description": "d",
                "title": "t",
                "annotations": {"title": "t", "readOnlyHint": true},
            }},
        },
        "namespaceProvider": {
            "type": "create_if_not_exists",
            "namespaceRequest": {"name": "default", "deleteOnLastSessionExit": true, "annotations": {}},
        },
        "execution": {
            "mode": "immediate",
            "runtimeSettings": {
                "ttl": 1,
                "extendedEndReport": true,
                "persistenceMode": {"mode": "hold_after_exit", "duration": 1},
                "webhooks": {"sessionEnd": {"url": "http://127.0.0.1:9/end"}},
            },
        },
        "annotations": {},
    })
}

const AGENT: &str = "/agentGraphRequest/agents/0";
const TOOL: &str = "/agentGraphRequest/customTools/t";
const SETTINGS: &str = "/execution/runtimeSettings";

/// The full request with `value` at `path`; without a value, the field is removed.
fn with(path: &str, key: &str, value: impl Into<Option<Value>>) -> Value {
    let mut body = full_request();
    let object = body.pointer_mut(path).and_then(Value::as_object_mut).expect(path);
    match value.into() {
        Some(value) => drop(object.insert(key.to_owned(), value)),
        None => drop(object.remove(key).expect(key)),
    }
    body
}

async fn status(version: EmulatedVersion, body: &Value) -> u16 {
    let coral = start_version(version).await;
    post(&coral, "/api/v1/local/session", body).await.status
}

#[tokio::test]
async fn every_known_field_is_accepted() {
    let coral = start().await;
    let response = post(&coral, "/api/v1/local/session", &full_request()).await;
    assert_eq!(response.status, 200, "{response:?}");
}

#[tokio::test]
async fn unknown_fields_are_rejected_at_every_level() {
    let coral = start().await;
    for path in [
        "",
        "/agentGraphRequest",
        AGENT,
        "/agentGraphRequest/agents/0/id",
        "/agentGraphRequest/agents/0/id/registrySourceId",
        "/agentGraphRequest/agents/0/provider",
        "/agentGraphRequest/agents/0/plugins/0",
        "/agentGraphRequest/agents/0/x402Budgets/0",
        "/agentGraphRequest/agents/0/proxies/MAIN",
        TOOL,
        "/agentGraphRequest/customTools/t/transport",
        "/agentGraphRequest/customTools/t/inputSchema",
        "/agentGraphRequest/customTools/t/outputSchema",
        "/agentGraphRequest/customTools/t/annotations",
        "/namespaceProvider",
        "/namespaceProvider/namespaceRequest",
        "/execution",
        SETTINGS,
        "/execution/runtimeSettings/persistenceMode",
        "/execution/runtimeSettings/webhooks",
        "/execution/runtimeSettings/webhooks/sessionEnd",
    ] {
        let response = post(&coral, "/api/v1/local/session", &with(path, "unknownField", json!(1))).await;
        assert_eq!(response.status, 500, "{path}");
        assert!(response.message().is_some_and(|message| message.starts_with("Failed to convert")), "{path}");
    }
}

#[tokio::test]
async fn only_required_fields_are_required() {
    let coral = start().await;
    for (path, key, status) in [
        ("", "agentGraphRequest", 500),
        ("", "namespaceProvider", 500),
        ("", "execution", 200),
        ("", "annotations", 200),
        ("/agentGraphRequest", "agents", 500),
        ("/agentGraphRequest", "groups", 200),
        (AGENT, "id", 500),
        (AGENT, "name", 500),
        (AGENT, "provider", 500),
        (AGENT, "blocking", 200),
        (AGENT, "options", 200),
        (AGENT, "plugins", 200),
        (AGENT, "proxies", 200),
        ("/agentGraphRequest/agents/0/id", "registrySourceId", 500),
        ("/agentGraphRequest/agents/0/provider", "runtime", 500),
        ("/agentGraphRequest/agents/0/x402Budgets/0", "priority", 500),
        (TOOL, "transport", 500),
        (TOOL, "inputSchema", 200),
        (TOOL, "outputSchema", 200),
        ("/agentGraphRequest/customTools/t/transport", "url", 500),
        ("/agentGraphRequest/customTools/t/transport", "signatureHeader", 200),
        ("/agentGraphRequest/customTools/t/inputSchema", "type", 200),
        ("/namespaceProvider/namespaceRequest", "name", 500),
        ("/namespaceProvider/namespaceRequest", "deleteOnLastSessionExit", 200),
        ("/execution", "mode", 500),
        ("/execution", "runtimeSettings", 200),
        ("/execution/runtimeSettings/persistenceMode", "duration", 500),
        ("/execution/runtimeSettings/webhooks", "sessionEnd", 200),
        ("/execution/runtimeSettings/webhooks/sessionEnd", "url", 500),
    ] {
        let response = post(&coral, "/api/v1/local/session", &with(path, key, None)).await;
        assert_eq!(response.status, status, "{path}/{key}: {response:?}");
    }
}

#[tokio::test]
async fn only_nullable_fields_accept_null() {
    let coral = start().await;
    for (path, key, status) in [
        (AGENT, "description", 200),
        (AGENT, "systemPrompt", 200),
        (AGENT, "blocking", 200),
        (AGENT, "name", 500),
        (AGENT, "options", 500),
        (AGENT, "plugins", 500),
        (AGENT, "proxies", 500),
        (AGENT, "annotations", 500),
        ("/agentGraphRequest", "groups", 500),
        ("/agentGraphRequest", "customTools", 500),
        (TOOL, "description", 200),
        (TOOL, "title", 200),
        (TOOL, "annotations", 200),
        (TOOL, "inputSchema", 500),
        (TOOL, "outputSchema", 500),
        ("/agentGraphRequest/customTools/t/inputSchema", "properties", 200),
        ("/agentGraphRequest/customTools/t/inputSchema", "type", 500),
        ("/agentGraphRequest/customTools/t/transport", "signatureHeader", 500),
        ("", "execution", 500),
        ("", "annotations", 500),
        ("/execution", "runtimeSettings", 500),
        (SETTINGS, "ttl", 200),
        (SETTINGS, "extendedEndReport", 500),
        (SETTINGS, "persistenceMode", 500),
        (SETTINGS, "webhooks", 500),
        ("/execution/runtimeSettings/webhooks", "sessionEnd", 200),
    ] {
        let response = post(&coral, "/api/v1/local/session", &with(path, key, Value::Null)).await;
        assert_eq!(response.status, status, "{path}/{key}: {response:?}");
    }
}

#[tokio::test]
async fn values_must_match_their_types_and_numbers_may_be_quoted() {
    let coral = start().await;
    for (path, key, value, status) in [
        (SETTINGS, "ttl", json!("5"), 200),
        (SETTINGS, "ttl", json!(5.5), 500),
        (SETTINGS, "ttl", json!(u64::MAX), 500),
        (SETTINGS, "ttl", json!("five"), 500),
        (SETTINGS, "ttl", json!(true), 500),
        (SETTINGS, "extendedEndReport", json!("true"), 200),
        (SETTINGS, "extendedEndReport", json!(1), 500),
        (AGENT, "name", json!(5), 500),
        (AGENT, "description", json!(true), 500),
        (AGENT, "annotations", json!({"k": 1}), 500),
        (AGENT, "customToolAccess", json!("t"), 500),
        (AGENT, "plugins", json!([{"type": "other"}]), 500),
        (AGENT, "provider", json!({"type": "local", "runtime": "prototype"}), 200),
        (AGENT, "provider", json!({"type": "local", "runtime": "Docker"}), 500),
        (AGENT, "provider", json!({"runtime": "docker", "type": "linked", "linkedServerName": "x"}), 200),
        ("/agentGraphRequest/customTools/t/transport", "type", json!("local"), 500),
        ("/agentGraphRequest/customTools/t/inputSchema", "required", json!([1]), 500),
        ("", "execution", json!({"mode": "defer"}), 200),
        ("", "execution", json!({"mode": "defer", "runtimeSettings": {}}), 500),
        ("", "execution", json!({"mode": "execute_now"}), 500),
        ("/execution/runtimeSettings", "persistenceMode", json!({"mode": "none"}), 200),
        ("/execution/runtimeSettings", "persistenceMode", json!({"mode": "none", "duration": 1}), 500),
        ("/execution/runtimeSettings", "persistenceMode", json!({"mode": "minimum_time", "time": 1}), 200),
        ("", "namespaceProvider", json!({"type": "use_existing"}), 500),
    ] {
        let response = post(&coral, "/api/v1/local/session", &with(path, key, value.clone())).await;
        assert_eq!(response.status, status, "{path}/{key} = {value}: {response:?}");
    }
}

#[tokio::test]
async fn numbers_are_decoded_from_their_text() {
    let coral = start().await;
    for (ttl, status) in [("50", 200), ("5e1", 200), ("50.0", 500), ("5e-1", 500), ("1e30", 500)] {
        let body = full_request().to_string().replace("\"ttl\":1", &format!("\"ttl\":{ttl}"));
        assert!(body.contains(&format!("\"ttl\":{ttl},")), "{body}");
        assert_eq!(post_text(&coral, "/api/v1/local/session", &body).await.status, status, "{ttl}");
    }
}

#[tokio::test]
async fn the_last_value_of_a_repeated_key_is_used() {
    let coral = start().await;
    for (body, status) in [
        (full_request().to_string().replacen("\"ttl\":1", "\"ttl\":\"x\",\"ttl\":1", 1), 200),
        (full_request().to_string().replacen("\"ttl\":1", "\"ttl\":1,\"ttl\":\"x\"", 1), 500),
    ] {
        assert_eq!(post_text(&coral, "/api/v1/local/session", &body).await.status, status);
    }
}

#[tokio::test]
async fn settings_of_remote_servers_are_decoded_strictly() {
    let coral = start().await;
    let provider = |scorers: Value| {
        json!({
            "type": "remote_request",
            "runtime": "docker",
            "maxCost": {"type": "micro_coral", "amount": 5},
            "serverSource": {"type": "servers", "servers": [{
                "address": "h",
                "port": 443,
                "secure": true,
                "attributes": [{"format": "string", "type": "geographic_location", "value": "x"}],
            }]},
            "serverScoring": {"type": "custom", "scorers": scorers},
        })
    };
    let flat = json!([{"op": "is_true", "type": "attested_by", "effect": {"weight": 1.5}}]);
    let tagged = json!([{"op": "is_present", "type": "attested_by", "effect": {"type": "flat", "weight": 1.5}}]);
    let untagged = json!([{"op": "is_present", "type": "attested_by", "effect": {"weight": 1.5}}]);
    let wrongly_tagged = json!([{"op": "is_true", "type": "attested_by", "effect": {"type": "flat", "weight": 1.5}}]);
    for (scorers, message) in [
        (flat, "Payment services"),
        (tagged, "Payment services"),
        (untagged, "Failed to convert"),
        (wrongly_tagged, "Failed to convert"),
    ] {
        let response = post(&coral, "/api/v1/local/session", &with(AGENT, "provider", provider(scorers))).await;
        assert!(response.message().is_some_and(|found| found.starts_with(message)), "{response:?}");
    }
}

#[tokio::test]
async fn each_version_accepts_its_own_form_of_tools() {
    let input = json!({"type": "object", "properties": {}, "required": []});
    let transport = json!({"type": "http", "url": "http://127.0.0.1:9/t"});
    let flat = json!({"transport": transport, "inputSchema": input, "outputSchema": input, "description": "d"});
    let schema = json!({"transport": transport, "schema": input});
    let nested = json!({"name": "t", "description": "d", "inputSchema": input, "outputSchema": input});
    let nested = json!({"transport": transport, "schema": nested});
    for (tool, reads) in
        [(flat, EmulatedVersion::Server1_2), (schema, EmulatedVersion::Server1_1), (nested, EmulatedVersion::Cloud)]
    {
        let mut body = with("/agentGraphRequest/customTools", "t", tool);
        body["agentGraphRequest"]["agents"][0].as_object_mut().expect("an object").remove("proxies");
        for version in [EmulatedVersion::Server1_2, EmulatedVersion::Server1_1, EmulatedVersion::Cloud] {
            let expected = if version == reads { 200 } else { 500 };
            assert_eq!(status(version, &body).await, expected, "{version} with the tools of {reads}");
        }
    }
}

#[tokio::test]
async fn coral_server_1_1_rejects_proxies_prototypes_and_definitions() {
    let mut old = full_request();
    old["agentGraphRequest"]["agents"][0].as_object_mut().expect("an object").remove("proxies");
    old["agentGraphRequest"]["customTools"]["t"] =
        json!({"transport": {"type": "http", "url": "http://127.0.0.1:9/t"}, "schema": {"type": "object"}});
    assert_eq!(status(EmulatedVersion::Server1_1, &old).await, 200);
    for (path, key, value) in [
        (AGENT, "proxies", json!({})),
        (AGENT, "provider", json!({"type": "local", "runtime": "prototype"})),
        ("/agentGraphRequest/customTools/t/schema", "$defs", json!({})),
    ] {
        let mut body = old.clone();
        body.pointer_mut(path).expect(path)[key] = value;
        assert_eq!(status(EmulatedVersion::Server1_1, &body).await, 500, "{key}");
    }
}

#[tokio::test]
async fn namespace_requests_are_decoded_strictly_and_errors_name_the_class() {
    let coral = start().await;
    for (body, status) in [
        (json!({"name": "a"}), 200),
        (json!({"name": "b", "deleteOnLastSessionExit": false, "annotations": {"k": "v"}}), 200),
        (json!({"name": "c", "extra": 1}), 500),
        (json!({"deleteOnLastSessionExit": true}), 500),
    ] {
        let response = post(&coral, "/api/v1/local/namespace", &body).await;
        assert_eq!(response.status, status, "{body}");
        if status == 500 {
            let class = "class org.coralprotocol.coralserver.session.SessionNamespaceRequest";
            assert_eq!(response.message(), Some(format!("Failed to convert request body to {class}")));
        }
    }
}
