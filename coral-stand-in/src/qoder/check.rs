//! Checks of request bodies, as strict as Qoder's.

use serde_json::{Map, Value};

use super::rejection::Rejection;

type JsonObject = Map<String, Value>;
type CheckResult = Result<(), Rejection>;

const BUILT_IN_TOOLS: [&str; 11] = [
    "bash",
    "read",
    "write",
    "edit",
    "glob",
    "grep",
    "webfetch",
    "websearch",
    "imagesearch",
    "imagegen",
    "deliverartifacts",
];

pub(super) fn body(bytes: &[u8]) -> Result<JsonObject, Rejection> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(body)) => Ok(body),
        _ => Err(Rejection::new(400, "the body is not a JSON object")),
    }
}

fn invalid(param: &str, message: &str) -> CheckResult {
    Err(Rejection::field(param, message))
}

pub(super) fn required_string<'a>(object: &'a JsonObject, key: &str) -> Result<&'a str, Rejection> {
    object
        .get(key)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .ok_or_else(|| Rejection::field(key, "field required"))
}

fn optional(object: &JsonObject, key: &str, kind: &str, is: impl Fn(&Value) -> bool) -> CheckResult {
    match object.get(key) {
        Some(value) if !value.is_null() && !is(value) => invalid(key, &format!("must be {kind}")),
        _ => Ok(()),
    }
}

fn is_array_of_strings(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(Value::is_string))
}

fn is_array_of_tagged_objects(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(|item| item.get("type").is_some_and(Value::is_string)))
}

fn is_map_of_strings(value: &Value) -> bool {
    value.as_object().is_some_and(|map| map.values().all(Value::is_string))
}

pub(super) fn metadata(object: &JsonObject) -> CheckResult {
    let is_metadata = |value: &Value| {
        value.as_object().is_some_and(|map| {
            map.len() <= 16
                && map.iter().all(|(key, value)| {
                    key.chars().count() <= 64 && value.as_str().is_some_and(|value| value.chars().count() <= 512)
                })
        })
    };
    optional(object, "metadata", "an object of at most 16 strings of 512 characters, with keys of 64", is_metadata)
}

pub(super) fn environment(body: &JsonObject) -> CheckResult {
    required_string(body, "name")?;
    let config = body.get("config").and_then(Value::as_object);
    match config.and_then(|config| config.get("type")).and_then(Value::as_str) {
        Some("cloud" | "self_hosted") => metadata(body),
        _ => invalid("config", "field required, with its type"),
    }
}

pub(super) fn agent(body: &JsonObject) -> CheckResult {
    if required_string(body, "name")?.chars().count() > 256 {
        return invalid("name", "too long");
    }
    match body.get("model") {
        Some(Value::String(_) | Value::Object(_)) => {}
        _ => return invalid("model", "field required"),
    }
    if body.contains_key("instructions") {
        return invalid("instructions", "use system");
    }
    metadata(body)?;
    tools(body.get("tools"))
}

pub(super) fn tools(tools: Option<&Value>) -> CheckResult {
    let Some(tools) = tools else { return Ok(()) };
    let Some(tools) = tools.as_array().filter(|tools| tools.len() <= 128) else {
        return invalid("tools", "must be an array of at most 128");
    };
    let mut names = Vec::new();
    for tool in tools {
        let Some(tool) = tool.as_object() else { return invalid("tools", "must be objects") };
        if required_string(tool, "type")? == "custom" {
            custom(tool)?;
            let name = required_string(tool, "name")?.to_ascii_lowercase();
            if names.contains(&name) {
                return invalid("tools", "two tools have the same name");
            }
            names.push(name);
        }
    }
    Ok(())
}

fn custom(tool: &JsonObject) -> CheckResult {
    let name = required_string(tool, "name")?;
    let is_name_char = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let lower = name.to_ascii_lowercase();
    if name.len() > 128
        || !name.chars().all(is_name_char)
        || lower.starts_with("mcp__")
        || BUILT_IN_TOOLS.contains(&&*lower)
    {
        return invalid("tools", "a name is not allowed");
    }
    required_string(tool, "description")?;
    let schema = tool.get("input_schema").and_then(|schema| schema.get("type"));
    if schema.is_some_and(|kind| kind == "object") {
        Ok(())
    } else {
        invalid("tools", "input_schema must have the type object")
    }
}

/// Checks the request for a session. The caller checks that its agent and environment exist.
pub(super) fn session(body: &JsonObject) -> CheckResult {
    required_string(body, "environment_id")?;
    match body.get("agent") {
        Some(Value::String(id)) if !id.is_empty() => {}
        Some(Value::Object(agent)) => {
            required_string(agent, "id")?;
            match required_string(agent, "type")? {
                "agent" if agent.keys().all(|key| ["id", "type", "version"].contains(&&**key)) => {}
                "agent_with_overrides" => tools(agent.get("tools"))?,
                _ => return invalid("agent", "the type does not fit the fields"),
            }
        }
        _ => return invalid("agent", "field required"),
    }
    metadata(body)?;
    optional(body, "title", "a string", Value::is_string)?;
    let flush = |value: &Value| value.as_u64().is_some_and(|millis| (50..=5_000).contains(&millis));
    optional(body, "delta_flush_interval_ms", "50 to 5000", flush)?;
    optional(body, "memory_store_ids", "an array of strings", is_array_of_strings)?;
    optional(body, "vault_ids", "an array of strings", is_array_of_strings)?;
    optional(body, "resources", "an array of objects with a type", is_array_of_tagged_objects)?;
    let budget = |value: &Value| {
        value.get("type").is_some_and(|kind| kind == "limit")
            && value.get("max_credit_cost").is_some_and(Value::is_string)
    };
    optional(body, "budget", "a limit", budget)?;
    optional(body, "environment_variables", "an object of strings", |value| {
        value.is_string() || is_map_of_strings(value)
    })?;
    let Some(events) = body.get("initial_events") else { return Ok(()) };
    let Some(events) = events.as_array().filter(|events| events.len() <= 50) else {
        return invalid("initial_events", "must be an array of at most 50");
    };
    for event in events {
        let kind = self::event(event)?;
        if !["user.message", "user.define_outcome", "system.message"].contains(&kind) {
            return invalid("initial_events", "an event has a type that is not allowed here");
        }
    }
    Ok(())
}

/// Checks and returns the events of a body.
pub(super) fn events(body: &JsonObject) -> Result<&Vec<Value>, Rejection> {
    let events = body.get("events").and_then(Value::as_array).filter(|events| !events.is_empty());
    let events = events.ok_or_else(|| Rejection::field("events", "must be an array that is not empty"))?;
    for event in events {
        self::event(event)?;
    }
    Ok(events)
}

/// Checks an event and returns its type.
fn event(event: &Value) -> Result<&str, Rejection> {
    let event = event.as_object().ok_or_else(|| Rejection::field("events", "must be objects"))?;
    let kind = required_string(event, "type")?;
    match kind {
        "user.message" | "system.message" => content(event.get("content"))?,
        "user.custom_tool_result" => {
            required_string(event, "custom_tool_use_id")?;
            if let Some(blocks) = event.get("content") {
                content(Some(blocks))?;
            }
            optional(event, "is_error", "a boolean", Value::is_boolean)?;
        }
        "user.tool_confirmation" => {
            required_string(event, "tool_use_id")?;
            if !["allow", "deny"].contains(&required_string(event, "result")?) {
                return Err(Rejection::field("result", "must be allow or deny"));
            }
        }
        "user.define_outcome" => {
            required_string(event, "description")?;
            let rubric = event.get("rubric").and_then(|rubric| rubric.get("type"));
            if !rubric.is_some_and(|kind| kind == "text" || kind == "file") {
                return Err(Rejection::field("rubric", "must be of type text or file"));
            }
        }
        "user.interrupt" => {}
        _ => return Err(Rejection::field("type", "unknown event type")),
    }
    Ok(kind)
}

fn content(content: Option<&Value>) -> CheckResult {
    let blocks = content.and_then(Value::as_array).filter(|blocks| !blocks.is_empty());
    let Some(blocks) = blocks else {
        return invalid("content", "must be an array of content blocks that is not empty");
    };
    for block in blocks {
        let is_text = block.get("type").is_some_and(|kind| kind == "text");
        if block.get("type").is_none_or(|kind| !kind.is_string()) || is_text && !block["text"].is_string() {
            return invalid("content", "a content block is malformed");
        }
    }
    Ok(())
}
