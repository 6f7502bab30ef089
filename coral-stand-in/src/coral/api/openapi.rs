//! `/api_v1.json`: what a client needs to tell the generation of a server, in the words of the real document.

use std::sync::Arc;

use axum::extract::State;
use serde_json::{Map, Value, json};

use super::Api;
use crate::coral::answer::{Answer, ok};
use crate::coral::plays::Plays;

/// Method, path, operation.
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

pub(super) async fn document(State(api): State<Arc<Api>>) -> Answer {
    let plays = api.common.plays;
    ok(&json!({
        "openapi": "3.1.0",
        "info": {"title": "Coral Server API", "version": "1.0", "description": format!("A stand-in for {plays}")},
        "paths": paths(),
        "components": {
            "schemas": {
                "GraphAgentTool": tool(plays),
                "GraphAgentRequest": agent_request(plays),
                "RuntimeId": {"type": "string", "enum": runtimes(plays), "title": "RuntimeId"},
                "ToolSchema": tool_schema(plays),
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

fn tool(plays: Plays) -> Value {
    let schema = json!({"$ref": "#/components/schemas/ToolSchema"});
    let text = json!({"type": "string", "title": "String"});
    let mut properties = json!({"transport": transport()});
    if plays == Plays::Server1_2 {
        properties["inputSchema"] = schema.clone();
        properties["outputSchema"] = schema;
        properties["description"] = text.clone();
        properties["title"] = text;
        properties["annotations"] = json!({"type": "object", "title": "ToolAnnotations"});
    } else {
        properties["schema"] = schema;
    }
    let required: &[&str] = match plays {
        Plays::Server1_2 => &["inputSchema", "outputSchema", "transport"],
        Plays::Server1_1 | Plays::Cloud => &["schema", "transport"],
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

fn tool_schema(plays: Plays) -> Value {
    let free = json!({"type": "object", "additionalProperties": {"$ref": "#/components/schemas/JsonElement"}});
    let mut properties = json!({
        "properties": free,
        "required": {"type": "array", "items": {"type": "string"}},
        "type": {"type": "string"},
    });
    if plays == Plays::Server1_2 {
        properties["$defs"] = free;
    }
    json!({"type": "object", "properties": properties, "required": ["type"], "title": "ToolSchema"})
}

fn agent_request(plays: Plays) -> Value {
    let mut properties = Map::new();
    let known = ["id", "name", "description", "options", "systemPrompt", "blocking", "customToolAccess", "plugins"];
    let only_now: &[&str] = if plays == Plays::Server1_2 { &["proxies"] } else { &[] };
    for property in known.iter().chain(&["provider", "x402Budgets", "annotations"]).chain(only_now) {
        properties.insert((*property).to_owned(), json!({}));
    }
    json!({
        "type": "object",
        "properties": properties,
        "required": ["id", "name", "provider"],
        "title": "GraphAgentRequest",
    })
}

fn runtimes(plays: Plays) -> Value {
    match plays {
        Plays::Server1_2 => json!(["executable", "docker", "function", "prototype"]),
        Plays::Server1_1 | Plays::Cloud => json!(["executable", "docker", "function"]),
    }
}
