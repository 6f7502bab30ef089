//! Tests of decoding a registry agent, without generating code.

use proc_macro2::Span;
use serde_json::{Value, json};
use syn::LitStr;

use super::super::json_file::JsonFile;
use super::super::option_type::{RegistryOptionType, ScalarType};
use super::super::registry_agent::{AgentHost, RegistryAgent, decode};
use crate::errors::Errors;
use crate::tests::messages::messages_in;

/// Decodes a registry agent of the linked server `berlin`, with these options and restrictions.
fn decoded(options: &Value, restrictions: &Value) -> Result<RegistryAgent, Vec<String>> {
    let id = json!({"name": "a", "version": "1", "registrySourceId": {"type": "linked", "linkedServerId": "berlin"}});
    let agent = json!({"info": {"identifier": id}, "runtimes": {"docker": {}}, "options": options});
    let path = LitStr::new("agent.json", Span::call_site());
    let document = JsonFile::new(&path, json!({"registryAgent": agent, "restrictions": restrictions}));
    let errors = Errors::new();
    let agent = decode(&document, &errors);
    let messages = messages_in(errors.finish());
    if messages.is_empty() { agent.map_err(|_| messages) } else { Err(messages) }
}

/// Returns the name of a linked server, or the kind of the host.
fn host(restrictions: &Value) -> String {
    match decoded(&json!({}), restrictions).expect("an agent").host {
        AgentHost::Local => "local".to_owned(),
        AgentHost::Other => "other".to_owned(),
        AgentHost::Linked(name) => name,
    }
}

#[test]
fn an_agent_runs_where_all_restrictions_allow_it() {
    let local = json!({"type": "local"});
    let linked = |server: &str| json!({"type": "linked", "linkedServerName": server});
    for restrictions in [json!(null), json!([]), json!([{"type": "unknown"}])] {
        assert_eq!(host(&restrictions), "berlin", "{restrictions}");
    }
    assert_eq!(host(&json!([local])), "local");
    assert_eq!(host(&json!([local, {"type": "unknown"}, local])), "local");
    assert_eq!(host(&json!([linked("rome")])), "rome");
    assert_eq!(host(&json!([linked("rome"), linked("rome")])), "rome");
    assert_eq!(host(&json!([linked("rome"), linked("oslo")])), "other");
    assert_eq!(host(&json!([local, linked("rome")])), "other");
    assert_eq!(host(&json!([{"type": "linked"}])), "other");
    assert_eq!(host(&json!([{"type": "remote"}])), "other");
    let messages = decoded(&json!({}), &json!({"type": "local"})).err();
    assert_eq!(messages, Some(vec!["`agent.json`: `restrictions` must be an array".to_owned()]));
}

/// Decodes one option. Returns its type, if that is supported.
fn option_type(option: &Value) -> Option<RegistryOptionType> {
    let agent = decoded(&json!({ "A": option }), &json!([])).expect("an agent");
    agent.options.into_iter().next().map(|option| option.option_type)
}

#[test]
fn only_a_string_that_is_not_secret_has_an_enum() {
    let has_enum = |mut option: Value, variants: &Value| {
        option["validation"] = json!({ "variants": variants });
        let option_type = option_type(&option).expect("a supported type");
        matches!(option_type.scalar, ScalarType::Enum(_))
    };
    assert!(has_enum(json!({"type": "string"}), &json!(["a", "b-2"])));
    assert!(!has_enum(json!({"type": "string", "secret": true}), &json!(["a", "b-2"])));
    assert!(!has_enum(json!({"type": "u8"}), &json!(["a", "b-2"])));
    for variants in [json!(["2b"]), json!(["self"]), json!(["a", "A"]), json!(["a.b"]), json!(["a-"]), json!([1])] {
        assert!(!has_enum(json!({"type": "string"}), &variants), "{variants}");
    }
}

#[test]
fn lists_of_types_of_which_no_list_exists_are_not_supported() {
    for name in ["bool", "secret", "number"] {
        assert!(option_type(&json!({"type": name})).is_some_and(|of| !of.is_list), "{name}");
        assert!(option_type(&json!({"type": format!("list[{name}]")})).is_none(), "{name}");
    }
    for name in ["string", "blob", "u64"] {
        assert!(option_type(&json!({"type": format!("list[{name}]")})).is_some_and(|of| of.is_list), "{name}");
    }
}
