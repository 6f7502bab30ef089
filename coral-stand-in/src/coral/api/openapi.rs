//! `/api_v1.json`: the parts of the OpenAPI document from which clients detect the version of a server.

use std::sync::Arc;

use axum::extract::State;
use serde_json::{Map, Value, json};

use super::Api;
use crate::coral::emulated_version::EmulatedVersion;
use crate::coral::response::{ApiResult, json_ok};

/// The method, path and id of each operation.
const OPERATIONS: [(&str, &str, &str); 19] = [
    ("post", "/api/v1/local/session", "createSession"),
    ("get", "/api/v1/local/session/{namespace}/{sessionId}", "getSessionState"),
    ("post", "/api/v1/local/session/{namespace}/{sessionId}", "executeDeferredSession"),
    ("delete", "/api/v1/local/session/{namespace}/{sessionId}", "closeSession"),
    ("get", "/api/v1/local/session/{namespace}/{sessionId}/extended", "getSessionStateExtended"),
    ("post", "/api/v1/local/namespace", "createNamespace"),
    ("get", "/api/v1/local/namespace", "getNamespaceStates"),
    ("get", "/api/v1/local/namespace/extended", "getNamespaceStatesExtended"),
    ("get", "/api/v1/local/namespace/{namespace}", "getSessionStates"),
    ("delete", "/api/v1/local/namespace/{namespace}", "deleteNamespace"),
    ("get", "/api/v1/local/namespace/{namespace}/extended", "getSessionStatesExtended"),
    ("get", "/api/v1/registry", "getRegistryAgents"),
    ("get", "/api/v1/registry/local/{agentName}/{agentVersion}", "inspectLocalAgent"),
    ("get", "/api/v1/registry/marketplace/{agentName}/{agentVersion}", "inspectMarketplaceAgent"),
    ("get", "/api/v1/registry/linked/{linkedServerName}/{agentName}/{agentVersion}", "inspectLinkedServerAgent"),
    ("post", "/api/v1/puppet/{namespace}/{sessionId}/{agentName}/thread", "puppetCreateThread"),
    ("delete", "/api/v1/puppet/{namespace}/{sessionId}/{agentName}/thread", "puppetCloseThread"),
    ("post", "/api/v1/puppet/{namespace}/{sessionId}/{agentName}/thread/message", "puppetSendMessage"),
    ("delete", "/api/v1/puppet/{namespace}/{sessionId}/{agentName}", "puppetKillAgent"),
];

pub(super) async fn document(State(api): State<Arc<Api>>) -> ApiResult {
    let emulated = api.context.emulated;
    json_ok(&json!({
        "openapi": "3.1.0",
        "info": {"title": "Coral Server API", "version": "1.0", "description": format!("A stand-in for {emulated}")},
        "paths": paths(),
        "components": {
            "schemas": {
                "GraphAgentTool": tool(emulated),
                "GraphAgentRequest": agent_request(emulated),
                "RuntimeId": {"type": "string", "enum": runtimes(emulated), "title": "RuntimeId"},
                "ToolSchema": tool_schema(emulated),
                "JsonElement": {"title": "JsonElement"},
            },
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "Configured token"},
            },
        },
    }))
}

fn paths() -> Value {
    let mut paths = Map::new();
    for (method, path, operation) in OPERATIONS {
        let methods = paths.entry(path).or_insert_with(|| json!({}));
        methods[method] = json!({
            "operationId": operation,
            "responses": {"200": {"description": "Success"}},
            "security": [{"token": []}],
        });
    }
    paths.into()
}

fn tool(emulated: EmulatedVersion) -> Value {
    let schema = json!({"$ref": "#/components/schemas/ToolSchema"});
    let text = json!({"type": "string", "title": "String"});
    let mut properties = json!({"transport": transport()});
    if emulated == EmulatedVersion::Server1_2 {
        properties["inputSchema"] = schema.clone();
        properties["outputSchema"] = schema;
        properties["description"] = text.clone();
        properties["title"] = text;
        properties["annotations"] = json!({"type": "object", "title": "ToolAnnotations"});
    } else {
        properties["schema"] = schema;
    }
    let required: &[&str] = match emulated {
        EmulatedVersion::Server1_2 => &["inputSchema", "outputSchema", "transport"],
        EmulatedVersion::Server1_1 | EmulatedVersion::Cloud => &["schema", "transport"],
    };
    json!({"type": "object", "properties": properties, "required": required, "title": "GraphAgentTool"})
}

fn transport() -> Value {
    let http = json!({
        "type": "object",
        "properties": {
            "type": {"type": "string", "enum": ["http"], "title": "String"},
            "url": {"type": "string", "title": "String"},
            "signatureHeader": {"type": "string", "title": "String"},
        },
        "required": ["type", "url"],
        "title": "http",
    });
    json!({"anyOf": [http], "discriminator": {"propertyName": "type"}, "title": "GraphAgentToolTransport"})
}

fn tool_schema(emulated: EmulatedVersion) -> Value {
    let any_object = json!({"type": "object", "additionalProperties": {"$ref": "#/components/schemas/JsonElement"}});
    let mut properties = json!({
        "properties": any_object,
        "required": {"type": "array", "items": {"type": "string"}},
        "type": {"type": "string"},
    });
    if emulated == EmulatedVersion::Server1_2 {
        properties["$defs"] = any_object;
    }
    json!({"type": "object", "properties": properties, "required": ["type"], "title": "ToolSchema"})
}

fn agent_request(emulated: EmulatedVersion) -> Value {
    let mut properties = Map::new();
    let known = ["id", "name", "description", "options", "systemPrompt", "blocking", "customToolAccess", "plugins"];
    let new: &[&str] = if emulated == EmulatedVersion::Server1_2 { &["proxies"] } else { &[] };
    for property in known.iter().chain(&["provider", "x402Budgets", "annotations"]).chain(new) {
        properties.insert((*property).to_owned(), json!({}));
    }
    json!({
        "type": "object",
        "properties": properties,
        "required": ["id", "name", "provider"],
        "title": "GraphAgentRequest",
    })
}

fn runtimes(emulated: EmulatedVersion) -> Value {
    match emulated {
        EmulatedVersion::Server1_2 => json!(["executable", "docker", "function", "prototype"]),
        EmulatedVersion::Server1_1 | EmulatedVersion::Cloud => json!(["executable", "docker", "function"]),
    }
}
