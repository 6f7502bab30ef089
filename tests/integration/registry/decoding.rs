//! Registry agents are decoded from every server version.

use coral_tools::from_json;
use coral_tools::registry::{
    OptionType, PlacementRestriction, RegistryAgent, RegistryContents, ReportedRegistry, ScalarType,
};
use serde_json::{Value, json};

use super::{GUIDE, SERVER_1_1, SERVER_1_2, read, registry_agent_with};

#[test]
fn the_sample_of_the_guide_is_decoded() {
    let registry_agent = read(GUIDE);
    assert_eq!((registry_agent.id.name.as_str(), registry_agent.id.version.as_str()), ("natural-tone-agent", "1.1.0"));
    assert_eq!(registry_agent.id.source, Some(ReportedRegistry::Local));
    assert_eq!(
        registry_agent.description.as_deref(),
        Some("An agent that communicates in natural, conversational tone")
    );
    assert_eq!(registry_agent.capabilities, ["resources"]);
    assert_eq!(registry_agent.runtimes["docker"]["image"], "coral/natural-tone-agent:1.1.0");
    assert_eq!(registry_agent.restrictions, [PlacementRestriction::Local]);
    assert_eq!(registry_agent.extra["registryAgent"]["exportSettings"]["docker"]["quantity"], 100);

    let prompt = &registry_agent.options["EXTRA_USER_PROMPT"];
    assert_eq!(prompt.kind, OptionType::One(ScalarType::Text));
    assert_eq!(prompt.label.as_deref(), Some("Extra Instructions"));
    assert_eq!(prompt.description.as_deref(), Some("Additional instructions or context for the agent"));
    assert_eq!(prompt.extra["display"], json!({"multiline": true}));
    let iterations = &registry_agent.options["MAX_ITERATIONS"];
    assert_eq!((&iterations.kind, iterations.required), (&OptionType::One(ScalarType::I32), false));
    assert_eq!((iterations.default.clone(), iterations.transport.as_deref()), (Some(50.into()), Some("env")));
    assert_eq!(
        (iterations.constraints.min.clone(), iterations.constraints.max.clone()),
        (Some(1.into()), Some(200.into()))
    );
}

#[test]
fn the_sample_of_coral_server_1_2_is_decoded() {
    let registry_agent = read(SERVER_1_2);
    assert_eq!(registry_agent.id.source, Some(ReportedRegistry::Marketplace));
    assert_eq!(registry_agent.runtimes.keys().collect::<Vec<_>>(), ["docker", "executable"]);
    assert!(registry_agent.options["API_KEY"].secret && registry_agent.options["API_KEY"].required);
    assert_eq!(registry_agent.options["SEED"].constraints.max, Some((u64::MAX - 1).into()));
    let sizes = &registry_agent.options["LOGO"].constraints;
    let sizes =
        [&sizes.min_size, &sizes.max_size].map(|size| size.as_ref().map(|size| (size.bytes, size.notation.clone())));
    assert_eq!(sizes, [Some((1010, "1.01 kB".into())), Some((1_048_576, "1.0 MiB".into()))]);
    assert_eq!(registry_agent.options["TOPICS"].kind.name(), "list[string]");
    assert_eq!(registry_agent.extra["extension"]["developer"], "Coral");
}

#[test]
fn the_sample_of_coral_server_1_1_is_decoded() {
    let registry_agent = read(SERVER_1_1);
    assert_eq!(registry_agent.id.source, Some(ReportedRegistry::Linked { server: Some("berlin".into()) }));
    let moon = json!({"type": "moon", "phase": 1});
    assert_eq!(
        registry_agent.restrictions,
        [PlacementRestriction::Linked { server: Some("berlin".into()) }, PlacementRestriction::Other(moon)]
    );
    assert_eq!(registry_agent.options["TOKEN"].kind, OptionType::One(ScalarType::Secret));
    assert_eq!(registry_agent.options["TOKEN"].kind.name(), "secret");
    assert!(registry_agent.options["TOKEN"].secret);
    assert!(!format!("{registry_agent:?}").contains("hunter2"));
}

#[test]
fn every_notation_of_a_size_is_decoded() {
    let size = |size: Value| {
        let registry_agent = registry_agent_with(&json!({"X": {"type": "blob", "validation": {"max_size": size}}}));
        registry_agent.options["X"].constraints.max_size.as_ref().map(|size| size.bytes)
    };
    for (written, bytes) in [
        (json!("1 MiB"), 1 << 20),
        (json!("1.5KiB"), 1536),
        (json!("1.01 kB"), 1010),
        (json!("2 GB"), 2_000_000_000),
        (json!("1 TiB"), 1 << 40),
        (json!("17 B"), 17),
        (json!({"size": 1.0, "unit": "MiB"}), 1 << 20),
        (json!({"size": "3", "unit": "b"}), 3),
    ] {
        assert_eq!(size(written.clone()), Some(bytes), "{written}");
    }
}

#[test]
fn a_wrong_type_is_an_error_with_its_location() {
    let error_after = |change: fn(&mut Value)| {
        let mut document: Value = serde_json::from_str(GUIDE).expect("JSON");
        change(&mut document);
        from_json::<RegistryAgent>(document.to_string().as_bytes()).expect_err("a malformed registry agent").to_string()
    };
    assert_eq!(error_after(|all| all["registryAgent"] = Value::Null), "registryAgent: required field is missing");
    assert_eq!(
        error_after(|all| all["registryAgent"]["info"]["identifier"] = Value::Null),
        "registryAgent.info.identifier: required field is missing"
    );
    assert_eq!(
        error_after(|all| all["registryAgent"]["options"]["MAX_ITERATIONS"]["validation"]["min"] = json!(true)),
        "registryAgent.options.MAX_ITERATIONS.validation.min: expected a number, not a boolean"
    );
    assert_eq!(
        error_after(|all| all["registryAgent"]["options"]["EXTRA_USER_PROMPT"]["type"] = json!(1)),
        "registryAgent.options.EXTRA_USER_PROMPT.type: expected a string, not a number"
    );
    assert_eq!(error_after(|all| all["restrictions"] = json!({})), "restrictions: expected an array, not an object");
}

#[test]
fn registry_contents_of_the_guide_and_of_coral_server_1_2_are_decoded() {
    let guide = json!([{
        "identifier": {"type": "local"},
        "timestamp": 1_767_109_139_139_u64,
        "agents": [
            {"name": "living-knowledge-agent", "versions": ["0.1.0"]},
            {"name": "natural-tone-agent", "versions": ["1.1.0"]}
        ]
    }]);
    let listings: Vec<RegistryContents> = from_json(guide.to_string().as_bytes()).expect("registry contents");
    assert_eq!(listings[0].source, Some(ReportedRegistry::Local));
    assert_eq!(listings[0].timestamp.map(coral_tools::state::Timestamp::unix_millis), Some(1_767_109_139_139));
    assert_eq!(listings[0].agents[1].versions, ["1.1.0"]);

    let server = json!([{
        "identifier": {"type": "linked", "linkedServerId": "berlin"}, "timestamp": "2026-05-08T14:56:15.123456Z",
        "name": "merged", "agents": [], "later": 1
    }]);
    let listing = &from_json::<Vec<RegistryContents>>(server.to_string().as_bytes()).expect("registry contents")[0];
    assert_eq!(listing.source, Some(ReportedRegistry::Linked { server: Some("berlin".into()) }));
    assert_eq!((listing.name.as_deref(), &listing.extra["later"]), (Some("merged"), &json!(1)));
}
