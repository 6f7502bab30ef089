//! Decodes requests as strictly as the server. Unknown fields are ignored.

use axum::body::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::rejection::Rejection;

/// Decodes a JSON body.
pub(super) fn body<T: DeserializeOwned>(headers: &HeaderMap, bytes: &Bytes) -> Result<T, Rejection> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/json") {
        let message = "Expected request with `Content-Type: application/json`";
        return Err(Rejection::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        Rejection::plain(StatusCode::BAD_REQUEST, format!("Failed to parse the request body as JSON: {error}"))
    })?;
    serde_json::from_value(value).map_err(|error| Rejection::unprocessable(error.to_string()))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewSession {
    pub(super) agent_id: Option<String>,
    agent_name: Option<String>,
    harness_id: Option<String>,
    harness_name: Option<String>,
    capabilities: Vec<Capability>,
    pub(super) model_id: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) title: Option<String>,
    pub(super) tools: Vec<Tool>,
    pub(super) hints: Option<Map<String, Value>>,
    parallel_tool_calls: Option<bool>,
    system_prompt: Option<String>,
    max_iterations: Option<u32>,
    locale: Option<String>,
    initial_files: Vec<InitialFile>,
    #[serde(rename = "mcpServers", alias = "mcp_servers")]
    mcp_servers: std::collections::BTreeMap<String, McpServer>,
    network_access: Option<NetworkAccess>,
    workspace_id: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Capability {
    #[serde(rename = "ref")]
    id: String,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "decoded only to check the types")]
struct InitialFile {
    path: String,
    content: String,
    encoding: Option<String>,
    is_readonly: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "decoded only to check the types")]
struct McpServer {
    url: Option<String>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "decoded only to check the types")]
struct NetworkAccess {
    #[serde(default)]
    allowed: Vec<String>,
    #[serde(default)]
    blocked: Vec<String>,
}

/// A tool of a new session. Only those with the type `client_side` are kept.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Tool {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) parameters: Value,
    #[serde(flatten)]
    pub(super) rest: Map<String, Value>,
}

impl NewSession {
    pub(super) fn check(&self) -> Result<(), Rejection> {
        if self.agent_id.is_some() && self.agent_name.is_some() {
            return Err(Rejection::bad_request("agent_id and agent_name are mutually exclusive"));
        }
        if self.harness_id.is_some() && self.harness_name.is_some() {
            return Err(Rejection::bad_request("harness_id and harness_name are mutually exclusive"));
        }
        let ids = [
            ("agent", &self.agent_id),
            ("harness", &self.harness_id),
            ("model", &self.model_id),
            ("wsp", &self.workspace_id),
        ];
        for (prefix, id) in ids {
            if id.as_ref().is_some_and(|id| !is_id(prefix, id)) {
                return Err(Rejection::bad_request(format!("Invalid {prefix} ID")));
            }
        }
        if let Some(capability) = self.capabilities.iter().find(|capability| capability.id.is_empty()) {
            return Err(Rejection::bad_request(format!("Unknown capability: {}", capability.id)));
        }
        if let Some(tool) = self.tools.iter().find(|tool| tool.name.starts_with("mcp_")) {
            return Err(Rejection::unprocessable(format!("tool name {} is reserved", tool.name)));
        }
        if self.tools.iter().any(|tool| !tool.parameters.is_object()) {
            return Err(Rejection::bad_request("parameters must be a JSON Schema object"));
        }
        tracing::trace!(?self.parallel_tool_calls, ?self.system_prompt, ?self.max_iterations, ?self.locale,
            ?self.initial_files, ?self.mcp_servers, ?self.network_access, "read");
        Ok(())
    }
}

fn is_id(prefix: &str, id: &str) -> bool {
    let digits = id.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_'));
    digits.is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
}

#[derive(Debug, Deserialize)]
pub(super) struct NewMessage {
    pub(super) message: InputMessage,
    pub(super) controls: Option<Controls>,
    pub(super) client_message_id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct InputMessage {
    role: Option<String>,
    pub(super) content: Vec<Value>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Controls {
    #[serde(default)]
    pub(super) hints: Map<String, Value>,
}

impl NewMessage {
    pub(super) fn check(&self) -> Result<(), Rejection> {
        if self.message.role.as_deref().is_some_and(|role| role != "user") {
            return Err(Rejection::bad_request("only user messages can be created"));
        }
        if self.message.content.iter().any(|part| part["type"] == "text" && !part["text"].is_string()) {
            return Err(Rejection::unprocessable("message.content: missing field `text`"));
        }
        Ok(())
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct NewToolResults {
    pub(super) tool_results: Vec<ToolResult>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct ToolResult {
    pub(super) tool_call_id: String,
    #[serde(default)]
    result: Value,
    #[serde(default)]
    pub(super) error: Option<String>,
}

impl ToolResult {
    pub(super) fn from_text(call: &str, text: &str) -> Self {
        Self { tool_call_id: call.to_owned(), result: text.into(), error: None }
    }

    /// The text that the model reads.
    pub(super) fn text(&self) -> String {
        match (&self.error, &self.result) {
            (Some(error), _) => error.clone(),
            (None, Value::Null) => String::new(),
            (None, Value::String(text)) => text.clone(),
            (None, other) => other.to_string(),
        }
    }
}
