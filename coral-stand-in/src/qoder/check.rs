//! What Qoder refuses of a body.

use serde_json::{Map, Value};

use super::refusal::Refusal;

type Json = Map<String, Value>;
type Checked = Result<(), Refusal>;

const BUILT_IN: [&str; 11] = [
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

pub(super) fn body(bytes: &[u8]) -> Result<Json, Refusal> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(body)) => Ok(body),
        _ => Err(Refusal::new(400, "the body is no JSON object")),
    }
}

fn wrong(param: &str, message: &str) -> Checked {
    Err(Refusal::field(param, message))
}

pub(super) fn text<'a>(object: &'a Json, key: &str) -> Result<&'a str, Refusal> {
    object
        .get(key)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .ok_or_else(|| Refusal::field(key, "field required"))
}

fn optional(object: &Json, key: &str, kind: &str, is: impl Fn(&Value) -> bool) -> Checked {
    match object.get(key) {
        Some(value) if !value.is_null() && !is(value) => wrong(key, &format!("must be {kind}")),
        _ => Ok(()),
    }
}

fn is_list_of_texts(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(Value::is_string))
}

fn is_list_of_tagged(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(|item| item.get("type").is_some_and(Value::is_string)))
}

fn is_map_of_texts(value: &Value) -> bool {
    value.as_object().is_some_and(|map| map.values().all(Value::is_string))
}

pub(super) fn metadata(object: &Json) -> Checked {
    let fits = |value: &Value| {
        value.as_object().is_some_and(|map| {
            map.len() <= 16
                && map.iter().all(|(key, value)| {
                    key.chars().count() <= 64 && value.as_str().is_some_and(|value| value.chars().count() <= 512)
                })
        })
    };
    optional(object, "metadata", "at most 16 texts of 512 characters by keys of 64", fits)
}

pub(super) fn environment(body: &Json) -> Checked {
    text(body, "name")?;
    let config = body.get("config").and_then(Value::as_object);
    match config.and_then(|config| config.get("type")).and_then(Value::as_str) {
        Some("cloud" | "self_hosted") => metadata(body),
        _ => wrong("config", "field required, with its type"),
    }
}

pub(super) fn agent(body: &Json) -> Checked {
    if text(body, "name")?.chars().count() > 256 {
        return wrong("name", "too long");
    }
    match body.get("model") {
        Some(Value::String(_) | Value::Object(_)) => {}
        _ => return wrong("model", "field required"),
    }
    if body.contains_key("instructions") {
        return wrong("instructions", "use system");
    }
    metadata(body)?;
    tools(body.get("tools"))
}

pub(super) fn tools(tools: Option<&Value>) -> Checked {
    let Some(tools) = tools else { return Ok(()) };
    let Some(tools) = tools.as_array().filter(|tools| tools.len() <= 128) else {
        return wrong("tools", "must be a list of at most 128");
    };
    let mut names = Vec::new();
    for tool in tools {
        let Some(tool) = tool.as_object() else { return wrong("tools", "must be objects") };
        if text(tool, "type")? == "custom" {
            custom(tool)?;
            let name = text(tool, "name")?.to_ascii_lowercase();
            if names.contains(&name) {
                return wrong("tools", "two tools have one name");
            }
            names.push(name);
        }
    }
    Ok(())
}

fn custom(tool: &Json) -> Checked {
    let name = text(tool, "name")?;
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let lower = name.to_ascii_lowercase();
    if name.len() > 128 || !name.chars().all(is_letter) || lower.starts_with("mcp__") || BUILT_IN.contains(&&*lower) {
        return wrong("tools", "a name is not allowed");
    }
    text(tool, "description")?;
    let schema = tool.get("input_schema").and_then(|schema| schema.get("type"));
    if schema.is_some_and(|kind| kind == "object") {
        Ok(())
    } else {
        wrong("tools", "input_schema must be an object's")
    }
}

/// Everything of a session but that agent and environment exist.
pub(super) fn session(body: &Json) -> Checked {
    text(body, "environment_id")?;
    match body.get("agent") {
        Some(Value::String(id)) if !id.is_empty() => {}
        Some(Value::Object(agent)) => {
            text(agent, "id")?;
            match text(agent, "type")? {
                "agent" if agent.keys().all(|key| ["id", "type", "version"].contains(&&**key)) => {}
                "agent_with_overrides" => tools(agent.get("tools"))?,
                _ => return wrong("agent", "has another type than its fields"),
            }
        }
        _ => return wrong("agent", "field required"),
    }
    metadata(body)?;
    optional(body, "title", "a text", Value::is_string)?;
    let flush = |value: &Value| value.as_u64().is_some_and(|millis| (50..=5_000).contains(&millis));
    optional(body, "delta_flush_interval_ms", "50 to 5000", flush)?;
    optional(body, "memory_store_ids", "a list of texts", is_list_of_texts)?;
    optional(body, "vault_ids", "a list of texts", is_list_of_texts)?;
    optional(body, "resources", "a list of objects with a type", is_list_of_tagged)?;
    let budget = |value: &Value| {
        value.get("type").is_some_and(|kind| kind == "limit")
            && value.get("max_credit_cost").is_some_and(Value::is_string)
    };
    optional(body, "budget", "a limit", budget)?;
    optional(body, "environment_variables", "texts by name", |value| value.is_string() || is_map_of_texts(value))?;
    let Some(events) = body.get("initial_events") else { return Ok(()) };
    let Some(events) = events.as_array().filter(|events| events.len() <= 50) else {
        return wrong("initial_events", "must be a list of at most 50");
    };
    for event in events {
        let kind = self::event(event)?;
        if !["user.message", "user.define_outcome", "system.message"].contains(&kind) {
            return wrong("initial_events", "an event of another type");
        }
    }
    Ok(())
}

/// The events of a body.
pub(super) fn events(body: &Json) -> Result<&Vec<Value>, Refusal> {
    let events = body.get("events").and_then(Value::as_array).filter(|events| !events.is_empty());
    let events = events.ok_or_else(|| Refusal::field("events", "must be a list that is not empty"))?;
    for event in events {
        self::event(event)?;
    }
    Ok(events)
}

/// An event; its type.
fn event(event: &Value) -> Result<&str, Refusal> {
    let event = event.as_object().ok_or_else(|| Refusal::field("events", "must be objects"))?;
    let kind = text(event, "type")?;
    match kind {
        "user.message" | "system.message" => content(event.get("content"))?,
        "user.custom_tool_result" => {
            text(event, "custom_tool_use_id")?;
            if let Some(blocks) = event.get("content") {
                content(Some(blocks))?;
            }
            optional(event, "is_error", "a boolean", Value::is_boolean)?;
        }
        "user.tool_confirmation" => {
            text(event, "tool_use_id")?;
            if !["allow", "deny"].contains(&text(event, "result")?) {
                return Err(Refusal::field("result", "must be allow or deny"));
            }
        }
        "user.define_outcome" => {
            text(event, "description")?;
            let rubric = event.get("rubric").and_then(|rubric| rubric.get("type"));
            if !rubric.is_some_and(|kind| kind == "text" || kind == "file") {
                return Err(Refusal::field("rubric", "must be a text or a file"));
            }
        }
        "user.interrupt" => {}
        _ => return Err(Refusal::field("type", "no such event")),
    }
    Ok(kind)
}

fn content(content: Option<&Value>) -> Checked {
    let blocks = content.and_then(Value::as_array).filter(|blocks| !blocks.is_empty());
    let Some(blocks) = blocks else { return wrong("content", "must be a list of blocks that is not empty") };
    for block in blocks {
        let is_text = block.get("type").is_some_and(|kind| kind == "text");
        if block.get("type").is_none_or(|kind| !kind.is_string()) || is_text && !block["text"].is_string() {
            return wrong("content", "a block is malformed");
        }
    }
    Ok(())
}
