//! The decoder rejects what coral-server 1.2 rejects; otherwise its acceptance would prove nothing.

use coral_tools::Dialect;
use serde_json::{Value, json};

use super::decoder::decode;

/// A valid request with every field.
fn valid() -> Value {
    json!({
        "agentGraphRequest": {
            "agents": [{
                "id": {"name": "n", "version": "1.0.0", "registrySourceId": {"type": "local"}},
                "name": "writer",
                "provider": {"type": "local", "runtime": "docker"},
                "description": "…", "systemPrompt": "…", "blocking": true,
                "options": {"A": {"type": "string", "value": "…"}},
                "customToolAccess": ["t"],
                "plugins": [{"type": "close_session_tool"}],
                "x402Budgets": [{"priority": 1, "resource": "…", "remainingBudget": 123}],
                "proxies": {"MAIN": {"configurationName": "c", "modelName": "m"}},
                "annotations": {"k": "v"}
            }],
            "groups": [["writer"]],
            "customTools": {"t": {"transport": {"type": "http", "url": "https://h/t"}}}
        },
        "namespaceProvider": {
            "type": "create_if_not_exists",
            "namespaceRequest": {"name": "default", "deleteOnLastSessionExit": true, "annotations": {}}
        },
        "execution": {
            "mode": "immediate",
            "runtimeSettings": {
                "ttl": 300_000, "extendedEndReport": true,
                "persistenceMode": {"mode": "hold_after_exit", "duration": 60_000},
                "webhooks": {"sessionEnd": {"url": "https://h/end"}}
            }
        },
        "annotations": {}
    })
}

const AGENT: &str = "/agentGraphRequest/agents/0";
const SETTINGS: &str = "/execution/runtimeSettings";

/// Decodes the valid request with `value` at `pointer`.
fn with(pointer: &str, value: Value) -> Result<(), String> {
    let mut request = valid();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let parent = request.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object of the request");
    parent.insert(key.to_owned(), value);
    decode(Dialect::Server1_2, &request.to_string())
}

#[test]
fn valid_requests_are_accepted() {
    assert_eq!(decode(Dialect::Server1_2, &valid().to_string()), Ok(()));
    for may_be_null in ["description", "systemPrompt", "blocking"] {
        assert_eq!(with(&format!("{AGENT}/{may_be_null}"), Value::Null), Ok(()), "{may_be_null}");
    }
    assert_eq!(with("/execution", json!({"mode": "defer"})), Ok(()));
    assert_eq!(with("/namespaceProvider", json!({"type": "use_existing", "name": "n"})), Ok(()));
}

#[test]
fn unknown_keys_are_rejected_at_every_level() {
    let agent_levels = ["", "/id", "/id/registrySourceId", "/provider", "/options/A", "/proxies/MAIN"];
    let levels = ["", "/agentGraphRequest", "/namespaceProvider", "/namespaceProvider/namespaceRequest", "/execution"];
    let settings_levels = ["", "/persistenceMode", "/webhooks", "/webhooks/sessionEnd"];
    let agent_levels = agent_levels.iter().map(|level| format!("{AGENT}{level}"));
    let settings_levels = settings_levels.iter().map(|level| format!("{SETTINGS}{level}"));
    for level in levels.map(str::to_owned).into_iter().chain(agent_levels).chain(settings_levels) {
        assert!(with(&format!("{level}/unheardOf"), json!(1)).is_err(), "{level}");
    }
    assert!(with("/execution", json!({"mode": "defer", "x": 1})).is_err());
    assert!(with(&format!("{SETTINGS}/persistenceMode"), json!({"mode": "none", "duration": 1})).is_err());
    assert!(with("/sessionRuntimeSettings", json!({})).is_err());
    assert!(with("/budgetSettings", json!({})).is_err());
}

#[test]
fn null_is_rejected() {
    for pointer in [
        "/execution",
        "/annotations",
        "/namespaceProvider",
        "/agentGraphRequest/groups",
        "/agentGraphRequest/customTools",
        "/execution/runtimeSettings",
        "/namespaceProvider/namespaceRequest/annotations",
        &format!("{AGENT}/options"),
        &format!("{AGENT}/plugins"),
        &format!("{AGENT}/annotations"),
        &format!("{AGENT}/customToolAccess"),
        &format!("{SETTINGS}/webhooks"),
        &format!("{SETTINGS}/persistenceMode"),
    ] {
        assert!(with(pointer, Value::Null).is_err(), "{pointer}");
    }
}

#[test]
fn options_must_have_exactly_their_type() {
    for option in [
        json!({"type": "u64", "value": 5}),
        json!({"type": "u64", "value": "5x"}),
        json!({"type": "u8", "value": 256}),
        json!({"type": "i32", "value": 50.0}),
        json!({"type": "string", "value": 5}),
        json!({"type": "bool", "value": 1}),
        json!({"type": "blob", "value": "?"}),
        json!({"type": "secret", "value": "x"}),
        json!({"type": "number", "value": 1}),
        json!({"type": "list[bool]", "value": [true]}),
        json!({"type": "list[u64]", "value": [1]}),
    ] {
        assert!(with(&format!("{AGENT}/options/A"), option.clone()).is_err(), "{option}");
    }
}

#[test]
fn the_forms_of_other_versions_are_rejected() {
    let id = json!({"name": "n", "version": "1.0.0", "source": "local"});
    assert!(with(&format!("{AGENT}/id"), id).is_err());
    let persistence = json!({"type": "HoldAfterExit", "holdTime": 5000});
    assert!(with(&format!("{SETTINGS}/persistenceMode"), persistence).is_err());
    assert!(with("/execution", json!({"mode": "execute_now"})).is_err());
    assert!(decode(Dialect::Server1_1, &valid().to_string()).is_err());
}

#[test]
fn references_between_agents_and_tools_must_resolve() {
    assert!(with("/agentGraphRequest/groups", json!([["reader"]])).is_err());
    assert!(with(&format!("{AGENT}/customToolAccess"), json!(["u"])).is_err());
    let agent = valid().pointer(AGENT).cloned();
    assert!(with("/agentGraphRequest/agents", json!([agent, agent])).is_err());
}

/// The effect of one scorer must have a tag; those of the others must not.
#[test]
fn only_one_effect_has_a_tag() {
    let provider = |op: &str, effect: Value| {
        let scorers = json!([{"op": op, "type": "attested_by", "effect": effect}]);
        json!({
            "type": "remote_request", "runtime": "docker", "maxCost": {"type": "usd", "amount": 1.5},
            "serverSource": {"type": "servers", "servers": []},
            "serverScoring": {"type": "custom", "scorers": scorers}
        })
    };
    let (bare, tagged) = (json!({"weight": 1.0}), json!({"type": "flat", "weight": 1.0}));
    for (op, effect, is_accepted) in [
        ("is_true", &bare, true),
        ("is_true", &tagged, false),
        ("is_present", &tagged, true),
        ("is_present", &bare, false),
    ] {
        let result = with(&format!("{AGENT}/provider"), provider(op, effect.clone()));
        assert_eq!(result.is_ok(), is_accepted, "{op} {effect}: {result:?}");
    }
}
