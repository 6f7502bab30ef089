//! The agent types of a server for debugging, and the one of the API guide.

use serde_json::{Value, json};

use super::{ProgramSettings, debug_scripts, script};
use crate::coral::session::Script;

/// The built-in agent types with their scripts: `tool`, `seed`, `echo` and `puppet` of coral-server with
/// `registry.includeDebugAgents`, and `natural-tone-agent` of the API guide of Coral Cloud.
pub(in crate::coral) fn builtin_types() -> [(Value, Script); 5] {
    [
        (echo(), script(debug_scripts::echo, ProgramSettings::default())),
        (seed(), script(debug_scripts::seed, ProgramSettings::default())),
        (tool(), script(debug_scripts::tool, ProgramSettings::default())),
        (puppet(), script(debug_scripts::idle, ProgramSettings::default())),
        (natural_tone_agent(), script(debug_scripts::listen, ProgramSettings::default())),
    ]
}

fn echo() -> Value {
    agent(
        "echo",
        "Waits for a message that passes its filters and responds to it, `ITERATION_COUNT` times. Then it exits.",
        json!({
            "START_DELAY": option("u32", "Milliseconds to wait before the start"),
            "ITERATION_COUNT": with(option("u32", "The number of responses"), "default", json!(20)),
            "FROM_AGENT": option("string", "Filter: the agent that sends the message"),
            "MENTIONS": option("bool", "Filter: messages that mention this agent"),
        }),
    )
}

fn seed() -> Value {
    let threads = with(option("u32", "The number of threads"), "default", json!(1));
    agent(
        "seed",
        "Seeds a session with threads and messages. Then it exits.",
        json!({
            "START_DELAY": option("u32", "Milliseconds to wait before the start"),
            "OPERATION_DELAY": option("u32", "Milliseconds to wait after each operation"),
            "SEED_THREAD_COUNT": with(threads, "validation", json!({"min": 1})),
            "SEED_MESSAGE_COUNT": with(option("u32", "The number of messages in each thread"), "default", json!(0)),
            "PARTICIPANTS": with(option("list[string]", "The participants of each thread"), "default", json!([])),
            "MENTIONS": with(option("list[string]", "The agents that each message mentions"), "default", json!([])),
        }),
    )
}

fn tool() -> Value {
    agent(
        "tool",
        "Calls one tool and exits.",
        json!({
            "START_DELAY": option("u32", "Milliseconds to wait before the start"),
            "TOOL_NAME": with(option("string", "The name of the tool"), "required", json!(true)),
            "TOOL_INPUT": option("string", "The arguments, as a JSON string"),
        }),
    )
}

fn puppet() -> Value {
    agent("puppet", "Does nothing unless it is controlled, and never exits.", json!({}))
}

fn option(tag: &str, description: &str) -> Value {
    json!({
        "type": tag,
        "required": false,
        "display": {"description": description, "multiline": false},
        "transport": "env",
    })
}

fn with(mut option: Value, key: &str, value: Value) -> Value {
    option[key] = value;
    option
}

fn agent(name: &str, description: &str, options: impl Into<Value>) -> Value {
    let identifier = json!({"name": name, "version": "1.0.0", "registrySourceId": {"type": "local"}});
    json!({
        "registryAgent": {
            "info": {
                "capabilities": [],
                "identifier": identifier,
                "description": description,
                "readme": "TODO",
                "summary": "TODO",
                "license": {"type": "spdx", "expression": "MIT"},
                "keywords": [],
                "links": {},
            },
            "edition": 4,
            "runtimes": {"function": {"transport": "streamable_http"}},
            "options": options.into(),
            "exportSettings": {},
        },
        "restrictions": [],
    })
}

/// The agent type of the API guide of Coral Cloud. Its agents connect and wait for messages.
fn natural_tone_agent() -> Value {
    json!({
        "registryAgent": {
            "info": {
                "description": "An agent that communicates in natural, conversational tone",
                "capabilities": ["resources"],
                "identifier": {"name": "natural-tone-agent", "version": "1.1.0", "registrySourceId": {"type": "local"}},
            },
            "runtimes": {
                "docker": {"image": "coral/natural-tone-agent:1.1.0", "command": ["python", "agent.py"]},
            },
            "options": {
                "EXTRA_USER_PROMPT": {
                    "type": "string",
                    "required": false,
                    "description": "Additional instructions or context for the agent",
                    "display": {
                        "label": "Extra Instructions",
                        "description": "Custom instructions to guide the agent's behavior",
                        "multiline": true,
                    },
                    "transport": "env",
                },
                "MAX_ITERATIONS": {
                    "type": "i32",
                    "required": false,
                    "description": "Maximum number of iterations before the agent stops",
                    "default": 50,
                    "validation": {"min": 1, "max": 200},
                    "transport": "env",
                },
            },
            "exportSettings": {
                "docker": {
                    "quantity": 100,
                    "pricing": {
                        "min_price": {"type": "micro_coral", "amount": 1000},
                        "max_price": {"type": "micro_coral", "amount": 10000},
                    },
                    "options": {},
                },
            },
        },
        "restrictions": [{"type": "local"}],
    })
}
